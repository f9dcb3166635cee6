"""A value in one line, as people read it, and cut where it is too long to be read.

``{cidr: 10.0.0.0/8, from_port: 22}`` instead of JSON's quotes; text is quoted
where it could be taken for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from driftguard.model import Json
from driftguard.report.neutral import neutral

NOTHING = "(nothing)"
LONGEST = 240
"""Characters of one side of a change: three lines of a small terminal."""
_AROUND = 60
"""Characters of equal text kept before the first difference of two long texts."""

_PLAIN = re.compile(r"[A-Za-z0-9_./*+=@%$-][A-Za-z0-9_./:*+=@%$ -]*")
_RULE = {"protocol", "from_port", "to_port", "peer", "description"}
_WORDS = frozenset({"true", "false", "null", "none", "nothing"})
_NUMBER = re.compile(r"[-+]?[0-9][0-9_.eE+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides of a change as text; ``cut`` where they are not whole."""

    declared: str
    live: str
    cut: bool = False


def sides(declared: Json, live: Json, longest: int = LONGEST) -> Sides:
    """Write both sides; of two long ones show where they begin to differ."""
    before, after = written(declared), written(live)
    start = _first_difference(before, after) if max(len(before), len(after)) > longest else 0
    start = start - _AROUND if start > _AROUND * 2 else 0
    first, second = _cut(before, start, longest), _cut(after, start, longest)
    return Sides(declared=first, live=second, cut=(first, second) != (before, after))


def written(value: Json, *, inside: bool = False) -> str:
    """Write a value in one harmless line."""
    if value is None:
        return "null" if inside else NOTHING
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        if value.keys() == _RULE:
            return f"({_rule(value)})" if inside else _rule(value)
        pairs = (f"{_text(key)}: {written(inner, inside=True)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(written(inner, inside=True) for inner in value)}]"
    return json.dumps(value)


def _rule(rule: Mapping[str, Json]) -> str:
    """Write a security group rule as people say it: ``tcp 22, 0.0.0.0/0``."""
    protocol, start, end = (rule[name] for name in ("protocol", "from_port", "to_port"))
    ports = written(start) if start == end else f"{written(start)}-{written(end)}"
    words = "everything" if protocol == "-1" else _text(str(protocol))
    words = words if start == end == -1 else f"{words} {ports}"
    described = f", {neutral(json.dumps(rule['description'], ensure_ascii=False))}"
    return f"{words}, {neutral(str(rule['peer']))}{described if rule['description'] else ''}"


def _text(text: str) -> str:
    """Write text bare where nothing else could be meant, else in quotes."""
    plain = _PLAIN.fullmatch(text) is not None and not text.endswith((" ", ":"))
    if plain and ": " not in text and text.lower() not in _WORDS and not _NUMBER.fullmatch(text):
        return text
    if text == "(sensitive)":
        return text
    return neutral(json.dumps(text, ensure_ascii=False))


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _cut(text: str, start: int, longest: int) -> str:
    """Keep ``longest`` characters from ``start`` on, and say how many are left out."""
    if len(text) - start <= longest and not start:
        return text
    kept = text[start : start + longest] if len(text) - start > longest else text[start:]
    rest = len(text) - start - len(kept)
    before = f"…({start:,} the same) " if start else ""
    after = f" …({rest:,} more)" if rest else ""
    return f"{before}{kept}{after}"
