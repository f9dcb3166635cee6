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


def blocks(value: object) -> list[object]:
    """Return the blocks of a repeated block, whose order means nothing, once each."""
    return [_block(one) for one in listed(value)]


def _block(member: object) -> object:
    """Return a block without how often it stands there, which its canonical form says too."""
    if isinstance(member, list | tuple) and len(member) == 2 and isinstance(member[1], int):  # noqa: PLR2004  # (block, count)
        return member[0]
    return member


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
        name="blocks",
        parameters=(("blocks", "list"),),
        returns="list",
        doc="The blocks of a repeated block such as `ebs_block_device` or `grant`; none of null.",
        implementation=blocks,
        example="blocks(r.ebs_block_device).exists(d, !d.encrypted)",
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
