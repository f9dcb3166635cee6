"""What a plan says will be known only after the apply, as rules see it.

A value that is unknown as a whole is no key of a side, so a rule that needs it
errs and never passes. An unknown member or field stays in its place as a mark,
so that a rule still sees everything beside it: a peer that is a group yet to be
made does not hide the port that is opened to the world in the next rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from driftguard.canonical.freeze import thaw
from driftguard.canonical.rules import RULES
from driftguard.compare.attribute import declared_value
from driftguard.errors import CanonicalError
from driftguard.policy.sides import Side, is_rule_of_a_group, side_of_attributes
from driftguard.resource_type import Attribute, ResourceType

Filled: TypeAlias = Mapping[str, object]
"""A resource's attributes with marks in them."""

UNKNOWN = "(known after apply)"
"""As Terraform writes it; functions of rules refuse a value that begins with a bracket."""
UNKNOWN_GROUP = "sg-(known after apply)"
"""A peer whose id is not known yet, though it is known that it is a group, not a network."""
UNKNOWN_PREFIX_LIST = "pl-(known after apply)"
MAX_DEPTH = 64

_GROUPS = frozenset({"security_groups", "referenced_security_group_id", "source_security_group_id"})
_PREFIX_LISTS = frozenset({"prefix_list_ids", "prefix_list_id"})
_PEERS = frozenset({"cidr_blocks", "ipv6_cidr_blocks", *_GROUPS, *_PREFIX_LISTS})
_RULES = ("ingress", "egress")
_TRAFFIC = ("ip_protocol", "protocol", "from_port", "to_port")
_ANYTHING: Mapping[str, object] = {"protocol": "-1", "cidr_blocks": [UNKNOWN]}
"""A rule of a group of which not all that counts is known: any question about it errs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSide:
    """A side as rules see it, and which of its attributes are not, or not wholly, known."""

    side: Side
    unknown: frozenset[str] = frozenset()
    """Top-level names."""


def planned_side(
    resource_type: ResourceType, attributes: Mapping[str, object], unknown: object
) -> PlannedSide:
    """Return the side that a plan would make; ``unknown`` as in a plan's ``after_unknown``.

    Raises CanonicalError where a known value has another shape.
    """
    if not unknown or not _holds_true(unknown):
        return PlannedSide(side=side_of_attributes(resource_type, attributes))
    filled = with_marks(resource_type.name, attributes, unknown)
    looked = {one.name: _state(one, attributes, filled) for one in resource_type.attributes}
    left_out = {name for name, state in looked.items() if state == "unreadable"}
    side = side_of_attributes(resource_type, _readable(filled), unknown=left_out)
    own: set[str] = set()
    if is_rule_of_a_group(resource_type.name):
        own = _of_one_rule(resource_type, side, filled)
    for name, state in looked.items():
        if state == "whole" or name in left_out | (own - {*_RULES}):
            _remove(side, name)
    touched = {name for name, state in looked.items() if state != "known"} | own
    return PlannedSide(side=side, unknown=frozenset(one.partition(".")[0] for one in touched))


def with_marks(
    type_name: str, attributes: Mapping[str, object], unknown: object
) -> Mapping[str, object]:
    """Return a resource's attributes with a mark wherever the plan knows nothing yet."""
    if not isinstance(unknown, Mapping):
        return attributes
    filled = dict(attributes)
    for name, inner in unknown.items():
        if not _holds_true(inner):
            continue
        if name in _RULES and inner is not True:
            filled[name] = _rules(filled.get(name), inner)
        elif name == "id" and type_name.endswith("security_group"):
            filled[name] = UNKNOWN_GROUP
        else:
            filled[name] = _marked(str(name), filled.get(name), inner, 0)
    return filled


def _marked(name: str, value: object, unknown: object, depth: int) -> object:
    if unknown is True or depth > MAX_DEPTH:
        return _mark(name)
    if isinstance(unknown, Mapping):
        found = dict(value) if isinstance(value, Mapping) else {}
        for key, inner in unknown.items():
            if _holds_true(inner):
                found[key] = _marked(str(key), found.get(key), inner, depth + 1)
        return found
    if isinstance(unknown, list):
        values = value if isinstance(value, list) else []
        return [
            _marked(name, values[at] if at < len(values) else None, inner, depth + 1)
            if _holds_true(inner)
            else values[at]
            for at, inner in enumerate(unknown)
            if at < len(values) or _holds_true(inner)
        ] + values[len(unknown) :]
    return value


