"""The report as JSON: stable, versioned, the same bytes for the same input.

The schema is ``driftguard/schemas/report.schema.json``. Text is written in
ASCII with escapes, so that nothing in it can act on a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from driftguard.model import (
    DriftKind,
    ExceptionState,
    Finding,
    Json,
    Judgement,
    ScanReport,
    Unknown,
)
from driftguard.report.telling import Telling
from driftguard.report.told import told

SCHEMA_VERSION = 1


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as JSON text."""
    return render_json(report, strict=telling.strict)


def render_json(report: ScanReport, *, strict: bool = False) -> str:
    """Return the report as JSON text that ends in a line break.

    With ``strict`` a type that is not read makes the scan incomplete.
    """
    report = told(report)
    document: dict[str, Json] = {
        "schema_version": SCHEMA_VERSION,
        "complete": is_complete(report, strict=strict),
        "compared": report.compared,
        "summary": {**summary(report)},
        "findings": [_finding(one) for one in report.findings],
        "known": [_finding(one) for one in report.known],
        "pre_existing": [_finding(one) for one in report.pre_existing],
        "accepted": [_finding(one) for one in report.accepted],
        "undecided": [_finding(one) for one in report.undecided],
        "exceptions": [_exception(one) for one in report.exceptions],
        "unreadable": _unknowns(report.unreadable),
        "unsearched": _unknowns(report.unsearched),
        "unsupported": [
            {"type": name, "count": count} for name, count in sorted(report.unsupported.items())
        ],
        "excluded": report.excluded,
        "problems": [*report.problems],
        "warnings": [*report.warnings],
    }
    return json.dumps(document, indent=2) + "\n"


def is_complete(report: ScanReport, *, strict: bool) -> bool:
    """Tell whether everything that should have been read was read, and judged."""
    return report.complete and not (strict and (report.unsupported or report.undecided))


def summary(report: ScanReport) -> dict[str, int]:
    """Return the counts; ``drifted`` is of declared resources, changed or missing.

    ``drifted`` and ``unmanaged`` are without what a baseline holds, which is ``known``.
    """
    unmanaged = sum(one.drift.kind is DriftKind.UNMANAGED for one in report.findings)
    return {
        "declared": report.declared,
        "checked": report.checked,
        "unreadable": len(report.unreadable),
        "unsupported": sum(report.unsupported.values()),
        "drifted": len(report.findings) - unmanaged if report.compared else 0,
        "violating": 0 if report.compared else len(report.findings),
        "unmanaged": unmanaged,
        "suppressed": len(report.suppressed),
        "known": len(report.known),
        "pre_existing": len(report.pre_existing),
        "accepted": len(report.accepted),
        "undecided": len(report.undecided),
        "rule_errors": len(report.rule_errors),
    }


def _finding(finding: Finding) -> Json:
    drift = finding.drift
    return {
        "address": str(drift.address),
        "type": drift.address.type,
        "id": drift.id,
        "scope": {"account": drift.scope.account, "region": drift.scope.region},
        "stack": drift.stack,
        "component": drift.component,
        "kind": drift.kind.value,
        "severity": finding.severity.label,
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "direction": finding.direction.value,
        "exception": finding.exception,
        "judgements": [_judgement(one) for one in finding.judgements],
        "fingerprint": drift.fingerprint,
        "changes": [
            {
                "path": change.path,
                "kind": change.kind.value,
                "declared": change.declared,
                "live": change.live,
            }
            for change in drift.changes
        ],
    }


def _judgement(one: Judgement) -> Json:
    return {
        "rule": one.rule,
        "title": one.title,
        "verdict": one.verdict.value,
        "severity": one.severity.label,
        "reason": one.reason,
        "how": one.how,
        "mode": one.mode.value,
        "exception": one.exception,
    }


def _exception(one: ExceptionState) -> Json:
    return {
        "id": one.id,
        "state": one.state,
        "expires": one.expires,
        "matched": one.matched,
        "note": one.note,
    }


def _unknowns(unknowns: Iterable[Unknown]) -> list[Json]:
    return [{"address": one.address, "reason": one.reason} for one in unknowns]
