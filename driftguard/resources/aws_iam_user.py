"""An IAM user with all that it may do by its own policies.

A policy attached or written inline by hand is drift of the user. Passwords,
keys and group memberships are resources of their own and not looked at here.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Severity
from driftguard.parts.iam_policies import policy_attributes, text
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return text(declared, "name") or declared.id


TYPE = ResourceType(
    name="aws_iam_user",
    collection="iam.users",
    is_global=True,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.MEDIUM,
    severity_unmanaged=Severity.MEDIUM,
    describe=("path", "managed_policy_arns"),
    attributes=(
        Attribute(name="path", wire="Path", kind=TEXT),
        Attribute(
            name="permissions_boundary",
            wire="PermissionsBoundary.PermissionsBoundaryArn",
            kind=TEXT,
            severity=Severity.HIGH,
        ),
        *policy_attributes("user"),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "unique_id": "computed: made anew whenever the user is",
        "force_destroy": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
