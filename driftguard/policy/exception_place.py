"""Where the exceptions stand in the text of their file, by the marks of the YAML parser. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_COMMENT = re.compile(r"([ \t]*)#[^\n]*\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exception: indexes into the text."""

    start: int
    end: int
    top: int
    """Where its lines begin, the comments right above them included."""
    bottom: int
    """Where its lines end, what is indented below included."""
    dash: int
    """Column of the dash."""
    key: int
    """Column of the keys."""
    indentation: str | None
    """What stands before it on its line, where that is nothing but space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The list of exceptions: indexes into the text."""

    colon: int
    """Behind the colon of ``exceptions:``."""
    start: int
    end: int
    flow: bool
    """Whether it is written in brackets."""
    within_flow: bool
    """Whether all of the file is written in braces, as JSON is."""
    items: tuple[Item, ...]


def place_of(text: str) -> Place | None:
    """Return where the exceptions of a sound file stand; None where it holds nothing yet."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    key, value = next(pair for pair in root.value if pair[0].value == "exceptions")
    sequence = isinstance(value, yaml.SequenceNode)
    flow = sequence and bool(value.flow_style)
    colon = text.index(":", key.end_mark.index) + 1
    return Place(
        colon=colon,
        start=value.start_mark.index,
        end=value.end_mark.index,
        flow=flow,
        within_flow=bool(root.flow_style),
        items=tuple(_items(text, value, _next_line(text, colon))) if sequence else (),
    )


def _items(text: str, sequence: yaml.SequenceNode, floor: int) -> Iterator[Item]:
    dash = sequence.start_mark.column
    for node in sequence.value:
        start = node.start_mark.index
        line = text.rfind("\n", 0, start) + 1
        before = text[line:start]
        bottom = _bottom(text, _last(node), dash)
        yield Item(
            start=start,
            end=node.end_mark.index,
            top=_top(text, line, floor, dash),
            bottom=bottom,
            dash=dash,
            key=node.start_mark.column,
            indentation=before if not before.strip() else None,
        )
        floor = bottom


def _last(node: yaml.Node) -> int:
    """Return where the last value inside a node ends: a block's own mark is past the comments."""
    inner = node.value if isinstance(node, yaml.CollectionNode) and not node.flow_style else ()
    nodes = [one for pair in inner for one in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_last(one) for one in nodes), default=int(node.end_mark.index))


def _top(text: str, line: int, floor: int, dash: int) -> int:
    """Go up over the comments right above a line that stand no deeper than its dash."""
    while line > floor:
        above = text.rfind("\n", 0, line - 1) + 1
        comment = _COMMENT.fullmatch(text, above, line)
        if above < floor or comment is None or len(comment[1]) > dash:
            return line
        line = above
    return line


def _bottom(text: str, last: int, dash: int) -> int:
    """Go down to the end of a line, and over the comments below that stand deeper than the dash."""
    end = last if last and text[last - 1] == "\n" else _next_line(text, last)
    while comment := _COMMENT.match(text, end):
        if len(comment[1]) <= dash:
            break
        end = comment.end()
    return end


def _next_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
