"""Secrets in a comparison: both sides stay comparable, neither is ever told.

The parser has put tokens (keyed digests) in place of declared secrets. The live
side gets the same tokens here, in the same place, so that equal stays equal and
a changed secret is told as changed without being shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, cast

from driftguard.canonical.kinds import MapOf
from driftguard.model import Change, Declared, Json
from driftguard.resource_type import UNSET, Attribute


class Redact(Protocol):
    """What the comparison needs of the redactor (``redact.py``)."""

    def mark(self, value: object) -> object:
        """Replace every leaf of a secret value by its token; a token stays as it is."""

    def value(self, value: object) -> object:
        """Replace known and secret-shaped strings inside a value."""

    def contains_secret(self, value: object) -> bool:
        """Tell whether a token stands in the value."""


def is_marked(path: str, marks: frozenset[str]) -> bool:
    """Tell whether a path, what contains it or what it contains was marked sensitive."""
    return any(
        path == mark or path.startswith(f"{mark}.") or mark.startswith(f"{path}.") for mark in marks
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """How one attribute's values are hidden when they are told."""

    redact: Redact
    holds_secret: bool = False
    """A token stands in the declared value, though the attribute was not marked."""
    by_name: bool = False
    """Values are told name by name, so that only the secret ones need hiding."""

    def told(self, declared: Json, live: Json) -> tuple[Json, Json]:
        """Return both sides fit to be told."""
        return (
            cast("Json", self.redact.value(declared)),
            cast("Json", self.redact.value(self._live(declared, live))),
        )

    def change(self, change: Change) -> Change:
        """Return a change fit to be told."""
        declared, live = self.told(change.declared, change.live)
        path = str(self.redact.value(change.path))
        return replace(change, path=path, declared=declared, live=live)

    def _live(self, declared: Json, live: Json) -> Json:
        """Hide the live side: a new value where a secret stood is taken for a secret."""
        if not self.holds_secret:
            return live
        if not self.by_name:
            return cast("Json", self.redact.mark(live))
        if isinstance(declared, Mapping) and isinstance(live, Mapping):
            return {name: self._live(declared.get(name), inner) for name, inner in live.items()}
        if self.redact.contains_secret(declared):
            return cast("Json", self.redact.mark(live))
        return live


def veiled(
    attribute: Attribute, declared: Declared, value: object, live: object, redact: Redact
) -> tuple[object, object, Veil]:
    """Return (declared, live, veil): both raw values with the same tokens for the same secrets."""
    if value is not UNSET and (
        attribute.sensitive
        or (declared.sensitive and is_marked(attribute.name, declared.sensitive))
    ):
        return redact.mark(value), redact.mark(live), Veil(redact=redact)
    if not redact.contains_secret(value):
        return value, live, Veil(redact=redact)
    veil = Veil(redact=redact, holds_secret=True, by_name=isinstance(attribute.kind, MapOf))
    # Both sides: marking a live value may have taught the redactor since the parser ran.
    return redact.value(value), redact.value(live), veil
