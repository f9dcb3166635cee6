"""Every rule of a type on both sides of one resource. Pure.

``violation`` is evaluated on what was declared and on what is live; where the
two differ, the drift is to blame or to praise. A rule that can't be evaluated
is told as an error, with its base severity, and never passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from driftguard.model import Direction, DriftKind, Judgement, Severity, Verdict
from driftguard.policy.engine import Activation, EvaluationError, Expression, activation, evaluate
from driftguard.policy.rules import Policy, Rule
from driftguard.policy.sides import Side

_VERDICTS: Mapping[tuple[bool, bool], Verdict] = {
    (False, False): Verdict.PASS,
    (False, True): Verdict.INTRODUCED,
    (True, True): Verdict.PRE_EXISTING,
    (True, False): Verdict.FIXED,
}
"""(declared violates, live violates) → what the rule says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What rules are evaluated on: both sides, the drift between them, and the context.

    A side is None where the resource is not there. ``drift`` and ``ctx`` are as
    expressions see them, see ``docs/reference/policy.md``.
    """

    type: str
    declared: Side | None
    live: Side | None
    drift: Mapping[str, object]
    ctx: Mapping[str, object]


def judge(policy: Policy, case: Case) -> tuple[Judgement, ...]:
    """Return what the rules say of a resource, worst first; a pass says nothing."""
    seen = _Seen(case)
    found = (_judgement(rule, case, seen) for rule in policy.of(case.type))
    told = (one for one in found if one is not None)
    return tuple(sorted(told, key=lambda one: (not one.verdict.blames_drift, -one.severity)))


def judge_rule(rule: Rule, case: Case) -> tuple[Verdict, Severity, str]:
    """Return one rule's verdict, its severity, and of an error the reason."""
    return _judged(rule, case, _Seen(case))


def _judged(rule: Rule, case: Case, seen: _Seen) -> tuple[Verdict, Severity, str]:
    views = _Views(rule=rule, case=case, seen=seen)
    try:
        verdict = _verdict(rule, case, views)
    except EvaluationError as error:
        return Verdict.ERROR, rule.base, error.reason
    if verdict is Verdict.PASS:
        return verdict, rule.base, ""
    severity = _severity(rule, views)
    if case.drift.get("direction") == Direction.NARROWED.value:
        severity = min(severity, Severity.LOW)
    return verdict, severity, ""


def _judgement(rule: Rule, case: Case, seen: _Seen) -> Judgement | None:
    verdict, severity, error = _judged(rule, case, seen)
    if verdict is Verdict.PASS:
        return None
    return Judgement(
        rule=rule.id,
        title=rule.title,
        verdict=verdict,
        severity=severity,
        reason=error or rule.why,
        how=rule.how,
        mode=rule.mode,
        about=frozenset() if rule.of_drift or verdict is Verdict.ERROR else rule.attributes,
    )


class _Seen:
    """The variables of a case, made once for every rule that looks at the same side."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._by_side: dict[int, Activation] = {}
        self.alike = case.declared is not None and case.declared == case.live
        """Whether both sides are the same, so that one answer is enough."""

    def side(self, side: Side | None) -> Activation:
        found = self._by_side.get(id(side))
        if found is None:
            r = side if side is not None else {}
            found = activation(r=r, drift=self._case.drift, ctx=self._case.ctx)
            self._by_side[id(side)] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Views:
    """A rule's variables, side by side."""

    rule: Rule
    case: Case
    seen: _Seen

    def holds(self, expression: Expression, side: Side | None) -> bool:
        return evaluate(expression, self.seen.side(side).with_parameters(self.rule.parameters))


def _verdict(rule: Rule, case: Case, views: _Views) -> Verdict:
    kind = case.drift.get("kind")
    if case.live is None and rule.on_deleted == "violation":
        return Verdict.INTRODUCED
    if kind == DriftKind.UNMANAGED.value and rule.on_unmanaged != "evaluate":
        return Verdict.INTRODUCED if rule.on_unmanaged == "violation" else Verdict.PASS
    if rule.violation is None:
        return Verdict.PASS
    if rule.of_drift:
        held = views.holds(rule.violation, case.declared if case.live is None else case.live)
        return Verdict.INTRODUCED if held else Verdict.PASS
    live = case.live is not None and views.holds(rule.violation, case.live)
    if views.seen.alike:
        return _VERDICTS[live, live]
    declared = case.declared is not None and _declared(rule.violation, case, views, live=live)
    return _VERDICTS[declared, live]


def _declared(violation: Expression, case: Case, views: _Views, *, live: bool) -> bool:
    """Evaluate the declared side. An error there matters only where live violates the rule."""
    try:
        return views.holds(violation, case.declared)
    except EvaluationError:
        if live:
            raise
        return False


def _severity(rule: Rule, views: _Views) -> Severity:
    side = views.case.declared if views.case.live is None else views.case.live
    return next(_adjusted(rule, views, side), rule.base)


def _adjusted(rule: Rule, views: _Views, side: Side | None) -> Iterator[Severity]:
    for adjustment in rule.adjust:
        try:
            if views.holds(adjustment.when, side):
                yield adjustment.to
        except EvaluationError:  # evidence that is not there proves nothing
            continue
