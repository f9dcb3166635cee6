"""Sentences that several media share: the verdict, the counts, where a thing is, what changed.

Plain text, harmless in a terminal (``neutral.py``); each medium escapes them for itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from driftguard.model import Drift, DriftKind, Finding, ScanReport, Severity, Unknown
from driftguard.report.json import is_complete, summary
from driftguard.report.layout import plural
from driftguard.report.neutral import neutral
from driftguard.report.values import LONGEST, sides

SAID_OF: dict[DriftKind, str] = {
    DriftKind.CHANGED: "is not as declared",
    DriftKind.MISSING: "is declared and does not exist",
    DriftKind.UNMANAGED: "exists and nothing declares it",
    DriftKind.UNCHANGED: "is declared so",
    DriftKind.PLANNED: "would be so by the plan",
}
"""What is said of a resource that drifted, by the way in which it did."""

WORST_FIRST = tuple(sorted(Severity, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change as text; ``declared`` is None where only live has a say."""

    path: str
    declared: str | None
    live: str


def headline(report: ScanReport) -> str:
    """Say in a few words what was found."""
    if not report.findings:
        found = "no drift" if report.compared else "no violation"
    else:
        by_severity = Counter(one.severity for one in report.findings)
        named = (f"{by_severity[one]:,} {one.label}" for one in WORST_FIRST if by_severity[one])
        found = f"{plural(len(report.findings), 'finding')} ({', '.join(named)})"
    new = "new since the baseline: " if report.known else ""
    return f"{new}{found}"


def verdict(report: ScanReport, *, strict: bool) -> str:
    """Say in one sentence what the scan's answer is worth."""
    if not is_complete(report, strict=strict):
        unread = report.complete and "not everything could be judged"
        why = unread or "not everything could be read"
        may = "differ" if report.compared else "violate rules"
        return f"Incomplete: {why}, so what is not listed may {may} too."
    if not report.declared and not report.findings:
        return f"Nothing to {'compare' if report.compared else 'check'}: no resource is declared."
    done = "compared" if report.compared else "judged by rules"
    return f"Complete: {plural(report.checked, 'declared resource')} {done}."


def counted(report: ScanReport) -> str:
    """Write the counts that every report has, and those that only some have."""
    counts = summary(report)
    words = [f"{counts[name]:,} {name}" for name in counted_names(report)]
    words += [f"{counts[name]:,} {SOMETIMES[name]}" for name in SOMETIMES if counts[name]]
    if report.known:
        words.append(f"{counts['known']:,} known from the baseline")
    if report.excluded:
        words.append(f"{report.excluded:,} left out as asked")
    return ", ".join(words)


SOMETIMES: Mapping[str, str] = {
    "pre_existing": "declared so",
    "accepted": "accepted by exceptions",
    "undecided": "known only after apply",
    "rule_errors": "not evaluated",
}
"""Counts that are told where there is something to count, each with its words."""


def counted_names(report: ScanReport) -> Sequence[str]:
    """Return the counts that are always told."""
    always = ("checked", "unreadable", "unsupported")
    compared = ("drifted", "unmanaged", "suppressed")
    return (*always, *compared) if report.compared else (*always, "violating")


def clean_count(report: ScanReport) -> int:
    """Return how many declared resources were checked and found as declared."""
    unread = {(one.address, one.scope) for one in report.unreadable}
    told = (*report.findings, *report.known, *report.accepted)
    told = told if report.compared else (*told, *report.pre_existing, *report.undecided)
    drifts = {(one.drift.address, one.drift.scope, one.drift.id): one.drift for one in told}
    drifted = sum(
        one.kind is not DriftKind.UNMANAGED and (str(one.address), one.scope) not in unread
        for one in drifts.values()
    )
    return max(report.checked - drifted, 0)


def object_id(drift: Drift) -> str:
    """Return AWS's id where the address does not hold it already."""
    return "" if str(drift.address.key) == drift.id else neutral(drift.id)


def whereabouts(drift: Drift) -> tuple[str, ...]:
    """Return where a drifted resource is: its scope, its stack and component."""
    parts = [neutral(str(drift.scope)).strip("/")]
    if drift.stack:
        parts.append(f"stack {neutral(drift.stack)}")
    if drift.component:
        parts.append(f"component {neutral(drift.component)}")
    return tuple(part for part in parts if part)


def change_lines(drift: Drift, most: int, longest: int = LONGEST) -> tuple[ChangeLine, ...]:
    """Return at most ``most`` changes, each side cut to ``longest`` characters."""
    lines = []
    for change in drift.changes[:most]:
        both = sides(change.declared, change.live, longest)
        declared = None if drift.kind is DriftKind.UNMANAGED else both.declared
        lines.append(ChangeLine(path=neutral(change.path), declared=declared, live=both.live))
    return tuple(lines)


def sentence(finding: Finding) -> str:
    """Say in one sentence what is the matter, without values."""
    drift = finding.drift
    named = f": {neutral(finding.reason)}" if finding.rule else ""
    return f"{neutral(str(drift.address))} {SAID_OF[drift.kind]}{named}"


def by_reason(unknowns: Iterable[Unknown]) -> Sequence[tuple[str, Sequence[str]]]:
    """Group what is unknown by its reason, the most frequent first."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in unknowns:
        groups[neutral(one.reason)].append(neutral(one.address))
    return sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def unsupported_types(report: ScanReport) -> Sequence[tuple[str, int]]:
    """Return the types that are not read with their counts, the most frequent first."""
    found = ((neutral(name), count) for name, count in report.unsupported.items())
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
