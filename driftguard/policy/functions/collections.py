"""Functions about lists and maps that may be null, as absent ones are."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.policy.functions.table import Function, RefusedError


def listed(value: object) -> list[object]:
    """Return a list; null is an empty one."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    raise RefusedError("it takes a list or null")


def items(value: object) -> list[object]:
    """Return the members of a list, none of null."""
    return listed(value)


def tag(tags: object, key: object) -> str:
    """Return a tag's value, or an empty text where there is no such tag."""
    if tags is None:
        return ""
    if not isinstance(tags, Mapping):
        raise RefusedError("it takes tags, a map of texts")
    return str(tags.get(key, ""))


FUNCTIONS = (
    Function(
        name="items",
        parameters=(("list", "list"),),
        returns="list",
        doc="The members of a list; an empty list for null, which is what an absent list is.",
        implementation=items,
        example='items(r.security_groups).exists(g, g == "sg-1")',
    ),
    Function(
        name="tag",
        parameters=(("tags", "map"), ("key", "string")),
        returns="string",
        doc="The value of a tag, or an empty text where there is no such tag.",
        implementation=tag,
        example='tag(ctx.tags, "data-class") == "restricted"',
    ),
)
