"""From compared resources to findings: context, rules, exceptions, severity.

The stage between ``compare`` and what is told. Pure but for ``evidence``, which
is handed in and asked once, for the drifted resources whose rules want it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol, TypeAlias

from driftguard.model import (
    Address,
    Drift,
    DriftKind,
    ExceptionState,
    Finding,
    Judgement,
    Scope,
    Verdict,
)
from driftguard.policy.direction import direction_of
from driftguard.policy.judge import Case, judge
from driftguard.policy.rules import Policy
from driftguard.policy.sides import Side
from driftguard.policy.variables import drift_variable, tags_of
from driftguard.rate import rate
from driftguard.resources import TABLE

Wanted: TypeAlias = tuple[str, Scope, str]
"""A Terraform type, a scope and an id, of which evidence is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Evidence by what it is of; what could not be read is no key of it, and is warned of."""

    facts: Mapping[Wanted, Mapping[str, object]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    warnings: tuple[str, ...] = ()


Evidence: TypeAlias = Callable[[Sequence[Wanted]], Gathered]


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Matched(Protocol):
    """What this stage needs of the exceptions (``policy/exceptions.py``)."""

    def match(self, rule_id: str, address: Address, scope: Scope, now: datetime) -> str | None:
        """Return the id of the exception that accepts a rule's violation, or None."""

    def tally(self, now: datetime, used: Mapping[str, int]) -> tuple[ExceptionState, ...]:
        """Return how every exception stands; ``used`` counts what each accepted."""


def no_evidence(wanted: Sequence[Wanted]) -> Gathered:
    """Gather nothing: every rule keeps its base severity."""
    del wanted
    return Gathered()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """By what drifts are judged: the rules, their exceptions, the time, and the evidence."""

    policy: Policy = field(default_factory=Policy)
    exceptions: Matched | None = None
    now: datetime = _LONG_AGO
    evidence: Evidence = no_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A resource to be judged: its drift, and both sides as rules see them."""

    drift: Drift
    declared: Side | None
    live: Side | None
    live_id: str
    """Its id at AWS, within its collection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of it, worst first in each."""

    findings: tuple[Finding, ...]
    pre_existing: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    exceptions: tuple[ExceptionState, ...]
    warnings: tuple[str, ...]


def find(judged: Iterable[Judged], judging: Judging) -> Found:
    """Judge and rate every drift, and every violation without one."""
    resources = tuple(judged)
    gathered = _gathered(resources, judging)
    told = [_finding(one, gathered, judging) for one in resources]
    used: dict[str, int] = {}
    for finding in told:
        for one in finding.judgements:
            if one.exception is not None:
                used[one.exception] = used.get(one.exception, 0) + 1
    drifts = [one for one in told if one.drift.kind is not DriftKind.UNCHANGED]
    quiet = [one for one in told if one.drift.kind is DriftKind.UNCHANGED and one.judgements]
    states = judging.exceptions.tally(judging.now, used) if judging.exceptions else ()
    return Found(
        findings=ordered(one for one in drifts if one.exception is None),
        pre_existing=ordered(quiet),
        accepted=ordered(one for one in drifts if one.exception is not None),
        exceptions=states,
        warnings=(*gathered.warnings, *(one.note for one in states if one.note)),
    )


def _gathered(resources: Sequence[Judged], judging: Judging) -> Gathered:
    wanted = dict.fromkeys(
        _wanted(one)
        for one in resources
        if one.drift.kind is not DriftKind.UNCHANGED
        and judging.policy.asks(one.drift.address.type, "exposure")
    )
    return judging.evidence(tuple(wanted)) if wanted else Gathered()


def _wanted(one: Judged) -> Wanted:
    return one.drift.address.type, one.drift.scope, one.live_id


def _finding(one: Judged, gathered: Gathered, judging: Judging) -> Finding:
    drift = one.drift
    resource_type = TABLE[drift.address.type]
    direction = direction_of(resource_type, drift.kind, drift.changes, one.declared, one.live)
    case = Case(
        type=drift.address.type,
        declared=one.declared,
        live=one.live,
        drift=drift_variable(drift, direction),
        ctx=context_of(one, gathered.facts.get(_wanted(one), {})),
    )
    judgements = tuple(_excepted(found, drift, judging) for found in judge(judging.policy, case))
    finding = rate(TABLE, drift, judgements, direction)
    if drift.kind is DriftKind.UNCHANGED and judgements:
        return _pre_existing(finding)
    return finding


def _pre_existing(finding: Finding) -> Finding:
    worst = max(finding.judgements, key=lambda one: one.severity)
    return replace(
        finding,
        severity=worst.severity,
        verdict=worst.verdict,
        rule=worst.rule,
        reason=worst.title,
    )


def context_of(one: Judged, exposure: Mapping[str, object]) -> Mapping[str, object]:
    """Return what surrounds a resource, as expressions see it."""
    drift = one.drift
    return {
        "account": drift.scope.account,
        "region": drift.scope.region,
        "stack": drift.stack,
        "component": drift.component,
        "address": str(drift.address),
        "type": drift.address.type,
        "id": drift.id,
        "tags": tags_of(one.live, one.declared),
        "parameters": {},
        "exposure": dict(exposure),
    }


def _excepted(found: Judgement, drift: Drift, judging: Judging) -> Judgement:
    if judging.exceptions is None or found.verdict is Verdict.ERROR:
        return found
    exception = judging.exceptions.match(found.rule, drift.address, drift.scope, judging.now)
    return replace(found, exception=exception) if exception else found


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings worst first, then by address, scope and id."""
    return tuple(sorted(findings, key=_worst_first))


def _worst_first(finding: Finding) -> tuple[int, str, str, str]:
    drift = finding.drift
    return -finding.severity, str(drift.address), str(drift.scope), drift.id
