"""One exception as YAML: quoted only where it has to be. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

_PLAIN = re.compile(
    r"[A-Za-z][A-Za-z0-9_./@()+-]*([ ,][A-Za-z0-9_./@()+-]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII
)
"""Text that means itself without quotes, for every reader of YAML."""
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that one reader of YAML or another takes for something else."""


def as_block(entry: Mapping[str, object], *, dash: int = 2, key: int = 4) -> str:
    """Return the lines of an exception, the dash and the keys in these columns."""
    lines = [*_lines(entry)]
    first = " " * dash + "-" + " " * max(key - dash - 1, 1)
    indentation = " " * len(first)
    return first + "".join(f"{indentation if at else ''}{one}\n" for at, one in enumerate(lines))


def as_flow(entry: Mapping[str, object]) -> str:
    """Return an exception on one line, which is JSON too."""
    return json.dumps(entry, ensure_ascii=False)


def _lines(entry: Mapping[str, object]) -> Iterator[str]:
    for name, value in entry.items():
        if isinstance(value, list):
            yield f"{name}: [{', '.join(_scalar(str(one), inside=True) for one in value)}]"
        else:
            yield f"{name}: {_scalar(str(value))}"


def _scalar(text: str, *, inside: bool = False) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain and not (inside and "," in text) else json.dumps(text, ensure_ascii=False)
