"""The report as JUnit XML, the dialect that every CI system reads as test results.

Drift is a failure, what could not be read an error, a type that is not read is
skipped. What was found as declared is one passed case that tells its number:
a case for each of 100,000 resources would choke the pages that show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from driftguard.model import DriftKind, Finding, ScanReport, Unknown
from driftguard.report.judged import errors, more_judgements, rule_lines, undecided
from driftguard.report.layout import plural
from driftguard.report.neutral import neutral
from driftguard.report.sentences import (
    SAID_OF,
    change_lines,
    clean_count,
    object_id,
    unsupported_types,
    whereabouts,
)
from driftguard.report.telling import Telling
from driftguard.report.told import told

CHANGES = 100
LONGEST = 2000
"""Characters of one side of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case; ``outcome`` is ``failure``, ``error``, ``skipped`` or ``""``, passed."""

    group: str
    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as JUnit XML."""
    report = told(report)
    suites = (
        ("declared resources", _declared(report, strict=telling.strict)),
        ("unmanaged resources", _unmanaged(report)),
        ("rules", _rules(report, strict=telling.strict)),
        ("declarations", _problems(report)),
    )
    return render_suites(suites)


def render_suites(suites: Iterable[tuple[str, Iterable[Case]]]) -> str:
    """Return (name, cases) of each suite as JUnit XML; an empty suite is left out."""
    root = ET.Element("testsuites", name="DriftGuard")
    everything: list[Case] = []
    for name, cases in suites:
        held = list(cases)
        everything += held
        if held:
            _suite(root, name, held)
    _count(root, everything)
    ET.indent(root)
    # ElementTree escapes markup; what XML 1.0 can't hold at all, neutral() has shown as escapes.
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _declared(report: ScanReport, *, strict: bool) -> Iterator[Case]:
    for finding in report.findings:
        if finding.drift.kind is not DriftKind.UNMANAGED:
            yield _drifted(finding)
    yield from _unknown(report.unreadable, "unreadable")
    for name, count in unsupported_types(report):
        message = f"{plural(count, 'declared resource')} of a type that DriftGuard does not read"
        outcome = "error" if strict else "skipped"
        yield Case(group=name, name=name, outcome=outcome, kind="unsupported", message=message)
    clean = clean_count(report)
    if clean:
        words = "as declared" if report.compared else "without a violation"
        yield Case(group=words, name=f"{plural(clean, 'resource')} {words}")
    if report.known:
        known = plural(len(report.known), "finding")
        message = f"{known} that the baseline holds already"
        yield Case(group="baseline", name="known drift", outcome="skipped", message=message)
    if not report.declared:
        yield Case(group="declared", name="nothing is declared", outcome="skipped")


def _unmanaged(report: ScanReport) -> Iterator[Case]:
    for finding in report.findings:
        if finding.drift.kind is DriftKind.UNMANAGED:
            yield _drifted(finding)
    yield from _unknown(report.unsearched, "unsearched")


def _rules(report: ScanReport, *, strict: bool) -> Iterator[Case]:
    """Yield what rules say beside the drifts: errors, what is not counted, what has to wait."""
    for what, where in errors(report):
        rule = what.partition(":")[0]
        message = f"RULE ERROR {what}, at {where}"
        yield Case(group=rule, name=what, outcome="error", kind="rule-error", message=message)
    groups = (
        ("declared so", report.pre_existing, "declared so already"),
        ("accepted", report.accepted, "accepted by an exception"),
    )
    for group, findings, words in groups:
        for finding in findings:
            case = _drifted(finding)
            yield replace(
                case,
                group=f"{group}.{case.group}",
                outcome="skipped",
                kind="",
                message=f"{words}: {case.message}",
            )
    for one in undecided(report):
        message = "known only after the apply"
        outcome = "error" if strict else "skipped"
        yield Case(group="undecided", name=one, outcome=outcome, kind="undecided", message=message)


def _problems(report: ScanReport) -> Iterator[Case]:
    for number, problem in enumerate(report.problems, 1):
        message = neutral(problem)
        name = f"declaration {number}"
        yield Case(
            group="declarations", name=name, outcome="error", kind="problem", message=message
        )


def _drifted(finding: Finding) -> Case:
    drift = finding.drift
    changed = ", ".join(dict.fromkeys(line.path for line in change_lines(drift, CHANGES, 1)))
    reason = f"{SAID_OF[drift.kind]}{f': {changed}' if changed else ''}"
    return Case(
        group=".".join(filter(None, (neutral(drift.stack), neutral(drift.address.type)))),
        name=neutral(f"{drift.address} in {str(drift.scope).strip('/') or 'an unknown scope'}"),
        outcome="failure",
        kind=drift.kind.value,
        message=f"{finding.severity.label}: {_named(finding)}{reason}",
        text="\n".join(_lines(finding)),
    )


def _named(finding: Finding) -> str:
    return f"{neutral(finding.rule)} {neutral(finding.reason)}: " if finding.rule else ""


def _rule_text(finding: Finding) -> Iterator[str]:
    for one in rule_lines(finding):
        yield f"rule: {one.words}"
        yield f"  {one.sentences}"
    if more_judgements(finding):
        yield more_judgements(finding)


def _lines(finding: Finding) -> Iterator[str]:
    drift = finding.drift
    yield f"severity: {finding.severity.label}"
    yield from ([f"id: {object_id(drift)}"] if object_id(drift) else [])
    yield f"where: {', '.join(whereabouts(drift))}"
    yield f"fingerprint: {drift.fingerprint}"
    yield from _rule_text(finding)
    for line in change_lines(drift, CHANGES, LONGEST):
        if line.declared is None:
            yield f"{line.path}: {line.live}"
        else:
            yield from (f"{line.path}:", f"  declared  {line.declared}", f"  live      {line.live}")
    rest = len(drift.changes) - CHANGES
    if rest > 0:
        yield f"… and {plural(rest, 'change')} more"


def _unknown(unknowns: Iterable[Unknown], kind: str) -> Iterator[Case]:
    for one in unknowns:
        yield Case(
            group=f"{kind}.{neutral(one.type)}" if one.type else kind,
            name=neutral(one.address),
            outcome="error",
            kind=kind,
            message=neutral(one.reason),
        )


def _suite(root: ET.Element, name: str, cases: list[Case]) -> None:
    suite = ET.SubElement(root, "testsuite", name=name)
    _count(suite, cases)
    for one in cases:
        case = ET.SubElement(suite, "testcase", classname=one.group, name=one.name)
        if not one.outcome:
            continue
        outcome = ET.SubElement(case, one.outcome, message=one.message)
        if one.kind and one.outcome != "skipped":
            outcome.set("type", one.kind)
        outcome.text = one.text or None


def _count(element: ET.Element, cases: Iterable[Case]) -> None:
    outcomes = [one.outcome for one in cases]
    element.set("tests", str(len(outcomes)))
    element.set("failures", str(outcomes.count("failure")))
    element.set("errors", str(outcomes.count("error")))
    element.set("skipped", str(outcomes.count("skipped")))
