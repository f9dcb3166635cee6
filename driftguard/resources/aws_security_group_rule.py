"""A rule of a security group as a resource of its own, with one or many peers.

Matched by value, because the state seldom holds EC2's rule ids: the rule is
there as long as one of its peers is, and every peer that is gone is a change.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group_rule
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.canonical.freeze import Canonical, thaw
from driftguard.canonical.kinds import TEXT, Cidr, SetOf
from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.parts.security_group_rules import COLLECTION, group_peer, present, single_block
from driftguard.resource_type import UNSET, Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("security_group_id") or "")


def _direction(declared: Declared) -> str:
    return "egress" if declared.attributes.get("type") == "egress" else "ingress"


def _claims(declared: Declared) -> Iterator[Claim]:
    yield Claim(
        collection=COLLECTION,
        id=_identify(declared),
        attribute=_direction(declared),
        members=[single_block(declared.attributes, declared.scope.account)],
    )


def _locate(declared: Declared, item: Item) -> Item | None:
    """Return the live peers of this rule as Terraform's own attributes."""
    owner = str(item.raw.get("OwnerId") or declared.scope.account)
    rules = present(single_block(declared.attributes, owner), item.raw, _direction(declared))
    if not rules:
        return None
    return Item(id=item.id, raw=_as_declared(rules, _own_spelling(declared, owner)))


def _own_spelling(declared: Declared, owner: str) -> dict[str, str]:
    """Return the group's own peer as the state spells it: with its account or without."""
    spelled = str(declared.attributes.get("source_security_group_id") or "")
    return {group_peer(spelled, owner): spelled}


def _as_declared(rules: frozenset[Canonical], spelling: dict[str, str]) -> dict[str, object]:
    peers: dict[str, list[str]] = {name: [] for name in ("cidr", "ipv6", "prefix", "group")}
    descriptions: set[str] = set()
    for rule in rules:
        shown = thaw(rule)
        assert isinstance(shown, dict)  # noqa: S101  # a canonical rule thaws to an object
        peer = str(shown["peer"])
        peers[_family(peer)].append(spelling.get(peer, peer))
        descriptions.add(str(shown["description"]))
    return {**peers, "description": " | ".join(sorted(descriptions))}


def _family(peer: str) -> str:
    if peer.startswith("pl-"):
        return "prefix"
    if "sg-" in peer:
        return "group"
    return "ipv6" if ":" in peer else "cidr"


def _groups(attributes: Mapping[str, object]) -> object:
    if "source_security_group_id" not in attributes and "self" not in attributes:
        return UNSET
    return single_block(attributes)["security_groups"]


TYPE = ResourceType(
    name="aws_security_group_rule",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.HIGH,
    severity_missing=Severity.MEDIUM,
    unmanaged=None,
    claims=_claims,
    locate=_locate,
    attributes=(
        Attribute(name="cidr_blocks", wire="cidr", kind=SetOf(kind=Cidr())),
        Attribute(name="ipv6_cidr_blocks", wire="ipv6", kind=SetOf(kind=Cidr())),
        Attribute(name="prefix_list_ids", wire="prefix", kind=SetOf()),
        Attribute(
            name="source_security_group_id",
            wire="group",
            kind=SetOf(),
            declared=_groups,
            note="`self` counts as the group's own id.",
        ),
        Attribute(name="description", wire="description", kind=TEXT, severity=Severity.INFO),
    ),
    not_compared={
        "id": "made by the provider",
        "security_group_rule_id": "made by the provider",
        "security_group_id": "identity: says where to look",
        "region": "identity",
        "type": "identity: says where to look",
        "protocol": "identity: a rule with another one is another rule",
        "from_port": "identity: a rule with another one is another rule",
        "to_port": "identity: a rule with another one is another rule",
        "self": "compared as `source_security_group_id`",
        "timeouts": "configuration only",
    },
    doc=__doc__,
)
