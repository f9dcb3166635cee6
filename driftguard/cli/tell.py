"""How a scan or a check ends: its reports, what standard error says, and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from driftguard.cli.output import terminal
from driftguard.cli.report_files import ReportFiles
from driftguard.cli.run import Exit, Run
from driftguard.cli.source import Source
from driftguard.model import ScanReport, Severity
from driftguard.policy.rules import Rule
from driftguard.report.json import is_complete, summary
from driftguard.report.layout import plural
from driftguard.report.pages import project_pages
from driftguard.report.telling import Declaration, Telling
from driftguard.settings.fields import Settings

_REASONS = 5
"""Reasons told on standard error where the report itself is not on the screen."""


def telling_for(
    places: Mapping[Declaration, str], rules: Iterable[Rule], settings: Settings, *, colour: bool
) -> Telling:
    """Return how reports are told on this terminal."""
    screen = terminal(colour=colour)
    return Telling(
        strict=settings.strict,
        width=screen.width,
        colour=screen.colour,
        places=places,
        rules={rule.id: rule for rule in rules},
        pages=settings.policy.pages.rstrip("/") or project_pages(),
    )


def tell(run: Run, report: ScanReport, reports: ReportFiles, telling: Telling) -> None:
    """Write the report everywhere, and on standard error what the screen does not show."""
    reports.write(report, telling)
    if reports.names:
        counts = ", ".join(f"{count:,} {name}" for name, count in summary(report).items())
        run.warn(f"{reports.names}: {counts}")
    if reports.on_screen != "table":
        for sentence in incomplete(report, strict=telling.strict):
            run.say(sentence)


def exit_code(report: ScanReport, source: Source) -> int:
    """Return 1 for drift that counts, 2 where nobody can tell, else 0."""
    least = Severity[source.settings.fail_on.upper()]
    if any(finding.severity >= least for finding in report.findings):
        return int(Exit.DRIFT)
    complete = is_complete(report, strict=source.settings.strict)
    return int(Exit.CLEAN if complete else Exit.UNKNOWN)


def incomplete(report: ScanReport, *, strict: bool) -> Iterator[str]:
    """Yield why a scan could not tell, for whoever does not see the report."""
    if is_complete(report, strict=strict):
        return
    yield "Incomplete: not everything could be read."
    yield from (f"  {problem}" for problem in report.problems[:_REASONS])
    unknown = Counter(one.reason for one in (*report.unreadable, *report.unsearched))
    yield from (f"  {count:,}  {reason}" for reason, count in unknown.most_common(_REASONS))
    rest = len(unknown) - _REASONS
    if rest > 0:
        yield f"  … and {plural(rest, 'reason')} more, in the report."
    if strict and report.unsupported:
        yield f"  {sum(report.unsupported.values()):,}  a type that is not read (--strict)"
    if strict and report.undecided:
        yield f"  {len(report.undecided):,}  known only after the apply (--strict)"
