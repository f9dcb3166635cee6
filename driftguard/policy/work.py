"""A bound on the work of an expression, told from its text and the sizes of its values.

The engine bounds iterations and depth, not time: ten thousand rounds of a long
condition, or of a text joined to itself, take seconds and gigabytes, and nothing
stops them once they run. So whatever may take too long is not begun. A step
is some 50 ns; loops cost their body for each member, comparisons and texts by
size, building a list in a loop the square of its length.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.patterns import MOST, instructions
from driftguard.policy.sizes import CHARACTERS, ONE, Sizes, weight_of_text
from driftguard.policy.syntax import MACROS, Part

ITERATIONS = 10_000
"""The engine's own bound, over all loops of an evaluation."""
_CALL = 60
"""Steps to call one of our functions."""
_HANDED = 5
"""Steps for each value that is handed to one."""
_COMPILED = 20
"""Steps for each instruction of a regular expression, which is compiled at every call."""
_ROUND = 3
_BY_NAME = {function.name: function for function in FUNCTIONS}
_SAME_SIZE = frozenset({"items", "blocks"})
"""Functions that give back what they are given, no bigger."""
_SMALL = frozenset({"bool", "int"})
_BUILDING = frozenset({"map", "filter"})
_TOO_MUCH = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """What is known of the value of a part."""

    sizes: Sizes = ONE
    ours: bool = False
    """Whether it was written by whoever wrote the rule, nothing of the resource in it."""


_SCALAR = _Value()
_WRITTEN = _Value(ours=True)
_Names = Mapping[str, _Value]


def work(whole: Part, sizes: Sizes, *, parameters: Sizes = ONE, pattern: int = 0) -> int:
    """Return a bound on the steps of an evaluation.

    ``sizes`` are of all variables together, ``parameters`` of ``ctx.parameters``,
    ``pattern`` the instructions of the heaviest regular expression among those.
    """
    reckoner = _Reckoner(sizes, parameters, pattern)
    reckoner.of(whole, {}, 1)
    return reckoner.steps


