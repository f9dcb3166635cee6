"""JSON documents without a grammar of ours: redrive policies, delivery policies.

Two unequal documents are told by the deepest paths that differ, which DeepDiff
finds. It is given small documents only, within the budget below, because its
cost has no useful bound: a big one is told key by key, or as a whole.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, cast

from driftguard.canonical.freeze import (
    MAX_DEPTH,
    Canonical,
    Fields,
    Flag,
    fields,
    freeze,
    is_nothing,
    is_token,
    thaw,
)
from driftguard.canonical.kinds import one_change
from driftguard.errors import CanonicalError
from driftguard.model import Change, ChangeKind, Json

MAX_NODES = 500
"""How many values and lines of text both sides together may hold for DeepDiff to see them."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonDocument:
    """A JSON object or list as text or parsed. ``stringly`` where ``"5"`` and ``5`` are one.

    ``unordered`` names the keys whose lists have no order, wherever they stand. A key
    with the value null is not there.
    """

    stringly: bool = False
    unordered: frozenset[str] = frozenset()

    def canonical(self, value: object) -> Canonical:
        """Return the frozen document; None where there is none. Raises CanonicalError."""
        if isinstance(value, str) and not is_token(value):
            value = _parsed(value)
        if is_nothing(value):
            return None
        if not isinstance(value, Mapping | list | tuple) and not is_token(value):
            message = "A document is neither a JSON object nor a list."
            raise CanonicalError(message)
        return self._frozen(value, "", 0) or None

    def _frozen(self, value: object, key: str, depth: int) -> Canonical:
        if depth > MAX_DEPTH:
            message = f"A document is nested more than {MAX_DEPTH} levels deep."
            raise CanonicalError(message)
        if isinstance(value, Mapping):
            inner = {
                str(name): self._frozen(one, str(name), depth + 1) for name, one in value.items()
            }
            return fields({name: one for name, one in inner.items() if one is not None})
        if isinstance(value, list | tuple):
            items = tuple(self._frozen(one, "", depth + 1) for one in value)
            return tuple(sorted(items, key=repr)) if key in self.unordered else items
        return _text(value) if self.stringly else _leaf(value)

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each deepest path that differs; above the budget, each key of the top level."""
        if _size(declared) + _size(live) <= MAX_NODES:
            yield from _deep_changes(path, declared, live)
        elif isinstance(declared, Fields) and isinstance(live, Fields):
            yield from _shallow_changes(path, declared, live)
        else:
            yield one_change(path, declared, live)


def _parsed(text: str) -> object:
    if not text.strip():
        return None
    try:
        parsed: object = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError):
        message = "A document is not JSON."
        raise CanonicalError(message) from None
    return parsed


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that names a key twice: which one counts is anybody's guess."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "A document names a key twice in one object."
        raise CanonicalError(message)
    return found


def _no_number(constant: str) -> NoReturn:
    message = "A document holds a number that JSON does not have."
    raise CanonicalError(message)


def _leaf(value: object) -> Canonical:
    """Freeze a single value: 5.0 is 5, true is not 1."""
    if isinstance(value, bool):
        return Flag(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            _no_number(str(value))
        return int(value) if value.is_integer() else value
    return freeze(value)


def _text(value: object) -> Canonical:
    """Freeze a single value as its JSON spelling."""
    leaf = _leaf(value)
    if isinstance(leaf, Flag):
        return str(leaf is Flag.TRUE).lower()
    return leaf if leaf is None else str(leaf)


def _size(value: Canonical) -> int:
    """Count values and lines of text, no further than the budget goes."""
    size, waiting = 0, [value]
    while waiting and size <= MAX_NODES:
        one = waiting.pop()
        size += 1
        if isinstance(one, str):
            size += one.count("\n")
        elif isinstance(one, Fields):
            waiting.extend(inner for _, inner in one)
        elif isinstance(one, tuple):
            waiting.extend(one)
    return size


def _shallow_changes(path: str, declared: Fields, live: Fields) -> Iterator[Change]:
    before, after = dict(declared), dict(live)
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield one_change(_below(path, key), before.get(key), after.get(key))


def _deep_changes(path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
    """Yield what DeepDiff finds; where it sees nothing to go into, the whole."""
    found = [] if declared is None or live is None else _found(path, thaw(declared), thaw(live))
    yield from found or [one_change(path, declared, live)]


def _found(path: str, declared: Json, live: Json) -> list[Change]:
    # Takes 0.2 s to import, and most scans find no such difference.
    from deepdiff import DeepDiff  # noqa: PLC0415
    from deepdiff.helper import NotPresent  # noqa: PLC0415

    def side(value: object) -> Json:
        return None if isinstance(value, NotPresent) else cast("Json", value)

    # Private-looking keys ("__x") are keys here, not Python's internals.
    tree = DeepDiff(declared, live, view="tree", ignore_private_variables=False)
    changes = [
        Change(
            path=_at(path, level.path(output_format="list")),
            kind=_kind(report),
            declared=side(level.t1),
            live=side(level.t2),
        )
        for report, levels in tree.items()
        for level in levels
    ]
    return sorted(changes, key=lambda change: change.path)


def _kind(report: str) -> ChangeKind:
    """Return the kind of change for one of DeepDiff's kinds of report."""
    if report.endswith("_added"):
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if report.endswith("_removed") else ChangeKind.CHANGED


def _at(path: str, steps: Iterable[str | int]) -> str:
    for step in steps:
        path = _below(path, step)
    return path


def _below(path: str, step: str | int) -> str:
    if isinstance(step, str) and _PLAIN_KEY.fullmatch(step):
        return f"{path}.{step}"
    return f"{path}[{json.dumps(step)}]"
