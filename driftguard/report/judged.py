"""What rules say of a finding, in words that every medium shares.

Plain text, harmless in a terminal; each medium escapes it for itself. The rule
that gave the finding its severity comes first, then the others, worst first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from driftguard.model import Finding, Judgement, ScanReport, Verdict
from driftguard.report.layout import plural
from driftguard.report.neutral import neutral
from driftguard.report.pages import rule_page

JUDGEMENTS = 40
"""Judgements told of one finding; a resource that violates more is told in the JSON report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """What one rule says, as text."""

    rule: str
    title: str
    severity: str
    why: str
    """Why it matters; of an error, why the rule could not be evaluated."""
    how: str = ""
    note: str = ""
    """What sets it apart: an error, a violation that was declared so, an exception."""
    is_error: bool = False
    page: str = ""

    @property
    def words(self) -> str:
        """The rule in one line, without why and how."""
        noted = f"; {self.note}" if self.note else ""
        return f"{self.rule} {self.title} ({self.severity}{noted})"

    @property
    def sentences(self) -> str:
        """Why it matters and how it is put back; of an error, what was the matter."""
        if self.is_error:
            return f"This rule could not be evaluated: {self.why}"
        return " ".join(part for part in (self.why, self.how) if part)


NOTES = {
    Verdict.ERROR: "RULE ERROR",
    Verdict.PRE_EXISTING: "declared so",
    Verdict.FIXED: "no longer violated",
}


def rule_lines(finding: Finding, pages: str = "") -> tuple[RuleLine, ...]:
    """Return what rules say of a finding, the one that it is named after first."""
    first = [one for one in finding.judgements if one.rule == finding.rule]
    others = [one for one in finding.judgements if one.rule != finding.rule]
    return tuple(_line(one, pages) for one in (*first, *others)[:JUDGEMENTS])


def more_judgements(finding: Finding) -> str:
    """Say how many judgements are not told, ``""`` where all are."""
    rest = len(finding.judgements) - JUDGEMENTS
    return f"… and {plural(rest, 'rule')} more, in the JSON report" if rest > 0 else ""


def _line(one: Judgement, pages: str) -> RuleLine:
    notes = [NOTES[one.verdict]] if one.verdict in NOTES else []
    notes += [f"accepted by the exception {neutral(one.exception)}"] if one.exception else []
    return RuleLine(
        rule=neutral(one.rule),
        title=neutral(one.title),
        severity=one.severity.label,
        why=neutral(one.reason),
        how=neutral(one.how),
        note=", ".join(notes),
        is_error=one.verdict is Verdict.ERROR,
        page=rule_page(pages, one.rule),
    )


def errors(report: ScanReport) -> Sequence[tuple[str, str]]:
    """Return what is to be said loudly: each rule that could not be evaluated, and why."""
    told = (*report.findings, *report.known, *report.pre_existing, *report.accepted)
    found: dict[tuple[str, str], list[str]] = {}
    for finding in told:
        for one in finding.judgements:
            if one.verdict is Verdict.ERROR:
                place = neutral(str(finding.drift.address))
                found.setdefault((neutral(one.rule), neutral(one.reason)), []).append(place)
    return [(f"{rule}: {reason}", _of(places)) for (rule, reason), places in sorted(found.items())]


def _of(places: Sequence[str]) -> str:
    rest = len(places) - 1
    return f"{places[0]} and {plural(rest, 'resource')} more" if rest else places[0]


def undecided(report: ScanReport) -> Iterator[str]:
    """Yield, for each resource, which rules wait for the apply and for which attributes."""
    for finding in report.undecided:
        needed = dict.fromkeys(one.reason.partition(": ")[2] for one in finding.judgements)
        names = dict.fromkeys(name for one in needed for name in one.split(", "))
        count = plural(len(finding.judgements), "rule")
        yield neutral(f"{finding.drift.address}: {count}, for want of {', '.join(names)}")


def exceptions(report: ScanReport) -> Iterator[str]:
    """Yield a sentence for each exception, in force or not."""
    for one in report.exceptions:
        accepted = f"accepts {plural(one.matched, 'judgement')}"
        yield neutral(f"{one.id}: {one.state}, expires {one.expires}, {accepted}")
