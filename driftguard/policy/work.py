"""A bound on the work of an expression, told from its text and the sizes of its values.

The engine bounds iterations and depth, not time: ten thousand rounds of a long
condition, or of a text joined to itself, take seconds and gigabytes, and nothing
stops them once they run. So whatever may take too long is not begun. A step
is some 50 ns; loops cost their body for each member, comparisons and texts by
size, building a list in a loop the square of its length.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.patterns import instructions
from driftguard.policy.sizes import CHARACTERS, ONE, Sizes, measure, weight_of_text
from driftguard.policy.syntax import MACROS, Part, written

ITERATIONS = 10_000
"""The engine's own bound, over all loops of an evaluation."""
_CALL = 60
"""Steps to call one of our functions."""
_HANDED = 5
"""Steps for each value that is handed to one."""
_COMPILED = 8
"""Steps for each instruction of a regular expression, which is compiled at every call."""
_ROUND = 3
_BY_NAME = {function.name: function for function in FUNCTIONS}
_REGEX = 60
"""Steps of the smallest of them."""
_LONG = 2_000
"""The weight of a text that is not worth looking into."""
_FEW = 2_000
"""Members of a list that are worth looking into, one by one."""
_SMALL = frozenset({"bool", "int"})
_BUILDING = frozenset({"map", "filter"})
_TOO_MUCH = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the value of a part."""

    sizes: Sizes = ONE
    ours: bool = False
    """Whether it was written by whoever wrote the rule, nothing of the resource in it."""
    values: tuple[object, ...] | None = None
    """All that it may be; None where only the sizes are known."""


_SCALAR = Known()
_WRITTEN = Known(ours=True)
_Names = Mapping[str, Known]
PARAMETERS = "ctx.parameters"
"""The name under which ``work`` takes what the rule's author wrote."""


def known(value: object, *, ours: bool = False) -> Known:
    """Return all there is to know of a value. Raises UnfitError."""
    return Known(sizes=measure(value), ours=ours, values=(value,))


def work(whole: Part, variables: Mapping[str, Known]) -> int:
    """Return a bound on the steps of an evaluation with variables such as these."""
    reckoner = _Reckoner(variables)
    reckoner.of(whole, {}, 1)
    return reckoner.steps


