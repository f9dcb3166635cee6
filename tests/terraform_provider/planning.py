"""What the provider plans for a new object, and how its state looks after apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.terraform_provider.schema import Schema, attributes, blocks, laid_out
from tests.terraform_provider.wire import UNKNOWN, Values, known


def planned(schema: Schema, configured: Values, default_tags: Mapping[str, str]) -> Values:
    """Fill in defaults, and mark what AWS will say."""
    plan = laid_out(schema, configured)
    _fill(schema, plan)
    if "tags_all" in plan:
        plan["tags_all"] = _all_tags(plan["tags"], default_tags)
    return plan


def replanned(
    schema: Schema, prior: Values, proposed: Values, default_tags: Mapping[str, str]
) -> Values:
    """Plan a change in place: what says the same as before, or nothing, stays as it was."""
    plan = laid_out(schema, proposed)
    for name, field in attributes(schema).items():
        if plan[name] is None:
            plan[name] = prior[name] if field.computed else field.default
    if "tags_all" in plan:
        plan["tags_all"] = _all_tags(plan["tags"], default_tags)
    return {
        name: prior[name] if _meant(value) == _meant(prior[name]) else value
        for name, value in plan.items()
    }


def _meant(value: Any) -> Any:
    """Return a value as it is compared: one nothing is as good as another, sets have no order."""
    if isinstance(value, dict):
        found = {name: _meant(inner) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if inner not in _NOTHING} or None
    if isinstance(value, list):
        return sorted(map(_meant, value), key=repr) or None
    return None if value in _NOTHING else value


_NOTHING: tuple[Any, ...] = (None, "", [], {}, 0, False)


def _fill(schema: Schema, plan: Values) -> None:
    for name, field in attributes(schema).items():
        if plan[name] is None:
            plan[name] = UNKNOWN if field.computed else field.default
    for name, block in blocks(schema).items():
        for member in plan[name] if plan[name] is not UNKNOWN else ():
            _fill(block.fields, member)


def _all_tags(tags: Any, default_tags: Mapping[str, str]) -> Any:
    if tags is UNKNOWN or (tags and UNKNOWN in tags.values()):
        return UNKNOWN
    return {**default_tags, **(tags or {})}


def applied(schema: Schema, plan: Values, read: Values) -> Values:
    """Return the state after apply.

    Where a collection was planned null and AWS has it empty, the SDK keeps
    null; the next refresh stores it as empty.
    """
    state = laid_out(schema, {**known(plan), **read})
    for name in attributes(schema):
        if plan[name] is None and state[name] in ([], {}):
            state[name] = None
    return state


def refreshed(schema: Schema, current: Values, read: Values) -> Values:
    """Return the state after a refresh: what was read, and the rest as it was."""
    return laid_out(schema, {**current, **read})
