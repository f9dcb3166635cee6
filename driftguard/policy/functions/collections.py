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


def tag_of(path: object) -> str:
    """Return the tag that a changed path is of, or an empty text where it is of none."""
    head, found, name = str(path).partition("tags.")
    return name if found and (not head or head[-1] in "._") else ""


def is_one_of(word: object, names: object) -> bool:
    """Tell whether a word is among names, whatever its capitals and separators."""
    plain = _plain(word)
    return any(
        plain.startswith(one[:-1]) if one.endswith("*") else plain == one
        for one in map(_plain, listed(names))
    )


def has_tag(tags: object, names: object, values: object) -> bool:
    """Tell whether a tag of one of some names has one of some values, in any spelling."""
    if tags is None:
        return False
    if not isinstance(tags, Mapping):
        raise RefusedError("it takes tags, a map of texts")
    return any(is_one_of(name, names) and is_one_of(tags[name], values) for name in tags)


def _plain(word: object) -> str:
    return str(word).casefold().translate(_SEPARATORS)


_SEPARATORS = str.maketrans("", "", "-_ ")


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
    Function(
        name="tag_of",
        parameters=(("path", "string"),),
        returns="string",
        doc="The name of the tag that a changed path is of, or an empty text where it is of none.",
        implementation=tag_of,
        example='drift.changes.exists(c, tag_of(c.path) == "Backup")',
    ),
    Function(
        name="is_one_of",
        parameters=(("word", "string"), ("names", "list")),
        returns="bool",
        doc="Whether a word is among names, whatever its capitals, hyphens, underscores and spaces;"
        " a name with a `*` at its end is a beginning.",
        implementation=is_one_of,
        example='is_one_of("Data-Class", ["dataclass"])',
    ),
    Function(
        name="has_tag",
        parameters=(("tags", "map"), ("names", "list"), ("values", "list")),
        returns="bool",
        doc="Whether a tag of one of some names has one of some values, in any spelling.",
        implementation=has_tag,
        example='has_tag(ctx.tags, ["dataclass"], ["restricted"])',
    ),
)
