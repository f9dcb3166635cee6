"""A report fit to be told: tokens without their digests, and one order for the same input.

Digests are made with a key of the process, so what was ordered by them is put
in order again after they are gone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from driftguard.model import (
    Address,
    Change,
    Drift,
    ExceptionState,
    Finding,
    Json,
    Judgement,
    ScanReport,
    Scope,
    Unknown,
)
from driftguard.redact import shown


def told(report: ScanReport) -> ScanReport:
    """Return the report in the form that every renderer takes."""
    return replace(
        report,
        findings=_told_findings(report.findings),
        known=_told_findings(report.known),
        pre_existing=_told_findings(report.pre_existing),
        accepted=_told_findings(report.accepted),
        undecided=_told_findings(report.undecided),
        exceptions=tuple(_told_exception(one) for one in report.exceptions),
        unreadable=_told_unknowns(report.unreadable),
        unsearched=_told_unknowns(report.unsearched),
        unsupported=_told_counts(report.unsupported),
        problems=tuple(dict.fromkeys(_text(one) for one in report.problems)),
        warnings=tuple(dict.fromkeys(_text(one) for one in report.warnings)),
    )


def _told_findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(map(_told_finding, findings), key=_worst_first))


def _told_finding(finding: Finding) -> Finding:
    return replace(
        finding,
        drift=told_drift(finding.drift),
        rule=_text(finding.rule) if finding.rule is not None else None,
        reason=_text(finding.reason),
        judgements=tuple(_told_judgement(one) for one in finding.judgements),
        exception=_text(finding.exception) if finding.exception is not None else None,
    )


def _told_judgement(one: Judgement) -> Judgement:
    return replace(
        one,
        rule=_text(one.rule),
        title=_text(one.title),
        reason=_text(one.reason),
        how=_text(one.how),
        exception=_text(one.exception) if one.exception is not None else None,
    )


def _told_exception(one: ExceptionState) -> ExceptionState:
    return replace(one, id=_text(one.id), expires=_text(one.expires), note=_text(one.note))


def told_value(value: object) -> Json:
    """Return a value without digests, and without numbers that JSON does not have."""
    return _finite(shown(value))


def told_drift(drift: Drift) -> Drift:
    """Return a drift without digests, its changes ordered by path and value."""
    changes = [
        Change(
            path=_text(one.path),
            kind=one.kind,
            declared=told_value(one.declared),
            live=told_value(one.live),
        )
        for one in drift.changes
    ]
    return replace(
        drift,
        address=_told_address(drift.address),
        scope=_told_scope(drift.scope),
        id=_text(drift.id),
        stack=_text(drift.stack),
        component=_text(drift.component),
        changes=tuple(sorted(changes, key=_by_path)),
    )


def told_text(text: str) -> str:
    """Return a text without digests."""
    return _text(text)


def _text(text: str) -> str:
    return str(shown(text))


def _told_address(address: Address) -> Address:
    key = _text(address.key) if isinstance(address.key, str) else address.key
    return Address(
        module=_text(address.module), type=_text(address.type), name=_text(address.name), key=key
    )


def _told_scope(scope: Scope) -> Scope:
    return Scope(account=_text(scope.account), region=_text(scope.region))


def _told_counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    told_counts: Counter[str] = Counter()
    for name, count in counts.items():
        told_counts[_text(name)] += count
    return dict(sorted(told_counts.items()))


def _told_unknowns(unknowns: tuple[Unknown, ...]) -> tuple[Unknown, ...]:
    found = [
        replace(
            one,
            address=_text(one.address),
            reason=_text(one.reason),
            type=_text(one.type),
            scope=_told_scope(one.scope) if one.scope is not None else None,
        )
        for one in unknowns
    ]
    return tuple(sorted(found, key=lambda one: (one.address, one.reason, str(one.scope))))


def _worst_first(finding: Finding) -> tuple[int, str, str, str, str, str, str]:
    drift = finding.drift
    return (
        -finding.severity,
        str(drift.address),
        str(drift.scope),
        drift.id,
        drift.kind.value,
        drift.stack,
        json.dumps([[one.path, one.declared, one.live] for one in drift.changes]),
    )


def _by_path(change: Change) -> tuple[str, str, str]:
    return change.path, json.dumps(change.declared), json.dumps(change.live)


def _finite(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _finite(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return cast("Json", str(value))