def _mark(name: str) -> str:
    if name in _GROUPS:
        return UNKNOWN_GROUP
    return UNKNOWN_PREFIX_LIST if name in _PREFIX_LISTS else UNKNOWN


def _rules(value: object, unknown: object) -> object:
    """Return a group's rules; one whose ports or protocol are unknown may be any rule."""
    rules = _marked("", value, unknown, 0)
    if not isinstance(rules, list) or not isinstance(unknown, list):
        return UNKNOWN
    return [_rule(one) for one in rules]


def _rule(rule: object) -> object:
    if not isinstance(rule, Mapping):
        return _ANYTHING if rule == UNKNOWN else rule
    if any(rule.get(name) == UNKNOWN for name in ("protocol", "from_port", "to_port")):
        return _ANYTHING
    spelled = dict(rule)
    for name in _PEERS:
        if isinstance(rule.get(name), str):  # the list as a whole
            spelled[name] = [rule[name]]
    if rule.get("self") == UNKNOWN:
        spelled["self"] = False
    return spelled


def _readable(filled: Filled) -> Filled:
    """Leave out unknown ports, which are no numbers: what they would be is put right later."""
    return {
        name: None if name in _TRAFFIC and value == UNKNOWN else value
        for name, value in filled.items()
    }


def _state(attribute: Attribute, attributes: Mapping[str, object], filled: Filled) -> str:
    """Tell how much of an attribute is known: ``known``, ``partly``, ``whole``, ``unreadable``."""
    try:
        value = declared_value(attribute, filled)
        if not _holds_mark(value):
            depends = _depends(attribute, value, attributes, filled)
            return "unreadable" if depends else "known"
        canonical = thaw(attribute.kind.canonical(value))
    except _NOT_READ:
        return "unreadable"
    if isinstance(value, str) and value in _MARKS:
        return "whole"
    return "partly" if _holds_mark(canonical) else "unreadable"


def _depends(
    attribute: Attribute, value: object, attributes: Mapping[str, object], filled: Filled
) -> bool:
    """Tell whether a value is made of something unknown, by a reader that took the mark for it."""
    head = filled.get(attribute.name.partition(".")[0])
    if isinstance(head, str) and head in _MARKS:
        return True
    without = declared_value(attribute, attributes)
    return value is not without and value != without


_NOT_READ = (CanonicalError, TypeError, ValueError, AttributeError)
_MARKS = frozenset({UNKNOWN, UNKNOWN_GROUP, UNKNOWN_PREFIX_LIST})


def _holds_mark(value: object) -> bool:
    if isinstance(value, str):
        return UNKNOWN in value
    if isinstance(value, Mapping):
        return any(map(_holds_mark, value.values()))
    return isinstance(value, list | tuple) and any(map(_holds_mark, value))


def _holds_true(unknown: object) -> bool:
    """Tell whether anything is unknown in a tree; what is nested too deep is."""
    waiting: list[object] = [unknown]
    while waiting:
        one = waiting.pop()
        if one is True:
            return True
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False


def _of_one_rule(resource_type: ResourceType, side: Side, filled: Filled) -> set[str]:
    """Put right a rule that is a resource of its own; return what of it is unknown."""
    direction = _direction(resource_type, filled)
    if direction not in _RULES:
        for name in _RULES:
            side.pop(name, None)
        return {*_RULES}
    if not any(filled.get(name) == UNKNOWN for name in _TRAFFIC):
        return {direction} if _holds_mark(side.get(direction)) else set()
    side[direction] = thaw(RULES.canonical([_ANYTHING]))
    return {direction, *(name for name in _TRAFFIC if name in side)}


def _direction(resource_type: ResourceType, filled: Filled) -> str:
    for direction in _RULES:
        if resource_type.name == f"aws_vpc_security_group_{direction}_rule":
            return direction
    return str(filled.get("type") or _RULES[0])


def _remove(side: Side, name: str) -> None:
    *heads, last = name.split(".")
    at: object = side
    for head in heads:
        at = at.get(head) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.pop(last, None)
