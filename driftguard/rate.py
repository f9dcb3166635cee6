"""A drift, its type's table and what rules say of it make a finding. Pure.

Rules come first: the worst of those that count gives severity and reason. A
change that no rule speaks of has its attribute's severity, else the type's. A
drift that only narrows access is never worse than low.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from driftguard.model import (
    Change,
    Direction,
    Drift,
    DriftKind,
    Finding,
    Judgement,
    Severity,
    Verdict,
)
from driftguard.resource_type import ResourceType


def rate(
    types: Mapping[str, ResourceType],
    drift: Drift,
    judgements: tuple[Judgement, ...] = (),
    direction: Direction = Direction.NEUTRAL,
) -> Finding:
    """Return the finding for one drift of a known type.

    ``judgements`` stand worst first. Where exceptions accept all that rules hold
    against it, and nothing else differs, the finding carries the first exception.
    """
    counting = [one for one in judgements if one.verdict.blames_drift]
    open_ones = [one for one in counting if one.exception is None]
    worst = open_ones[0] if open_ones else None
    rest = _unspoken(drift, counting)
    table = _table_severity(types[drift.address.type], drift, rest)
    severities = [one.severity for one in open_ones]
    if table is not None:
        severities.append(table)
    accepted = counting[0] if counting and not severities else None
    severity = max(severities, default=accepted.severity if accepted else Severity.INFO)
    if direction is Direction.NARROWED:
        severity = min(severity, Severity.LOW)
    told = worst or accepted
    return Finding(
        drift=drift,
        severity=severity,
        verdict=told.verdict if told else Verdict.INTRODUCED,
        rule=told.rule if told else None,
        reason=told.title if told else _REASONS[drift.kind],
        direction=direction,
        judgements=judgements,
        exception=accepted.exception if accepted else None,
    )


_REASONS: Mapping[DriftKind, str] = {
    DriftKind.MISSING: "it is gone",
    DriftKind.UNMANAGED: "nothing declares it",
    DriftKind.CHANGED: "it is not as declared",
    DriftKind.UNCHANGED: "it was declared so",
    DriftKind.PLANNED: "the plan would make it so",
}


def _unspoken(drift: Drift, judgements: Iterable[Judgement]) -> tuple[Change, ...] | None:
    """Return the changes that no rule speaks of; None where rules speak of all that happened.

    A rule about the drift as a whole speaks of what is gone or undeclared. Of
    changes it hides none: a low one must not cover a high one that no rule names.
    """
    spoken = [one for one in judgements if one.verdict is not Verdict.ERROR]
    if spoken and drift.kind is not DriftKind.CHANGED:
        return None
    told = {name for one in spoken for name in one.about}
    return tuple(one for one in drift.changes if one.root not in told)


def _table_severity(
    resource_type: ResourceType, drift: Drift, rest: tuple[Change, ...] | None
) -> Severity | None:
    """Return what the type's own table says of a drift; None where rules have said it all."""
    if rest is None or drift.kind in (DriftKind.UNCHANGED, DriftKind.PLANNED):
        return None
    if drift.kind is DriftKind.MISSING:
        return resource_type.severity_missing
    if drift.kind is DriftKind.UNMANAGED:
        return resource_type.severity_unmanaged
    if drift.changes and not rest:
        return None
    severities = [_severity(resource_type, change.path) for change in rest]
    return max(severities, default=resource_type.severity)


def _severity(resource_type: ResourceType, path: str) -> Severity:
    """Return the severity of the attribute a path lies in, else the type's."""
    attribute = resource_type.attribute_at(path)
    if attribute is None or attribute.severity is None:
        return resource_type.severity
    return attribute.severity
