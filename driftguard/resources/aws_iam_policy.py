"""A customer-managed IAM policy: its default version, as it is in force.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.canonical.policy import POLICY
from driftguard.model import Declared, Item, Severity
from driftguard.parts.iam_policies import text
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return text(declared, "arn") or declared.id


def _as_aws_made_it(item: Item) -> str | None:
    account = item.id.split(":")[4:5]
    return "a policy that AWS wrote and keeps" if account == ["aws"] else None


TYPE = ResourceType(
    name="aws_iam_policy",
    collection="iam.policies",
    is_global=True,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    aws_default=_as_aws_made_it,
    describe=("policy",),
    attributes=(
        Attribute(name="policy", wire="Document", kind=POLICY, severity=Severity.HIGH),
        Attribute(name="path", wire="Path", kind=TEXT, forces_replacement=True),
        Attribute(
            name="description",
            wire="Description",
            kind=TEXT,
            forces_replacement=True,
            severity=Severity.INFO,
        ),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "policy_id": "computed: made anew whenever the policy is",
        "attachment_count": "computed: a counter",
        "name_prefix": "configuration only: `name` holds what it made",
        "delay_after_policy_creation_in_ms": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
