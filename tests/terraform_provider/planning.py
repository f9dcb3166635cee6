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