class _Reckoner:
    """Walks an expression's tree, and adds up its steps."""

    def __init__(self, variables: Mapping[str, Known]) -> None:
        self.steps = 0
        self._variables = variables

    def of(self, part: Part, names: _Names, times: int) -> Known:
        """Return a part's value, its steps paid for ``times`` rounds."""
        self.steps += times
        return _KINDS[part.kind](self, part, names, times)

    def _all(self, part: Part, names: _Names, times: int) -> list[Known]:
        return [self.of(one, names, times) for one in part.parts]

    def text(self, part: Part, names: _Names, times: int) -> Known:
        weight = weight_of_text(part.word)
        values = (written(part.word),) if weight < _LONG else None
        return Known(sizes=Sizes(weight=weight, text=weight), ours=True, values=values)

    def as_written(self, part: Part, names: _Names, times: int) -> Known:
        return _WRITTEN

    def name(self, part: Part, names: _Names, times: int) -> Known:
        return names.get(part.word) or self._variables.get(part.word, _SCALAR)

    def select(self, part: Part, names: _Names, times: int) -> Known:
        (whole,) = part.parts
        if part.word == "parameters" and whole.kind == "name" and whole.word == "ctx":
            self.steps += times
            return names.get("ctx") or self._variables[PARAMETERS]
        return _field(self.of(whole, names, times), part.word)

    def index(self, part: Part, names: _Names, times: int) -> Known:
        whole, *keys = self._all(part, names, times)
        return _member(whole, ours=whole.ours and all(one.ours for one in keys), any_value=True)

    def group(self, part: Part, names: _Names, times: int) -> Known:
        return self.of(part.parts[0], names, times)

    def collection(self, part: Part, names: _Names, times: int) -> Known:
        values = self._all(part, names, times)
        weights = [one.sizes.weight for one in values]
        inner = [one.sizes.many for one in values]
        sizes = Sizes(
            weight=1 + sum(weights),
            many=max(len(values), 0, *inner),
            member=max(1, 1, *weights),
        )
        return Known(sizes=sizes, ours=all(one.ours for one in values))

    def choice(self, part: Part, names: _Names, times: int) -> Known:
        _, first, second = self._all(part, names, times)
        return Known(sizes=first.sizes.either(second.sizes), ours=first.ours and second.ours)

    def logic(self, part: Part, names: _Names, times: int) -> Known:
        """Pay for a chain such as ``a || b || …``, which may be thousands long."""
        while part.kind in {"or", "and"}:
            self.of(part.parts[1], names, times)
            part = part.parts[0]
        self.of(part, names, times)
        return _SCALAR

    def unary(self, part: Part, names: _Names, times: int) -> Known:
        self._all(part, names, times)
        return _SCALAR

    def relation(self, part: Part, names: _Names, times: int) -> Known:
        left, right = (one.sizes for one in self._all(part, names, times))
        each = min(left.weight, right.member if part.word == "in" else right.weight)
        self.steps += times * each * (right.many if part.word == "in" else 1)
        return _SCALAR

    def sum(self, part: Part, names: _Names, times: int) -> Known:
        left, right = self._all(part, names, times)
        if part.word == "-" or "number" in {one.kind for one in part.parts}:
            return _SCALAR
        both = left.sizes.beside(right.sizes)
        self.steps += times * both.weight
        sizes = replace(
            both,
            many=left.sizes.many + right.sizes.many,
            text=left.sizes.text + right.sizes.text,
        )
        return Known(sizes=sizes, ours=left.ours and right.ours)

    def call(self, part: Part, names: _Names, times: int) -> Known:
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
            return _together(values)
        self.steps += times * (_CALL + _HANDED * weight)
        if function.returns in _SMALL:
            return _SCALAR
        return values[0] if part.word == "items" else _given_back(values)

    def _match(self, part: Part, values: list[Known], times: int) -> None:
        text, pattern = values[0], values[-1]
        if not pattern.ours or pattern.values is None:
            self.steps += _TOO_MUCH  # whoever makes resources must not write patterns
            return
        texts = [one for one in pattern.values if isinstance(one, str)]
        size = max(map(instructions, texts), default=0)
        characters = text.sizes.text * CHARACTERS
        self.steps += times * (_REGEX + _COMPILED * size + size * characters // 5)

    def _loop(self, part: Part, names: _Names, times: int) -> Known:
        over, variable, *bodies = part.parts
        members = self.of(over, names, times)
        many = min(members.sizes.many, ITERATIONS)
        rounds = min(times * many, ITERATIONS)
        inner = {**names, variable.word: _member(members, ours=members.ours)}
        values = [self.of(body, inner, rounds) for body in bodies]
        self.steps += rounds * _ROUND
        if part.word not in _BUILDING:
            return _SCALAR
        self.steps += rounds * many // 2
        if part.word == "filter":
            return members
        made = values[-1].sizes
        sizes = replace(
            made,
            weight=1 + many * made.weight,
            many=max(many, made.many),
            member=max(made.weight, made.member),
        )
        return Known(sizes=sizes, ours=values[-1].ours)


def _together(values: list[Known]) -> Known:
    """Return the value of a built-in method: no bigger than all it is made of."""
    sizes = functools.reduce(Sizes.beside, (one.sizes for one in values), ONE)
    return Known(sizes=sizes, ours=all(one.ours for one in values))


def _given_back(values: list[Known]) -> Known:
    """Return the value of one of our functions, which may spell out what it was given."""
    sizes = _together(values).sizes
    return Known(sizes=replace(sizes, weight=2 * sizes.weight, member=2 * sizes.member))


def _field(whole: Known, name: str) -> Known:
    """Return what may stand under a name."""
    if whole.values is None:
        return replace(whole, values=None)
    return _any_of(
        [one[name] for one in whole.values if isinstance(one, Mapping) and name in one],
        ours=whole.ours,
    )


def _member(whole: Known, *, ours: bool, any_value: bool = False) -> Known:
    """Return what a member of a list, or a key of a map, may be; else any value of either."""
    if whole.values is not None and whole.sizes.many <= _FEW:
        return _any_of(
            [
                inner
                for one in whole.values
                if isinstance(one, list | tuple | Mapping)
                for inner in (one.values() if any_value and isinstance(one, Mapping) else one)
            ],
            ours=ours,
        )
    sizes = whole.sizes
    if any_value:
        return Known(sizes=sizes, ours=ours)
    many = min(sizes.member, sizes.many)
    return Known(sizes=replace(sizes, weight=sizes.member, many=many), ours=ours)


def _any_of(values: list[object], *, ours: bool) -> Known:
    sizes = functools.reduce(Sizes.either, map(measure, values), ONE)
    return Known(sizes=sizes, ours=ours, values=tuple(values))


_KINDS: Mapping[str, Callable[[_Reckoner, Part, _Names, int], Known]] = {
    "text": _Reckoner.text,
    "number": _Reckoner.as_written,
    "word": _Reckoner.as_written,
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
