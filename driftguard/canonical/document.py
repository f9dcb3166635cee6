"""JSON documents without a grammar of ours: redrive policies, event selectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from driftguard.canonical.freeze import Canonical, Fields, fields, freeze
from driftguard.canonical.kinds import one_change
from driftguard.errors import CanonicalError
from driftguard.model import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonDocument:
    """A JSON object or list as text or parsed. ``stringly`` where ``"5"`` and ``5`` are one."""

    stringly: bool = False

    def canonical(self, value: object) -> Canonical:
        """Return the frozen document; None where there is none."""
        if isinstance(value, str):
            value = self._parsed(value)
        if value is None or value in ({}, []):
            return None
        frozen = freeze(value)
        return _texts(frozen) if self.stringly else frozen

    def _parsed(self, text: str) -> object:
        if not text.strip():
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            message = "A document is not JSON."
            raise CanonicalError(message) from None

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each key of the top level that differs."""
        if not (isinstance(declared, Fields) and isinstance(live, Fields)):
            yield one_change(path, declared, live)
            return
        for key in sorted({*dict(declared), *dict(live)}):
            if declared.get(key) != live.get(key):
                yield one_change(f"{path}.{key}", declared.get(key), live.get(key))


def _texts(frozen: Canonical) -> Canonical:
    if isinstance(frozen, Fields):
        return fields({key: _texts(inner) for key, inner in frozen})
    if isinstance(frozen, tuple):
        return tuple(_texts(inner) for inner in frozen)
    if isinstance(frozen, bool):
        return str(frozen).lower()
    return frozen if frozen is None else str(frozen)