class _Reckoner:
    """Walks an expression's tree, and adds up its steps."""

    def __init__(self, sizes: Sizes, parameters: Sizes, pattern: int) -> None:
        self.steps = 0
        self._data = _Value(sizes=sizes)
        self._parameters = _Value(sizes=parameters, ours=True)
        self._pattern = pattern

    def of(self, part: Part, names: _Names, times: int) -> _Value:
        """Return a part's value, its steps paid for ``times`` rounds."""
        self.steps += times
        return _KINDS[part.kind](self, part, names, times)

    def _all(self, part: Part, names: _Names, times: int) -> list[_Value]:
        return [self.of(one, names, times) for one in part.parts]

    def text(self, part: Part, names: _Names, times: int) -> _Value:
        return _Value(sizes=Sizes(weight=weight_of_text(part.word)), ours=True)

    def written(self, part: Part, names: _Names, times: int) -> _Value:
        return _WRITTEN

    def name(self, part: Part, names: _Names, times: int) -> _Value:
        return names.get(part.word, self._data)

    def select(self, part: Part, names: _Names, times: int) -> _Value:
        (whole,) = part.parts
        if part.word == "parameters" and whole.kind == "name" and whole.word == "ctx":
            return names.get("ctx", self._parameters)
        return self.of(whole, names, times)

    def index(self, part: Part, names: _Names, times: int) -> _Value:
        values = self._all(part, names, times)
        return replace(values[0], ours=all(one.ours for one in values))

    def group(self, part: Part, names: _Names, times: int) -> _Value:
        return self.of(part.parts[0], names, times)

    def collection(self, part: Part, names: _Names, times: int) -> _Value:
        values = self._all(part, names, times)
        weights = [one.sizes.weight for one in values]
        inner = [one.sizes.many for one in values]
        sizes = Sizes(
            weight=1 + sum(weights),
            many=max(len(values), 0, *inner),
            member=max(1, 1, *weights),
        )
        return _Value(sizes=sizes, ours=all(one.ours for one in values))

    def choice(self, part: Part, names: _Names, times: int) -> _Value:
        _, first, second = self._all(part, names, times)
        return _Value(sizes=first.sizes.beside(second.sizes), ours=first.ours and second.ours)

    def logic(self, part: Part, names: _Names, times: int) -> _Value:
        """Pay for a chain such as ``a || b || …``, which may be thousands long."""
        while part.kind in {"or", "and"}:
            self.of(part.parts[1], names, times)
            part = part.parts[0]
        self.of(part, names, times)
        return _SCALAR

    def unary(self, part: Part, names: _Names, times: int) -> _Value:
        self._all(part, names, times)
        return _SCALAR

    def relation(self, part: Part, names: _Names, times: int) -> _Value:
        left, right = (one.sizes for one in self._all(part, names, times))
        each = min(left.weight, right.member if part.word == "in" else right.weight)
        self.steps += times * each * (right.many if part.word == "in" else 1)
        return _SCALAR

    def sum(self, part: Part, names: _Names, times: int) -> _Value:
        left, right = self._all(part, names, times)
        if part.word == "-" or "number" in {one.kind for one in part.parts}:
            return _SCALAR
        both = left.sizes.beside(right.sizes)
        self.steps += times * both.weight
        sizes = replace(both, many=left.sizes.many + right.sizes.many)
        return _Value(sizes=sizes, ours=left.ours and right.ours)

    def call(self, part: Part, names: _Names, times: int) -> _Value:
        if part.method and part.word in MACROS and len(part.parts) > 2:  # noqa: PLR2004  # list, name, body
            return self._loop(part, names, times)
        values = self._all(part, names, times)
        if part.word == "matches":
            self._match(part, values, times)
            return _SCALAR
        weight = sum(one.sizes.weight for one in values)
        function = _BY_NAME.get(part.word)
        if function is None:
            self.steps += times * weight * 2
            return _first(values)
        self.steps += times * (_CALL + _HANDED * weight)
        if function.returns in _SMALL:
            return _SCALAR
        return _given_back(values, 1 if part.word in _SAME_SIZE else 2)

    def _match(self, part: Part, values: list[_Value], times: int) -> None:
        text, pattern = values[0], values[-1]
        known = part.parts[-1].kind == "text"
        if not pattern.ours:
            self.steps += _TOO_MUCH  # whoever makes resources must not write patterns
            return
        size = instructions(_written(part.parts[-1].word)) if known else self._pattern or MOST
        characters = text.sizes.weight * CHARACTERS
        self.steps += times * (500 + _COMPILED * size + size * characters * 2 // 5)

    def _loop(self, part: Part, names: _Names, times: int) -> _Value:
        over, variable, *bodies = part.parts
        members = self.of(over, names, times)
        many = min(members.sizes.many, ITERATIONS)
        rounds = min(times * many, ITERATIONS)
        inner = {**names, variable.word: _member(members)}
        values = [self.of(body, inner, rounds) for body in bodies]
        self.steps += rounds * _ROUND
        if part.word not in _BUILDING:
            return _SCALAR
        self.steps += rounds * many // 2
        if part.word == "filter":
            return members
        weight = values[-1].sizes.weight
        sizes = Sizes(
            weight=1 + many * weight, many=max(many, values[-1].sizes.many), member=weight
        )
        return _Value(sizes=sizes, ours=values[-1].ours)


def _first(values: list[_Value]) -> _Value:
    """Return the value of a built-in method: no bigger than all it is made of."""
    if not values:
        return _SCALAR
    sizes = values[0].sizes
    for one in values[1:]:
        sizes = sizes.beside(one.sizes)
    return _Value(sizes=sizes, ours=all(one.ours for one in values))


def _given_back(values: list[_Value], times: int) -> _Value:
    sizes = _first(values).sizes
    return _Value(
        sizes=Sizes(weight=sizes.weight * times, many=sizes.many, member=sizes.member * times)
    )


def _member(value: _Value) -> _Value:
    """Return a member of a list: its own members are as many and as heavy, at most."""
    weight = value.sizes.member
    many = min(weight, value.sizes.many)
    return _Value(sizes=Sizes(weight=weight, many=many, member=weight), ours=value.ours)


_LITERAL = re.compile(r"([rRbB]*)(\"{3}|'{3}|\"|')(.*)\\2", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:[xX]([0-9a-fA-F]{2})|[uU]([0-9a-fA-F]{4,8})|([0-7]{3})|(.))", re.DOTALL)


def _written(word: str) -> str:
    """Return a text as it is meant: an escape may stand for what multiplies a pattern."""
    found = _LITERAL.fullmatch(word)
    if found is None:
        return word
    return found[3] if "r" in found[1].lower() else _ESCAPE.sub(_escaped, found[3])


def _escaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits or found[3]:
        return chr(min(int(digits, 16) if digits else int(found[3], 8), sys.maxunicode))
    return found[4]


_KINDS: Mapping[str, Callable[[_Reckoner, Part, _Names, int], _Value]] = {
    "text": _Reckoner.text,
    "number": _Reckoner.written,
    "word": _Reckoner.written,
    "name": _Reckoner.name,
    "select": _Reckoner.select,
    "index": _Reckoner.index,
    "group": _Reckoner.group,
    "list": _Reckoner.collection,
    "map": _Reckoner.collection,
    "message": _Reckoner.collection,
    "choice": _Reckoner.choice,
    "or": _Reckoner.logic,
    "and": _Reckoner.logic,
    "not": _Reckoner.unary,
    "minus": _Reckoner.unary,
    "relation": _Reckoner.relation,
    "sum": _Reckoner.sum,
    "product": _Reckoner.unary,
    "call": _Reckoner.call,
}
