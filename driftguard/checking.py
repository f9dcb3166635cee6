"""Rules on what is written but not compared: a plan before its apply, or a state alone.

No AWS is asked. Of a plan, what is now stands in the place of the declaration
and what would be in the place of live: a violation that the plan makes is
introduced, one that it leaves as it is was there before. Of a state every
violation counts. What a rule needs and nobody knows before the apply leaves the
rule undecided: told and counted, never a pass, and with ``--strict`` incomplete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from driftguard.compare.selection import Selection
from driftguard.declared.places import Declarations
from driftguard.declared.plan import Action
from driftguard.declared.plan_seal import Plan, Planned
from driftguard.errors import CanonicalError
from driftguard.findings import Found, Judged, Judging, find, ordered
from driftguard.model import (
    Change,
    Declared,
    Drift,
    DriftKind,
    Finding,
    Judgement,
    ScanReport,
    Unknown,
    Verdict,
)
from driftguard.planned_changes import changes_of
from driftguard.policy.sides import side_of_attributes
from driftguard.policy.unknown import PlannedSide, planned_side
from driftguard.rate import rate
from driftguard.redact import Redactor
from driftguard.resource_type import ResourceType
from driftguard.resources import TABLE

_BLAMED = frozenset(one for one in Verdict if one.blames_drift)
_HELD = _BLAMED | {Verdict.PRE_EXISTING}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """One resource, ready to be judged."""

    judged: Judged
    unknown: frozenset[str] = frozenset()
    """Attributes that are not wholly known before the apply."""
    made: tuple[Change, ...] = ()
    """What a new resource would have; only what rules speak of is told."""


@dataclass(slots=True)
class _Checked:
    """What has been looked at so far."""

    looked: list[_Looked] = field(default_factory=list)
    unreadable: list[Unknown] = field(default_factory=list)
    unsupported: Counter[str] = field(default_factory=Counter)

    def take(self, declared: Declared, make: Callable[[ResourceType], _Looked]) -> None:
        """Look at one resource; what has another shape is unreadable, and counted."""
        resource_type = TABLE.get(declared.address.type)
        if resource_type is None:
            self.unsupported[declared.address.type] += 1
            return
        try:
            self.looked.append(make(resource_type))
        except CanonicalError as error:
            self._lose(declared, f"it can't be read: {error.message}")
        except Exception as error:  # noqa: BLE001  # one odd resource must not lose the others
            self._lose(declared, f"it can't be read: a value has another shape ({_name(error)})")

    def _lose(self, declared: Declared, reason: str) -> None:
        address = declared.address
        self.unreadable.append(Unknown(address=str(address), reason=reason, type=address.type))


def _name(error: Exception) -> str:
    return type(error).__name__


def check_plan(
    plan: Plan, judging: Judging, redactor: Redactor, selection: Selection
) -> ScanReport:
    """Judge what a plan would make."""
    checked = _Checked()
    chosen = [one for one in plan.resources if selection.takes(one.known.address)]
    for one in chosen:
        checked.take(one.known, partial(_planned, one, redactor))
    found = find((one.judged for one in checked.looked), judging)
    report = _of_plan(checked, found, judging)
    return replace(
        report,
        declared=len(chosen) + len(plan.unreadable),
        unreadable=_by_address([*checked.unreadable, *plan.unreadable]),
        excluded=len(plan.resources) - len(chosen),
        problems=plan.problems,
        warnings=(*plan.warnings, *found.warnings),
    )


def check_declared(
    declarations: Declarations, judging: Judging, selection: Selection
) -> ScanReport:
    """Judge what states declare; there is nothing to compare it with, so all of it counts."""
    checked = _Checked()
    chosen = [one for one in declarations.resources if selection.takes(one.address)]
    for one in chosen:
        checked.take(one, partial(_as_it_is, one))
    found = find((one.judged for one in checked.looked), judging)
    counting = [_counting(one, _HELD) for one in found.pre_existing]
    return ScanReport(
        declared=len(chosen) + len(declarations.unreadable),
        checked=len(checked.looked),
        findings=ordered(one for one in counting if one.exception is None),
        accepted=ordered(one for one in counting if one.exception is not None),
        exceptions=found.exceptions,
        unreadable=_by_address([*checked.unreadable, *declarations.unreadable]),
        unsupported=dict(sorted(checked.unsupported.items())),
        compared=False,
        excluded=len(declarations.resources) - len(chosen),
        problems=declarations.problems,
        warnings=(*declarations.warnings, *found.warnings),
    )


def _as_it_is(declared: Declared, resource_type: ResourceType) -> _Looked:
    side = side_of_attributes(resource_type, declared.attributes)
    drift = Drift.of(declared, DriftKind.UNCHANGED)
    return _Looked(judged=Judged(drift=drift, declared=side, live=side, live_id=declared.id))


def _planned(one: Planned, redactor: Redactor, resource_type: ResourceType) -> _Looked:
    before, after = _before(resource_type, one), _after(resource_type, one)
    changed = one.action not in (Action.NOTHING, Action.FORGET)
    kind = DriftKind.PLANNED if changed else DriftKind.UNCHANGED
    changes = tuple(changes_of(resource_type, one, redactor))
    made = one.action is Action.CREATE
    return _Looked(
        judged=Judged(
            drift=Drift.of(one.known, kind, () if made else changes),
            declared=before.side if before is not None else None,
            live=after.side if after is not None else None,
            live_id=one.known.id,
        ),
        unknown=after.unknown if after is not None else frozenset(),
        made=changes if made else (),
    )


def _before(resource_type: ResourceType, one: Planned) -> PlannedSide | None:
    if one.before is None or one.action is Action.CREATE:
        return None
    if one.action in (Action.NOTHING, Action.FORGET):
        return _after(resource_type, one)
    return PlannedSide(side=side_of_attributes(resource_type, one.before.attributes))


def _after(resource_type: ResourceType, one: Planned) -> PlannedSide | None:
    if one.after is None:
        return None
    return planned_side(resource_type, one.after.attributes, one.unknown)


def _of_plan(checked: _Checked, found: Found, judging: Judging) -> ScanReport:
    looked = {id(one.judged.drift): one for one in checked.looked}
    findings: list[Finding] = []
    pre_existing: list[Finding] = []
    undecided: list[Finding] = []
    for finding in (*found.findings, *found.accepted, *found.pre_existing):
        one = looked[id(finding.drift)]
        decided, waiting = _parted(finding.judgements, one, judging)
        if waiting:
            undecided.append(_undecided(finding, waiting))
        if any(judgement.verdict.blames_drift for judgement in decided):
            findings.append(_introduced(replace(finding, judgements=decided), one))
        elif any(judgement.verdict is Verdict.PRE_EXISTING for judgement in decided):
            pre_existing.append(_counting(replace(finding, judgements=decided), _HELD))
    return ScanReport(
        declared=0,
        checked=len(checked.looked),
        findings=ordered(one for one in findings if one.exception is None),
        accepted=ordered(one for one in findings if one.exception is not None),
        pre_existing=ordered(pre_existing),
        undecided=ordered(undecided),
        exceptions=found.exceptions,
        unsupported=dict(sorted(checked.unsupported.items())),
        compared=False,
    )


def _parted(
    judgements: Sequence[Judgement], one: _Looked, judging: Judging
) -> tuple[tuple[Judgement, ...], tuple[Judgement, ...]]:
    """Return what rules could say, and what they can't before the apply."""
    decided, waiting = [], []
    for judgement in judgements:
        needed = _needed(judgement, one, judging)
        if needed:
            reason = f"known only after apply: {', '.join(needed)}"
            waiting.append(replace(judgement, reason=reason))
        else:
            decided.append(judgement)
    return tuple(decided), tuple(waiting)


