"""The report as annotations of a GitHub workflow: commands that its runner reads in the log.

GitHub keeps ten errors, ten warnings and ten notices of a step, so the worst
are annotated and the rest is counted; the job summary has the findings in full.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from driftguard.model import Drift, Finding, ScanReport, Severity
from driftguard.report.json import is_complete
from driftguard.report.judged import errors, rule_lines, undecided
from driftguard.report.layout import plural
from driftguard.report.markdown import render_markdown
from driftguard.report.neutral import neutral
from driftguard.report.sentences import (
    by_reason,
    change_lines,
    counted,
    headline,
    sentence,
    verdict,
    whereabouts,
)
from driftguard.report.telling import Telling
from driftguard.report.told import told

ANNOTATIONS = 10
"""Annotations of each level that GitHub keeps of one step."""
SUMMARY = 1024 * 1024
"""Bytes of a step's summary; GitHub drops one that is larger."""
LEAST_SUMMARY = 64 * 1024
CHANGES = 5
LONGEST = 160
REASONS = 3
RULES = 5
LONGEST_PROPERTY = 250
LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "notice",
        Severity.INFO: "notice",
    }
)


def render(report: ScanReport, telling: Telling) -> str:
    """Return the workflow commands, and a last line with the counts."""
    report = told(report)
    lines = [*_incomplete(report, strict=telling.strict), *_rule_errors(report)]
    lines += _undecided(report, strict=telling.strict)
    room = dict.fromkeys(LEVELS.values(), ANNOTATIONS)
    for level in room:
        room[level] -= sum(line.startswith(f"::{level} ") for line in lines)
    left: Counter[str] = Counter()
    for finding in report.findings:
        level = LEVELS[finding.severity]
        if room[level] > 0:
            room[level] -= 1
            lines.append(_annotation(finding, level, telling))
        else:
            left[finding.severity.label] += 1
    if left:
        named = ", ".join(f"{count:,} {label}" for label, count in left.items())
        lines.append(f"Not annotated, for GitHub keeps {ANNOTATIONS} of each level: {named}.")
    lines.append(f"DriftGuard: {headline(report)}. {counted(report)}.")
    return "\n".join((*lines, ""))


def render_summary(report: ScanReport, telling: Telling, *, written: int = 0) -> str:
    """Return the job summary as Markdown; ``written`` bytes stand in it already.

    Returns ``""`` where no room is left: GitHub would drop the whole of it.
    """
    room = SUMMARY - written - 1
    if room < LEAST_SUMMARY:
        return ""
    return render_markdown(report, telling, limit=room)


def _annotation(finding: Finding, level: str, telling: Telling) -> str:
    drift = finding.drift
    lines = [sentence(finding), ", ".join(whereabouts(drift)), *_rules(finding), *_changes(drift)]
    rest = len(drift.changes) - CHANGES
    if rest > 0:
        lines.append(f"… and {plural(rest, 'change')} more")
    named = f"{finding.rule} " if finding.rule else ""
    title = f"{finding.severity.label}: {named}{drift.kind.value} {drift.address}"
    properties = {"title": title, "file": telling.path(drift)}
    return _command(level, properties, lines)


def _rules(finding: Finding) -> Iterator[str]:
    for number, one in enumerate(rule_lines(finding)[:RULES]):
        yield f"{one.words}: {one.sentences}" if number == 0 or one.is_error else one.words


def _rule_errors(report: ScanReport) -> Iterator[str]:
    """Yield one annotation for all the rules that could not be evaluated."""
    found = errors(report)
    if found:
        lines = [f"{what}, at {where}" for what, where in found[:RULES]]
        rest = len(found) - RULES
        lines += [f"… and {plural(rest, 'error')} more"] if rest > 0 else []
        yield _command("error", {"title": "DriftGuard could not evaluate rules"}, lines)


def _undecided(report: ScanReport, *, strict: bool) -> Iterator[str]:
    found = [*undecided(report)]
    if found:
        lines = [*found[:RULES]]
        rest = len(found) - RULES
        lines += [f"… and {plural(rest, 'resource')} more"] if rest > 0 else []
        level = "error" if strict else "notice"
        yield _command(level, {"title": "Rules that can be decided only after the apply"}, lines)


def _changes(drift: Drift) -> Iterator[str]:
    for line in change_lines(drift, CHANGES, LONGEST):
        before = "" if line.declared is None else f"{line.declared} → "
        yield f"{line.path}: {before}{line.live}"


def _incomplete(report: ScanReport, *, strict: bool) -> Iterator[str]:
    if is_complete(report, strict=strict):
        return
    lines = [verdict(report, strict=strict)]
    lines += [neutral(one) for one in report.problems[:REASONS]]
    reasons = by_reason((*report.unreadable, *report.unsearched))
    lines += [f"{len(addresses):,}: {reason}" for reason, addresses in reasons[:REASONS]]
    yield _command("error", {"title": "DriftGuard could not read everything"}, lines)


def _command(level: str, properties: Mapping[str, str], lines: Sequence[str]) -> str:
    """Return one workflow command; properties and text are escaped as the runner unescapes them."""
    held = {key: neutral(text) for key, text in properties.items() if text}
    named = ",".join(f"{key}={_property(text)}" for key, text in held.items())
    return f"::{level} {named}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    text = text if len(text) <= LONGEST_PROPERTY else f"{text[:LONGEST_PROPERTY]}…"
    return _data(text).replace(":", "%3A").replace(",", "%2C")
