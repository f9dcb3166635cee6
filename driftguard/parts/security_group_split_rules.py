"""``aws_vpc_security_group_*_rule``: one rule with one peer, in either direction.

EC2's rule id is in the state, so an edited rule is told as changed. Where the
rules' ids could not be read, it is found by value and its tags are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from driftguard.canonical.freeze import Fields
from driftguard.canonical.kinds import TEXT, Cidr, Integer
from driftguard.canonical.rules import ports_of, protocol_of
from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.parts.security_group_rules import (
    COLLECTION,
    Block,
    Raw,
    block_of,
    group_peer,
    present,
)
from driftguard.parts.shapes import objects
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType


def split_type(name: str, direction: str, doc: str | None) -> ResourceType:
    """Return the resource type of the rules of one direction."""

    def claims(declared: Declared) -> Iterator[Claim]:
        yield Claim(
            collection=COLLECTION,
            id=_identify(declared),
            attribute=direction,
            members=[split_block(declared.attributes, declared.scope.account)],
            member_ids=frozenset({_rule_id(declared)}),
        )

    def locate(declared: Declared, item: Item) -> Item | None:
        if "Rules" in item.unread:
            return _by_value(declared, item, direction)
        rule = _by_rule_id(item.raw).get(_rule_id(declared))
        if rule is None:
            return None
        return Item(id=item.id, raw=_split_raw(declared, rule, _owner(declared, item)))

    return ResourceType(
        name=name,
        collection=COLLECTION,
        identify=_identify,
        severity=Severity.HIGH if direction == "ingress" else Severity.MEDIUM,
        severity_missing=Severity.MEDIUM,
        unmanaged=None,
        claims=claims,
        locate=locate,
        attributes=_ATTRIBUTES,
        not_compared={
            "id": "identity",
            "arn": "identity",
            "security_group_id": "identity: says where to look",
            "security_group_rule_id": "identity",
            "region": "identity",
            "tags_all": "compared as `tags`",
        },
        doc=doc or "",
    )


def split_block(attributes: Raw, owner: str = "") -> Block:
    """Return a split rule's attributes as one inline block.

    ``owner`` is the account of the group: a peer spelled ``owner/sg-…`` is ``sg-…``.
    """
    group = group_peer(str(attributes.get("referenced_security_group_id") or ""), owner)
    peers = {
        "cidr_blocks": attributes.get("cidr_ipv4"),
        "ipv6_cidr_blocks": attributes.get("cidr_ipv6"),
        "prefix_list_ids": attributes.get("prefix_list_id"),
        "security_groups": group,
    }
    return {
        "protocol": attributes.get("ip_protocol"),
        "from_port": attributes.get("from_port"),
        "to_port": attributes.get("to_port"),
        "description": attributes.get("description"),
        **{name: [peer] for name, peer in peers.items() if peer},
    }


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("security_group_id") or "")


def _rule_id(declared: Declared) -> str:
    return str(declared.attributes.get("security_group_rule_id") or declared.id)


def _by_rule_id(raw: Raw) -> dict[str, Raw]:
    rules = objects(raw.get("Rules"))
    return {str(rule.get("SecurityGroupRuleId")): rule for rule in rules}


def _owner(declared: Declared, item: Item) -> str:
    return str(item.raw.get("OwnerId") or declared.scope.account)


def _split_raw(declared: Declared, rule: Raw, owner: str) -> Raw:
    """Return the live rule, its group spelled as the state does: with its account or without."""
    block = block_of(rule, owner)
    spelled = str(declared.attributes.get("referenced_security_group_id") or "")
    if block.get("security_groups") == [group_peer(spelled, owner)]:
        block = {**block, "security_groups": [spelled]}
    return {"Block": block, "Tags": rule.get("Tags")}


def _by_value(declared: Declared, item: Item, direction: str) -> Item | None:
    block = split_block(declared.attributes, _owner(declared, item))
    rules = present(block, item.raw, direction)
    if not rules:
        return None
    description = max(str(cast("Fields", rule).get("description")) for rule in rules)
    raw = {"Block": {**split_block(declared.attributes), "description": description}}
    return Item(id=item.id, raw=raw, unread={"Tags": item.unread["Rules"]})


def _part(name: str) -> Callable[[Raw], object]:
    return lambda raw: cast("Raw", raw["Block"]).get(name)


def _peer(name: str) -> Callable[[Raw], object]:
    return lambda raw: next(iter(cast("list[object]", _part(name)(raw) or ())), None)


def _port(name: str, index: int) -> Attribute:
    def read(block: Raw) -> object:
        protocol = protocol_of(block.get("protocol"))
        return ports_of(protocol, block.get("from_port"), block.get("to_port"))[index]

    return Attribute(
        name=name,
        wire=lambda raw: read(cast("Raw", raw["Block"])),
        declared=lambda attributes: (
            read(split_block(attributes)) if "ip_protocol" in attributes else UNSET
        ),
        kind=Integer(nothing=None),
        needs=("Block",),
    )


_ATTRIBUTES = (
    Attribute(
        name="ip_protocol",
        wire=lambda raw: protocol_of(_part("protocol")(raw)),
        declared=lambda attributes: (
            protocol_of(attributes["ip_protocol"]) if "ip_protocol" in attributes else UNSET
        ),
        kind=TEXT,
    ),
    _port("from_port", 0),
    _port("to_port", 1),
    Attribute(name="cidr_ipv4", wire=_peer("cidr_blocks"), kind=Cidr()),
    Attribute(name="cidr_ipv6", wire=_peer("ipv6_cidr_blocks"), kind=Cidr()),
    Attribute(name="prefix_list_id", wire=_peer("prefix_list_ids"), kind=TEXT),
    Attribute(name="referenced_security_group_id", wire=_peer("security_groups"), kind=TEXT),
    Attribute(name="description", wire=_part("description"), kind=TEXT, severity=Severity.INFO),
    tags_attribute(),
)
