"""An XML answer's list, cut into its elements as bytes, so that unchanged ones need no parser.

The cut is where the list's first two tags stand again. That such a place is the
beginning of an element is proven, not supposed: each piece must parse by itself
as whole elements, and the answer without its pieces must parse with the list
where it was cut. Anything else is no cut, and the answer is parsed as a whole.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MARK = secrets.token_hex(16)
"""Stands for the list that was cut out; nobody else can have written it."""
_HEAD = re.compile(rb"\s*(<[\w.:-]+(?:\s[^<>]*)?>\s*<[\w.:-]+)")
_SHORTEST = 16_384
"""Bytes; a shorter answer is parsed sooner than cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An answer in pieces: ``rest`` has a mark in the place of the list ``tag``."""

    tag: str
    member: str
    """The list's name in boto3's answer."""
    rest: bytes
    pieces: Sequence[bytes]


def cut(shape: Any, body: bytes) -> Cut | None:  # noqa: ANN401  # a botocore class
    """Cut an answer of an output shape at its longest list; None where nothing can be cut."""
    if len(body) < _SHORTEST:
        return None
    for name, member in shape.members.items():
        if member.type_name != "list" or member.serialization.get("flattened"):
            continue
        found = _cut(str(member.serialization.get("name") or name), name, body)
        if found is not None:
            return found
    return None


def _cut(tag: str, member: str, body: bytes) -> Cut | None:
    opening, closing = f"<{tag}>".encode(), f"</{tag}>".encode()
    start, end = body.find(opening) + len(opening), body.rfind(closing)
    if start < len(opening) or 2 * (end - start) < len(body):
        return None
    head = _HEAD.match(body, start, end)
    if head is None:
        return None
    first, *others = body[head.start(1) : end].split(head[1])
    if first:
        return None
    rest = b"".join((body[:start], _MARK.encode(), body[end:]))
    return Cut(tag=tag, member=member, rest=rest, pieces=[head[1] + other for other in others])


def stands(found: Cut, parent: Any) -> bool:  # noqa: ANN401  # an XML element
    """Tell whether the cut list is the one child of that name, with the mark alone in it."""
    named = [child for child in parent if child.tag.rpartition("}")[2] == found.tag]
    return len(named) == 1 and named[0].text == _MARK and not len(named[0])
