"""An EC2 security group with all of its rules.

Rules are compared as a set of single peers, over everything that declares
them: inline blocks and standalone rule resources together. A rule that nobody
declared is drift of the group; a standalone rule that is gone is drift of the
resource that declares it.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Item, Severity
from driftguard.parts.security_group_rules import COLLECTION, rule_attributes
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _is_ordinary(item: Item) -> bool:
    return item.raw.get("GroupName") != "default"


TYPE = ResourceType(
    name="aws_security_group",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    unmanaged=_is_ordinary,
    describe=("name", "ingress"),
    attributes=(
        Attribute(name="name", wire="GroupName", kind=TEXT, forces_replacement=True),
        Attribute(name="description", wire="Description", kind=TEXT, forces_replacement=True),
        Attribute(name="vpc_id", wire="VpcId", kind=TEXT, forces_replacement=True),
        *rule_attributes(),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "owner_id": "identity",
        "region": "identity",
        "name_prefix": "configuration only: `name` holds what it made",
        "revoke_rules_on_delete": "configuration only",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
