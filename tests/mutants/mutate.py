"""From an expression to the same with one mistake: text in, texts out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.syntax import Part, take_apart

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "&&": ("||",),
    "||": ("&&",),
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "+": ("-",),
    "-": ("+",),
}
METHODS: Mapping[str, tuple[str, ...]] = {
    "exists": ("all",),
    "all": ("exists",),
    "exists_one": ("exists",),
    "startsWith": ("endsWith",),
    "endsWith": ("startsWith",),
    "contains": ("startsWith",),
}
_NUMBER = re.compile(r"[0-9]+")
_TEXT = re.compile(r"([rRbB]{0,2})(\"{3}|'{3}|\"|')")
_SAME = frozenset({"items", "blocks"})
"""Of a list they give the same: taking one for the other is no mistake there."""
_SWAPS = 2
"""Functions of the same types that one is swapped with at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """An expression with one mistake, and what the mistake is."""

    source: str
    what: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Yield every mutant of an expression, each text once, in the order of the text."""
    seen = {_squeezed(source)}
    for mutant in _all(source):
        if _squeezed(mutant.source) not in seen:
            seen.add(_squeezed(mutant.source))
            yield mutant


def _squeezed(source: str) -> str:
    return re.sub(r"\s+", " ", source).strip()


def _all(source: str) -> Iterator[Mutant]:
    whole = take_apart(source)
    yield Mutant(source="true", what="always")
    yield Mutant(source="false", what="never")
    yield Mutant(source=f"!({source})", what="the opposite")
    for part in whole.walk():
        mutate = _BY_KIND.get(part.kind)
        if mutate is not None:
            yield from mutate(source, part)


def _replaced(source: str, start: int, end: int, text: str) -> Mutant:
    before = " ".join(source[start:end].split())
    what = f"`{before}` → `{_squeezed(text)}`" if text else f"without `{before}`"
    return Mutant(source=f"{source[:start]}{text}{source[end:]}", what=what)


def _part(source: str, part: Part, text: str) -> Mutant:
    return _replaced(source, part.start, part.end, text)


def _operator(source: str, part: Part) -> Iterator[Mutant]:
    if part.word == "in":
        yield _part(source, part, f"!({part.within(source)})")
    for other in OPERATORS.get(part.word, ()):
        yield _replaced(source, part.word_start, part.word_start + len(part.word), other)


def _junction(source: str, part: Part) -> Iterator[Mutant]:
    yield from _operator(source, part)
    for kept in part.parts:
        yield _part(source, part, kept.within(source))


def _not(source: str, part: Part) -> Iterator[Mutant]:
    yield _part(source, part, part.parts[0].within(source))


def _number(source: str, part: Part) -> Iterator[Mutant]:
    if _NUMBER.fullmatch(part.word):
        yield _part(source, part, str(int(part.word) + 1))
        yield _part(source, part, str(int(part.word) - 1))


def _text(source: str, part: Part) -> Iterator[Mutant]:
    found = _TEXT.match(part.word)
    assert found is not None
    yield _part(source, part, f"{found[0]}zz{part.word[found.end() :]}")


def _word(source: str, part: Part) -> Iterator[Mutant]:
    other = {"true": "false", "false": "true"}.get(part.word)
    if other:
        yield _part(source, part, other)


def _call(source: str, part: Part) -> Iterator[Mutant]:
    for name in _others(part):
        yield _replaced(source, part.word_start, part.word_start + len(part.word), name)
    if _is_test(part):
        yield _part(source, part, f"!{part.within(source)}")
    if part.word == "items":
        yield _part(source, part, f"({part.parts[0].within(source)})")


def _others(part: Part) -> tuple[str, ...]:
    if part.method:
        return METHODS.get(part.word, ())
    count = len(part.parts)
    same = [one for one in FUNCTIONS if one.name == part.word and len(one.parameters) == count]
    shapes = {(tuple(kind for _, kind in one.parameters), one.returns) for one in same}
    alike = [
        one.name
        for one in FUNCTIONS
        if not {one.name, part.word} <= _SAME
        and (tuple(kind for _, kind in one.parameters), one.returns) in shapes
    ]
    return tuple(dict.fromkeys(alike))[:_SWAPS]


def _is_test(part: Part) -> bool:
    """Tell whether a call gives true or false."""
    if part.method:
        return part.word in METHODS or part.word == "matches"
    tests = {one.name for one in FUNCTIONS if one.returns == "bool"}
    return part.word in tests or part.word == "has"


def _list(source: str, part: Part) -> Iterator[Mutant]:
    for left_out in part.parts:
        kept = [one.within(source) for one in part.parts if one is not left_out]
        yield _part(source, part, f"[{', '.join(kept)}]")


def _choice(source: str, part: Part) -> Iterator[Mutant]:
    condition, first, second = part.parts
    swapped = f"{condition.within(source)} ? {second.within(source)} : {first.within(source)}"
    for text in (swapped, first.within(source), second.within(source)):
        yield _part(source, part, text)


_BY_KIND: Mapping[str, Callable[[str, Part], Iterator[Mutant]]] = {
    "and": _junction,
    "or": _junction,
    "relation": _operator,
    "sum": _operator,
    "not": _not,
    "number": _number,
    "text": _text,
    "word": _word,
    "call": _call,
    "list": _list,
    "choice": _choice,
}
