"""A rule tried on one case: both sides, the verdict, and the value of each part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from driftguard.model import Json, Severity, Verdict
from driftguard.policy.engine import (
    Activation,
    EvaluationError,
    ExpressionError,
    activation,
    value_of,
)
from driftguard.policy.judge import Case, judge_rule
from driftguard.policy.rules import Rule
from driftguard.policy.sides import Side
from driftguard.policy.syntax import MACROS, Part, SyntaxNotUnderstood, take_apart

MAX_PARTS = 60
"""Parts of an expression that are told."""
_PLAIN = frozenset({"text", "number", "word", "group"})
"""Kinds of parts whose value anybody can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a part gives on one side: a value, or the reason why there is none."""

    value: Json = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPart:
    """One part of an expression, how deep it stands, and what it gives on each side.

    A side is None where the resource is not there.
    """

    text: str
    depth: int
    declared: Seen | None
    live: Seen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedExpression:
    """An expression with what its parts give; the first part is all of it."""

    name: str
    parts: tuple[SeenPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of trying a rule, or an expression as a rule's ``violation``."""

    case: Case
    rule: Rule
    verdict: Verdict
    severity: Severity
    reason: str
    """Of an error, why."""
    expressions: tuple[TriedExpression, ...]


def try_rule(rule: Rule, case: Case, sources: Mapping[str, str]) -> Tried:
    """Judge a case by a rule, and look into its expressions: name → text."""
    verdict, severity, reason = judge_rule(rule, case)
    ctx = {**case.ctx, "parameters": dict(rule.parameters)}
    on = replace(case, ctx=ctx)
    return Tried(
        case=on,
        rule=rule,
        verdict=verdict,
        severity=severity,
        reason=reason,
        expressions=tuple(
            TriedExpression(name=name, parts=tuple(_seen(source, on)))
            for name, source in sources.items()
            if source
        ),
    )


def _seen(source: str, case: Case) -> Iterator[SeenPart]:
    declared, live = _variables(case, case.declared), _variables(case, case.live)
    told: set[str] = set()
    for part, depth in _parts(source):
        text = part.within(source) if part.kind != "whole" else source
        text = " ".join(text.split())
        if text not in told and len(told) < MAX_PARTS:
            told.add(text)
            seen = [None if on is None else _value(text, on) for on in (declared, live)]
            yield SeenPart(text=text, depth=depth, declared=seen[0], live=seen[1])


def _parts(source: str) -> Iterator[tuple[Part, int]]:
    """Yield the parts that have a value of their own, outermost first; all of it at depth 0."""
    try:
        whole = take_apart(source)
    except SyntaxNotUnderstood:  # the engine knows more than we do; all of it can still be told
        yield Part(kind="whole", start=0, end=len(source)), 0
        return
    left = [(whole, 0)]
    while left:
        part, depth = left.pop()
        deeper = depth
        if part.kind not in _PLAIN and not (part.kind == "name" and part.word != "r"):
            yield part, depth
            deeper = depth + 1
        left.extend((inner, deeper) for inner in reversed(_within(part)))


def _within(part: Part) -> tuple[Part, ...]:
    """Return what has a value without a macro's own variable, and is no mere step of a path."""
    if part.method and part.word in MACROS:
        return part.parts[:1]
    return () if part.kind in ("select", "name") or part.word == "has" else part.parts


def _variables(case: Case, side: Side | None) -> Activation | None:
    return None if side is None else activation(r=side, drift=case.drift, ctx=case.ctx)


def _value(text: str, variables: Activation) -> Seen:
    try:
        value = value_of(text, variables)
    except EvaluationError as error:
        return Seen(error=error.reason)
    except ExpressionError as error:
        return Seen(error=error.message)
    plain: Json = json.loads(json.dumps(value, default=str))
    return Seen(value=plain)