def _needed(judgement: Judgement, one: _Looked, judging: Judging) -> Sequence[str]:
    if judgement.verdict is not Verdict.ERROR:
        return ()
    rule = judging.policy.find(judgement.rule)
    if rule is None:
        return ()
    scope = one.judged.drift.scope
    nowhere = {"account": scope.account, "region": scope.region}
    untold = {name for name, value in nowhere.items() if not value} & rule.asks
    return sorted((rule.attributes & one.unknown) | untold)


def _undecided(finding: Finding, waiting: tuple[Judgement, ...]) -> Finding:
    worst = max(waiting, key=lambda one: one.severity)
    drift = replace(finding.drift, changes=())
    return Finding(
        drift=drift,
        severity=worst.severity,
        verdict=Verdict.ERROR,
        rule=worst.rule,
        reason="known only after apply",
        judgements=waiting,
    )


def _introduced(finding: Finding, one: _Looked) -> Finding:
    """Rate again, without what waits for the apply, and tell what the rules speak of."""
    told = finding
    if one.made:
        about = {name for judgement in finding.judgements for name in judgement.about}
        changes = tuple(change for change in one.made if change.root in about)
        # A rule of a group that is a resource of its own has no attribute that is the rule.
        told = replace(finding, drift=replace(finding.drift, changes=changes or one.made))
    if told.drift.kind is DriftKind.UNCHANGED:
        return _counting(told, _BLAMED)
    return rate(TABLE, told.drift, told.judgements, told.direction)


def _counting(finding: Finding, verdicts: frozenset[Verdict]) -> Finding:
    """Rate what was there before: the worst that no exception holds counts."""
    held = [one for one in finding.judgements if one.verdict in verdicts]
    open_ones = [one for one in held if one.exception is None]
    worst = max(open_ones or held, key=lambda one: one.severity)
    return replace(
        finding,
        severity=worst.severity,
        verdict=worst.verdict,
        rule=worst.rule,
        reason=worst.title,
        exception=None if open_ones else worst.exception,
    )


def _by_address(unknowns: Iterable[Unknown]) -> tuple[Unknown, ...]:
    return tuple(sorted(unknowns, key=lambda one: one.address))
