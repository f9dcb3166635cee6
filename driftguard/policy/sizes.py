"""How big the values are that an expression is evaluated on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CHARACTERS = 16
"""Characters of a text that weigh as much as one value."""
MAX_DEPTH = 64
"""Values within values; the engine itself would overrun its stack at some thousands."""
MAX_WEIGHT = 30_000
"""What is bigger is not looked at to the end; a group of a thousand rules is a third of it."""


class UnfitError(Exception):
    """A value is too big, too deep, or of no kind that an expression knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bounds of a value; ``within`` another's in all, it costs no more."""

    weight: int = 1
    """How many values it is, keys and parts of long texts counted."""
    many: int = 0
    """Members of its longest list or map."""
    member: int = 1
    """The weight of its heaviest member of a list, or key of a map."""
    text: int = 1
    """The weight of its longest text."""

    def within(self, other: Sizes) -> bool:
        """Tell whether no bound is above another's."""
        return (
            self.weight <= other.weight
            and self.many <= other.many
            and self.member <= other.member
            and self.text <= other.text
        )

    def beside(self, other: Sizes) -> Sizes:
        """Return the bounds of both values together."""
        return Sizes(
            weight=self.weight + other.weight,
            many=max(self.many, other.many),
            member=max(self.member, other.member),
            text=max(self.text, other.text),
        )

    def either(self, other: Sizes) -> Sizes:
        """Return the bounds of whichever of both values it is."""
        return Sizes(
            weight=max(self.weight, other.weight),
            many=max(self.many, other.many),
            member=max(self.member, other.member),
            text=max(self.text, other.text),
        )

    def rounded(self) -> Sizes:
        """Return bounds a little above, at powers of two."""
        return Sizes(
            weight=1 << self.weight.bit_length(),
            many=1 << self.many.bit_length(),
            member=1 << self.member.bit_length(),
            text=1 << self.text.bit_length(),
        )


ONE = Sizes()
"""The bounds of a number, a truth or nothing."""


def weight_of_text(text: str) -> int:
    """Return how much a text weighs."""
    return 1 + len(text) // CHARACTERS


def measure(value: object) -> Sizes:
    """Return a JSON value's bounds. Raises UnfitError."""
    scale = _Scale()
    weight = scale.weigh(value, 0)
    return Sizes(weight=weight, many=scale.many, member=scale.member, text=scale.text)


class _Scale:
    """Weighs values, and remembers the longest and the heaviest on the way."""

    def __init__(self) -> None:
        self.many = 0
        self.member = 1
        self.text = 1
        self._seen = 0

    def weigh(self, value: object, depth: int) -> int:
        kind = type(value)
        if kind is str:
            weight = 1 + len(value) // CHARACTERS  # type: ignore[arg-type]  # a text
            self.text = max(self.text, weight)
            return weight
        if kind is dict:
            return self._weigh_map(value, depth + 1)  # type: ignore[arg-type]  # a map
        if kind is list or kind is tuple:
            return self._weigh_list(value, depth + 1)  # type: ignore[arg-type]  # a list
        if value is None or kind in _SCALARS:
            return 1
        raise UnfitError(f"a value of kind {kind.__name__} is nothing that rules know")

    def _weigh_map(self, value: dict[object, object], depth: int) -> int:
        self._look(len(value), depth)
        weight = 1
        for key, inner in value.items():
            if type(key) is not str:
                raise UnfitError("a key that is no text is nothing that rules know")
            own = 1 + len(key) // CHARACTERS
            self.member = max(self.member, own)
            weight += own + self.weigh(inner, depth)
        return weight

    def _weigh_list(self, value: Sequence[object], depth: int) -> int:
        self._look(len(value), depth)
        weights = [self.weigh(inner, depth) for inner in value]
        if weights:
            self.member = max(self.member, *weights)
        return 1 + sum(weights)

    def _look(self, many: int, depth: int) -> None:
        """Remember a list's or a map's length, and stop where it is too much."""
        if depth > MAX_DEPTH:
            raise UnfitError(f"it looks at values nested more than {MAX_DEPTH} levels deep")
        self.many = max(self.many, many)
        self._seen += many
        if self._seen > MAX_WEIGHT:
            raise UnfitError("the resource is too big for rules")


_SCALARS = frozenset({bool, int, float})
