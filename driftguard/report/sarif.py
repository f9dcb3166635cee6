"""The report as SARIF 2.1.0, so that code scanning tools show and follow each drift.

A rule for each resource type and kind of drift; a fingerprint of ours for each
result. What could not be read is a notification, and the invocation then did
not succeed: no tool may take the silence for a clean answer.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import quote

import driftguard
from driftguard.model import Drift, DriftKind, Finding, Json, ScanReport, Severity, Unknown
from driftguard.report.json import is_complete, summary
from driftguard.report.neutral import neutral
from driftguard.report.sentences import SAID_OF, change_lines, sentence, whereabouts
from driftguard.report.telling import Telling
from driftguard.report.told import told

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RESULTS = 25_000
"""Results in a file; GitHub refuses one with more."""
CHANGES = 20
"""Changes named in a result's message; all are among its properties."""
LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "note",
        Severity.INFO: "note",
    }
)
SECURITY_SEVERITY: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "9.5",
        Severity.HIGH: "8.0",
        Severity.MEDIUM: "5.5",
        Severity.LOW: "2.0",
        Severity.INFO: "0.5",
    }
)
"""The middle of each range that GitHub gives a name to."""
Object: TypeAlias = dict[str, Json]

_HELP = (
    "Run `driftguard explain ADDRESS` with the same options to see what was compared and how."
    " Then either bring AWS back to the declaration, or declare what is there now."
)


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as a SARIF log file with one run."""
    report = told(report)
    run: Object = {
        "tool": {"driver": _driver(report)},
        "invocations": [_invocation(report, strict=telling.strict)],
        "columnKind": "unicodeCodePoints",
        "results": [*_results(report, telling)],
        "properties": {"summary": {**summary(report)}},
    }
    log: Object = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _driver(report: ScanReport) -> Object:
    return {
        "name": "DriftGuard",
        "version": driftguard.__version__,
        "semanticVersion": driftguard.__version__,
        "rules": [_rule(*pair) for pair in _rules(report).items()],
        "notifications": [
            {"id": name, "shortDescription": _message(text)} for name, text in _NOTICES.items()
        ],
    }


_NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "A declared resource could not be read.",
        "unsearched": "Unmanaged resources could not be searched for.",
        "problem": "A declaration could not be read.",
        "unsupported": "Declared resources of a type that is not read.",
        "warning": "Worth knowing.",
        "left-out": "Results were left out.",
    }
)


def _rules(report: ScanReport) -> Mapping[str, Sequence[Finding]]:
    """Return the findings by the id of their rule, in the order of the ids."""
    rules: dict[str, list[Finding]] = {}
    for finding in report.findings[:RESULTS]:
        rules.setdefault(_rule_id(finding), []).append(finding)
    return dict(sorted(rules.items()))


def _rule_id(finding: Finding) -> str:
    return finding.rule or f"{neutral(finding.drift.address.type)}/{finding.drift.kind.value}"


def _rule(rule_id: str, findings: Sequence[Finding]) -> Object:
    """Describe a rule; GitHub takes the severity from here, so it is the worst one found."""
    worst = max(one.severity for one in findings)
    drift = findings[0].drift
    kind = neutral(drift.address.type)
    return {
        "id": rule_id,
        "name": f"{kind} {drift.kind.value}",
        "shortDescription": _message(f"An {kind} {SAID_OF[drift.kind]}"),
        "fullDescription": _message(_FULL[drift.kind]),
        "help": _message(_HELP),
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": {
            "tags": ["security", "terraform", "drift", drift.kind.value],
            "security-severity": SECURITY_SEVERITY[worst],
        },
    }


_FULL: Mapping[DriftKind, str] = MappingProxyType(
    {
        DriftKind.CHANGED: "The live resource differs from what the Terraform state declares.",
        DriftKind.MISSING: "The Terraform state declares the resource, and AWS does not have it.",
        DriftKind.UNMANAGED: "AWS has the resource, and none of the Terraform states declares it.",
        DriftKind.UNCHANGED: "The resource is as the Terraform state declares it, and that is bad.",
        DriftKind.PLANNED: "The Terraform plan would make the resource so.",
    }
)


def _results(report: ScanReport, telling: Telling) -> Iterator[Json]:
    places = {rule_id: number for number, rule_id in enumerate(_rules(report))}
    seen: Counter[str] = Counter()
    for finding in report.findings[:RESULTS]:
        drift, rule_id = finding.drift, _rule_id(finding)
        seen[drift.fingerprint] += 1
        result: Object = {
            "ruleId": rule_id,
            "ruleIndex": places[rule_id],
            "level": LEVELS[finding.severity],
            "message": _message(_told_in_full(finding)),
            "locations": [_location(drift, telling)],
            "partialFingerprints": _fingerprints(drift, seen[drift.fingerprint]),
            "properties": _properties(finding),
        }
        if report.known:
            result["baselineState"] = "new"
        yield result


def _told_in_full(finding: Finding) -> str:
    """Say what differs: GitHub shows this text and no property."""
    drift = finding.drift
    lines = [f"{sentence(finding)} ({finding.severity.label})", ", ".join(whereabouts(drift))]
    for line in change_lines(drift, CHANGES):
        sides = line.live if line.declared is None else f"{line.declared} → {line.live}"
        lines.append(f"{line.path}: {sides}")
    rest = len(drift.changes) - CHANGES
    return "\n".join((*lines, f"… and {rest:,} changes more") if rest > 0 else lines)


def _fingerprints(drift: Drift, occurrence: int) -> Object:
    """Name the drift for every tool, and for GitHub under the one name that it looks at."""
    name = f"{drift.fingerprint}:{occurrence}"
    return {"driftguard/v1": name, "primaryLocationLineHash": name}


def _location(drift: Drift, telling: Telling) -> Object:
    """Say where it is declared; a path made of the place where that is no file at hand.

    GitHub shows no result without a path, and refuses a file whose URIs have a scheme.
    """
    path = telling.path(drift) or _as_path(telling.place(drift)) or _in_account(drift)
    artifact: Object = {"uri": quote(path, errors="surrogatepass"), "uriBaseId": "%SRCROOT%"}
    logical: Object = {
        "name": neutral(drift.address.name),
        "fullyQualifiedName": neutral(str(drift.address)),
        "kind": "resource",
    }
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}},
        "logicalLocations": [logical],
    }


def _as_path(place: str) -> str:
    parts = neutral(place).replace("://", "/").replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _in_account(drift: Drift) -> str:
    return _as_path(f"aws/{drift.scope.account or 'account'}/{drift.scope.region or 'region'}")


def _properties(finding: Finding) -> Object:
    drift = finding.drift
    return {
        "address": str(drift.address),
        "type": drift.address.type,
        "id": drift.id,
        "account": drift.scope.account,
        "region": drift.scope.region,
        "stack": drift.stack,
        "component": drift.component,
        "kind": drift.kind.value,
        "severity": finding.severity.label,
        "security-severity": SECURITY_SEVERITY[finding.severity],
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


def _invocation(report: ScanReport, *, strict: bool) -> Object:
    notices = [*_unknowns("unreadable", report.unreadable)]
    notices += _unknowns("unsearched", report.unsearched)
    notices += [_notice("problem", "error", one) for one in report.problems]
    for name, count in sorted(report.unsupported.items()):
        level = "error" if strict else "note"
        notices.append(_notice("unsupported", level, f"{name}: {count:,} declared, not read"))
    notices += [_notice("warning", "note", one) for one in report.warnings]
    rest = len(report.findings) - RESULTS
    if rest > 0:
        text = f"{rest:,} results more were left out, none of them worse."
        notices.append(_notice("left-out", "warning", text))
    return {
        "executionSuccessful": is_complete(report, strict=strict),
        "toolExecutionNotifications": notices,
    }


def _unknowns(name: str, unknowns: Iterable[Unknown]) -> Iterator[Json]:
    for one in unknowns:
        notice = _notice(name, "error", f"{one.address}: {one.reason}")
        logical: Object = {"fullyQualifiedName": neutral(one.address), "kind": "resource"}
        yield {**notice, "locations": [{"logicalLocations": [logical]}]}


def _notice(name: str, level: str, text: str) -> Object:
    return {"descriptor": {"id": name}, "level": level, "message": _message(neutral(text))}


def _message(text: str) -> Object:
    """Make a message of a plain text, which can hold no placeholder and no link.

    Braces are doubled as section 3.11.5 asks; ``[text](target)`` of section
    3.11.6 is parted.
    """
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}
