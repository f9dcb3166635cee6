"""What an earlier comparison found, for what is the same on both sides now."""

from __future__ import annotations

from dataclasses import dataclass, field

from driftguard.model import Address, Declared, Item
from driftguard.ownership import Claim

Owners = tuple[tuple[tuple[Address, Claim], ...], ...]
"""For each attribute of a type: who else declares it or members of it."""


@dataclass(frozen=True, slots=True)
class _Sides:
    declared: Declared
    item: Item
    owners: Owners


@dataclass(slots=True, kw_only=True)
class Earlier:
    """Kept by whoever compares again and again; for one comparison at a time.

    A result serves again where the live object is the very one of then (a warm
    look hands those out), and the declaration and its owners are equal.
    """

    _now: dict[Address, tuple[_Sides, object]] = field(default_factory=dict)
    _before: dict[Address, tuple[_Sides, object]] = field(default_factory=dict)
    _redactor: object = None
    _knowledge: int = -1

    def begin(self, redactor: object, knowledge: int) -> None:
        """Begin a comparison; one who knows other secrets tells otherwise."""
        same = redactor is self._redactor and knowledge == self._knowledge
        self._before, self._now = (self._now if same else {}), {}
        self._redactor, self._knowledge = redactor, knowledge

    def find(self, declared: Declared, item: Item, owners: Owners) -> object:
        """Return what was found of the same two sides; None where they are others."""
        known = self._before.get(declared.address)
        if known is None:
            return None
        sides, result = known
        if sides.item is not item or sides.owners != owners or sides.declared != declared:
            return None
        self._now[declared.address] = known
        return result

    def keep(self, declared: Declared, item: Item, owners: Owners, result: object) -> None:
        """Remember what was found."""
        self._now[declared.address] = _Sides(declared, item, owners), result
