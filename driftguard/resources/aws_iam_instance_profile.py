"""An IAM instance profile: the role that EC2 instances get by it.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_instance_profile
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Severity
from driftguard.parts.iam_policies import text
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return text(declared, "name") or declared.id


TYPE = ResourceType(
    name="aws_iam_instance_profile",
    collection="iam.instance_profiles",
    is_global=True,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    describe=("path", "role"),
    attributes=(
        Attribute(
            name="role",
            wire="Roles.RoleName",
            kind=TEXT,
            severity=Severity.HIGH,
            note="IAM allows one role in a profile.",
        ),
        Attribute(name="path", wire="Path", kind=TEXT, forces_replacement=True),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "unique_id": "computed: made anew whenever the profile is",
        "create_date": "computed: a timestamp",
        "name_prefix": "configuration only: `name` holds what it made",
        "roles": "compared as `role`",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
