"""One side of a resource as rules see it: plain values by Terraform's names, one spelling.

Dotted names nest (``metadata_options.http_tokens``). What could not be read is
no key, so that a rule which needs it errs and never passes. What the
declaration does not speak of has live's value on the declared side too: no
drift has introduced it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, cast

from driftguard.canonical.freeze import thaw
from driftguard.canonical.rules import RULES
from driftguard.compare.attribute import (
    Compared,
    Status,
    declared_value,
    live_value,
    unread_part,
)
from driftguard.compare.secrets import Redact
from driftguard.errors import CanonicalError
from driftguard.model import Item, Json
from driftguard.parts.security_group_split_rules import split_block
from driftguard.resource_type import UNSET, Attribute, ResourceType

Side: TypeAlias = "dict[str, Json]"
Attributes: TypeAlias = Mapping[str, object]

_AS_LIVE = frozenset({Status.NOT_IN_STATE, Status.OWNED, Status.SUPPRESSED, Status.EQUAL})
_STANDALONE = {
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}
"""Types that are one rule of a group with one peer."""
_MANY_PEERS = "aws_security_group_rule"
_PEERS = frozenset({"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"})
LETS_IN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(_STANDALONE, _PEERS | {"ip_protocol", "from_port", "to_port"}),
        _MANY_PEERS: frozenset(
            {"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id"}
        ),
    }
)
"""Types that are one rule of a group, each with its attributes that say whom it lets in."""


def sides_of_comparison(
    resource_type: ResourceType, compared: Iterable[Compared], attributes: Attributes
) -> tuple[Side, Side]:
    """Return (declared, live) of a resource that is on both sides.

    ``attributes`` are the state's own, for what a type's identity holds.
    """
    declared: Side = {}
    live: Side = {}
    for one in compared:
        if one.unread:
            continue
        _put(live, one.path, one.live)
        _put(declared, one.path, one.live if one.status in _AS_LIVE else one.declared)
    return (
        _with_rules(resource_type, declared, attributes),
        _with_rules(resource_type, live, attributes),
    )


def side_of_attributes(
    resource_type: ResourceType, attributes: Attributes, *, unknown: Iterable[str] = ()
) -> Side:
    """Return the side of a resource as Terraform wrote it, in a state, a plan or a fixture.

    Attributes that are not there are nothing; ``unknown`` ones (names of the
    table) are left out. Raises CanonicalError where a value has another shape.
    """
    side: Side = {}
    left_out = frozenset(unknown)
    for attribute in resource_type.attributes:
        if attribute.name in left_out or attribute.name.partition(".")[0] in left_out:
            continue
        _put(side, attribute.name, _canonical(attribute, written_value(attribute, attributes)))
    return _with_rules(resource_type, side, attributes)


def written_value(attribute: Attribute, attributes: Attributes) -> object:
    """Return a value as Terraform, or a fixture, wrote it; None where it did not.

    A user's policies are no attributes of Terraform's, but a fixture may tell them.
    """
    value = declared_value(attribute, attributes)
    return attributes.get(attribute.name) if value is UNSET else value


def side_of_missing(resource_type: ResourceType, attributes: Attributes) -> Side:
    """Return what was declared of a resource that is gone; a value of another shape is unknown."""
    side = _readable(
        resource_type.attributes, lambda attribute: written_value(attribute, attributes)
    )
    try:
        return _with_rules(resource_type, side, attributes)
    except CanonicalError:
        return side


def side_of_item(resource_type: ResourceType, item: Item, redact: Redact) -> Side:
    """Return the side of a live object that nobody declared, secrets replaced."""
    read = (one for one in resource_type.attributes if unread_part(one, item) is None)

    def hide(attribute: Attribute, value: Json) -> Json:
        return cast("Json", redact.mark(value) if attribute.sensitive else redact.value(value))

    return _readable(read, lambda attribute: live_value(attribute, item.raw), hide)


def _readable(
    attributes: Iterable[Attribute],
    value_of: Callable[[Attribute], object],
    hide: Callable[[Attribute, Json], Json] = lambda _, value: value,
) -> Side:
    """Return the side of what can be read: what has another shape is unknown, not nothing."""
    side: Side = {}
    for attribute in attributes:
        try:
            value = _canonical(attribute, value_of(attribute))
        except Exception:  # noqa: BLE001, S112  # one odd value must not lose the others
            continue
        _put(side, attribute.name, hide(attribute, value))
    return side


def _canonical(attribute: Attribute, value: object) -> Json:
    return thaw(attribute.kind.canonical(value))


def _put(side: Side, path: str, value: Json) -> None:
    """Put a value under a dotted name; one inside another's value gives way to it."""
    at = side
    *heads, last = path.split(".")
    for head in heads:
        inner = at.setdefault(head, {})
        if not isinstance(inner, dict):
            return
        at = inner
    at[last] = value


def _with_rules(resource_type: ResourceType, side: Side, attributes: Attributes) -> Side:
    """Give a resource that is one rule of a group the group's own shape beside its own.

    Where a peer or a port of it is unknown there is none: no rule would look like a shut door.
    """
    if not LETS_IN.get(resource_type.name, frozenset()) <= side.keys():
        return side
    block: Mapping[str, object]
    if resource_type.name in _STANDALONE:
        direction, block = _STANDALONE[resource_type.name], split_block(side)
    elif resource_type.name == _MANY_PEERS:
        traffic = {name: attributes.get(name) for name in ("protocol", "from_port", "to_port")}
        direction = "egress" if attributes.get("type") == "egress" else "ingress"
        block = {**side, **traffic, "security_groups": side.get("source_security_group_id")}
    else:
        return side
    other = "egress" if direction == "ingress" else "ingress"
    return {**side, direction: thaw(RULES.canonical([block])), other: None}


def is_rule_of_a_group(type_name: str) -> bool:
    """Tell whether a type is one rule of a security group: it lets in by being there."""
    return type_name in LETS_IN
