"""How a look tells that it is getting on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from driftguard.model import Scope

Part: TypeAlias = tuple[str, Scope]
"""A collection's name and the scope it is read in (region ``global`` for a global one)."""


class Progress(Protocol):
    """Told of a look's parts; always from the thread that looks, never from two at once."""

    def start(self, total: int) -> None:
        """Begin; ``total`` parts are going to be read."""

    def waiting(self, parts: Sequence[Part]) -> None:
        """Tell which parts are being read right now; called a few times a second."""

    def done(self, collection: str, scope: Scope) -> None:
        """One part was read, or is known to be unreadable."""

    def finish(self) -> None:
        """End, whether all was read, the deadline passed or the user gave up."""


class SilentProgress:
    """Nobody wants to know."""

    def start(self, total: int) -> None:
        """Say nothing."""

    def waiting(self, parts: Sequence[Part]) -> None:
        """Say nothing."""

    def done(self, collection: str, scope: Scope) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""
