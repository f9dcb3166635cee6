"""Which addresses a pattern means: the exact one, or an anchored glob of its parts.

A pattern has as many parts as the addresses that it matches, and ``*`` stands
for any text within one part: ``aws_instance.web["*"]`` is every instance of
``web``, ``module.*.aws_instance.web`` the one of each module. Nothing else is
special, and matching takes time in proportion to the text.
https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PART = re.compile(r"""\.?[^.\[\]"]+|\[(?:"(?:[^"\\]|\\.)*"|[^"\]]*)\]""", re.DOTALL)


def parts_of(address: str) -> tuple[str, ...] | None:
    """Return the parts of an address with their dots and brackets; None where it is none."""
    parts: list[str] = []
    end = 0
    while end < len(address):
        found = _PART.match(address, end)
        if found is None or found.group().startswith(".") != _takes_dot(parts, found.group()):
            return None
        parts.append(found.group())
        end = found.end()
    return tuple(parts) if parts else None


def _takes_dot(parts: Sequence[str], part: str) -> bool:
    """Tell whether a part has to begin with a dot: all but the first, and keys never."""
    return bool(parts) and not part.startswith("[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """An anchored glob, in pieces: for each part the texts between its stars."""

    text: str
    parts: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Return the pattern of a text. Raises ValueError where no address looks like it."""
        parts = parts_of(text)
        if parts is None or not _is_resource(parts):
            expected = "expected an address such as aws_instance.web or"
            raise ValueError(f'{expected} module.app.aws_instance.web["a"], `*` within one part')
        return cls(text=text, parts=tuple(tuple(part.split("*")) for part in parts))

    @property
    def exact(self) -> bool:
        """Whether it has no star."""
        return "*" not in self.text

    def matches(self, address: str, parts: Sequence[str] | None) -> bool:
        """Tell whether an address, with its ``parts_of``, is meant."""
        if address == self.text:
            return True
        if parts is None or len(parts) != len(self.parts):
            return False
        return all(_fits(pieces, part) for pieces, part in zip(self.parts, parts, strict=True))


def _is_resource(parts: Sequence[str]) -> bool:
    """Tell whether the parts are modules, each with its name, then a type and a name."""
    shape = "".join("[" if part.startswith("[") else "." for part in parts)
    at = 0
    while at < len(parts) and parts[at].removeprefix(".") == "module":
        at += 3 if shape[at + 1 : at + 3] == ".[" else 2
    return shape[at:] in ("..", "..[")


def _fits(pieces: Sequence[str], part: str) -> bool:
    """Tell whether a part begins, goes on and ends as the pieces say, in this order."""
    first, *inner = pieces
    if not inner:
        return part == first
    last = inner.pop()
    if len(part) < len(first) + len(last) or not (part.startswith(first) and part.endswith(last)):
        return False
    at, end = len(first), len(part) - len(last)
    for piece in inner:
        found = part.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
