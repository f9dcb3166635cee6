"""The default security group of a VPC, which Terraform adopts and never deletes.

Undeclared, it is AWS's own only as long as its rules are the ones AWS made
(everything from itself in, everything out): it is the classic place to hide a
rule, so any other rule makes it an unmanaged resource.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.canonical.rules import RULES
from driftguard.errors import CanonicalError
from driftguard.model import Declared, Item, Severity
from driftguard.parts.security_group_rules import COLLECTION, live_rules, rule_attributes
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _is_default(item: Item) -> bool:
    return item.raw.get("GroupName") == "default"


def _as_aws_made_it(item: Item) -> str | None:
    own = {"protocol": "-1", "security_groups": [item.id]}
    world = [
        {"protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]},
        {"protocol": "-1", "ipv6_cidr_blocks": ["::/0"]},
    ]
    try:
        inbound = RULES.members(RULES.canonical(live_rules(item.raw, "ingress")))
        outbound = RULES.members(RULES.canonical(live_rules(item.raw, "egress")))
    except CanonicalError:
        return None  # then it is told, not left out
    if inbound <= RULES.members(RULES.canonical([own])) and outbound <= RULES.members(
        RULES.canonical(world)
    ):
        return "a VPC's default security group with no rule but AWS's own"
    return None


TYPE = ResourceType(
    name="aws_default_security_group",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.HIGH,
    unmanaged=_is_default,
    aws_default=_as_aws_made_it,
    describe=("vpc_id", "ingress", "egress"),
    attributes=(
        Attribute(name="vpc_id", wire="VpcId", kind=TEXT, forces_replacement=True),
        *rule_attributes(),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "owner_id": "identity",
        "region": "identity",
        "name": "always `default`",
        "name_prefix": "configuration only",
        "description": "AWS's own and not changeable",
        "revoke_rules_on_delete": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
