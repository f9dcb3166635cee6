"""Whom a drift lets in: more than declared (widened), fewer (narrowed), both, or neither.

Judged attribute by attribute: rules of security groups, policy documents, and
switches whose safe position is known. Anything else says nothing of access, and
a drift that touches such a thing beside access has not only narrowed it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from driftguard.canonical.policy import PolicyDocument
from driftguard.model import Change, Direction, DriftKind, Json
from driftguard.policy.reach import Block, Reach
from driftguard.policy.sides import LETS_IN, Side, is_rule_of_a_group
from driftguard.resource_type import Attribute, ResourceType

Judge: TypeAlias = Callable[[Json, Json], Direction]


def direction_of(
    resource_type: ResourceType,
    kind: DriftKind,
    changes: Iterable[Change],
    declared: Side | None,
    live: Side | None,
) -> Direction:
    """Return the direction of one drift."""
    if kind is DriftKind.MISSING:
        gone = is_rule_of_a_group(resource_type.name)
        return Direction.NARROWED if gone else Direction.NEUTRAL
    if declared is None or live is None:
        return Direction.NEUTRAL
    if is_rule_of_a_group(resource_type.name):
        return _all_of(_of_one_rule(resource_type, changes, declared, live))
    touched: dict[str, Attribute | None] = {}
    for change in changes:
        attribute = resource_type.attribute_at(change.path)
        touched[change.root if attribute is None else attribute.name] = attribute
    return _all_of(_of_attribute(one, declared, live) for one in touched.values())


def _all_of(directions: Iterable[Direction]) -> Direction:
    found = set(directions)
    if found == {Direction.NARROWED, Direction.NEUTRAL} or found <= {Direction.NEUTRAL}:
        return Direction.NEUTRAL
    return found.pop() if len(found) == 1 else _mixed(found)


def _mixed(found: set[Direction]) -> Direction:
    narrowed = Direction.NARROWED in found or Direction.MIXED in found
    return Direction.MIXED if narrowed else Direction.WIDENED


def _of_one_rule(
    resource_type: ResourceType, changes: Iterable[Change], declared: Side, live: Side
) -> Iterator[Direction]:
    """Yield the direction of a rule of its own, and that of what else of it changed."""
    for traffic in ("ingress", "egress"):  # one of them is not the rule's
        found = _rules(declared.get(traffic), live.get(traffic))
        if found is not Direction.NEUTRAL:
            yield found
    if any(change.root not in LETS_IN[resource_type.name] for change in changes):
        yield Direction.NEUTRAL


def _of_attribute(attribute: Attribute | None, declared: Side, live: Side) -> Direction:
    judge = _judge_for(attribute) if attribute is not None else None
    if attribute is None or judge is None:
        return Direction.NEUTRAL
    return judge(_at(declared, attribute.name), _at(live, attribute.name))


def _judge_for(attribute: Attribute) -> Judge | None:
    if attribute.name in ("ingress", "egress"):
        return _rules
    if isinstance(attribute.kind, PolicyDocument):
        return _policy
    last = attribute.name.rpartition(".")[2]
    return _switch(safe=SWITCHES[last]) if last in SWITCHES else None


def _at(side: Side, name: str) -> Json:
    value: Json = side
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


SWITCHES: Mapping[str, bool] = MappingProxyType(
    {
        "publicly_accessible": False,
        "map_public_ip_on_launch": False,
        "associate_public_ip_address": False,
        "iam_database_authentication_enabled": True,
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    }
)
"""Attributes that let in or keep out, each with the value that keeps out."""


def _switch(*, safe: bool) -> Judge:
    def judge(declared: Json, live: Json) -> Direction:
        before, after = bool(declared) is safe, bool(live) is safe
        if before == after:
            return Direction.NEUTRAL
        return Direction.NARROWED if after else Direction.WIDENED

    return judge


def _rules(declared: Json, live: Json) -> Direction:
    before, after = _blocks(declared), _blocks(live)
    old, new = Reach(before), Reach(after)
    return _direction(
        more=any(not old.covers(rule) for rule in after),
        less=any(not new.covers(rule) for rule in before),
    )


def _direction(*, more: bool, less: bool) -> Direction:
    if more:
        return Direction.MIXED if less else Direction.WIDENED
    return Direction.NARROWED if less else Direction.NEUTRAL


def _blocks(rules: Json) -> list[Block]:
    return [one for one in rules if isinstance(one, dict)] if isinstance(rules, list) else []


def _policy(declared: Json, live: Json) -> Direction:
    before, after = _by_text(declared), _by_text(live)
    lost = [before[text] for text in before.keys() - after.keys()]
    gained = [after[text] for text in after.keys() - before.keys()]
    if len(gained) * len(before) + len(lost) * len(after) > _PAIRS:
        return Direction.MIXED
    more = any(not _is_granted(one, before.values()) for one in gained if _allows(one))
    less = any(not _is_granted(one, after.values()) for one in lost if _allows(one))
    return _direction(
        more=more or any(not _allows(one) for one in lost),
        less=less or any(not _allows(one) for one in gained),
    )


_PAIRS = 50_000
"""Pairs of statements worth comparing; AWS's longest policies have fewer, and what is
longer was written by an enemy, who is not told that it only narrows."""


def _by_text(policy: Json) -> Mapping[str, Block]:
    """Return the statements of a policy by their text, so that what both have is found at once."""
    statements = _blocks(policy.get("Statement")) if isinstance(policy, dict) else []
    return {json.dumps(one, sort_keys=True): one for one in statements}


def _allows(statement: Block) -> bool:
    return statement.get("Effect") == "Allow"


def _is_granted(narrow: Block, statements: Iterable[Block]) -> bool:
    return any(_grants(wide, narrow) for wide in statements if _allows(wide))


_SETS = ("Action", "Resource")


def _grants(wide: Block, narrow: Block) -> bool:
    """Tell whether one statement allows whatever another does; in doubt, no."""
    names = (wide.keys() | narrow.keys()) - {"Sid", "Condition", *_SETS}
    if any(wide.get(name) != narrow.get(name) for name in names):
        return False
    if wide.get("Condition") not in (None, {}, narrow.get("Condition")):
        return False
    return all(_contains(wide.get(name), narrow.get(name)) for name in _SETS)


def _contains(wide: Json, narrow: Json) -> bool:
    if wide == narrow:
        return True
    if not isinstance(wide, list) or not isinstance(narrow, list):
        return False
    return "*" in wide or {*map(str, narrow)} <= {*map(str, wide)}
