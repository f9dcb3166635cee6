"""What ``driftguard scan`` does, in its order: settings, outputs, both sides, report, exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click

from driftguard.cli.baseline import read_baseline
from driftguard.cli.begin import begin
from driftguard.cli.judging import judging_for
from driftguard.cli.opened import Asked
from driftguard.cli.options import SourceFlags
from driftguard.cli.output import Output, output_file
from driftguard.cli.report_files import open_reports, refuse_one_file_for_two
from driftguard.cli.run import Run
from driftguard.cli.scanning import Scanned, perform, read_declared
from driftguard.cli.source import Source
from driftguard.cli.tell import exit_code, tell, telling_for
from driftguard.clock import Clock, SystemClock
from driftguard.compare.selection import Selection
from driftguard.metrics import last_successes, render_metrics
from driftguard.model import ScanReport
from driftguard.report.baseline import without_known
from driftguard.report.formats import parse_targets
from driftguard.report.json import is_complete
from driftguard.report.telling import declared_places
from driftguard.resources import TABLE

_MAX_METRICS = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """The options of ``driftguard scan`` alone; None or empty: not said."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    unmanaged: bool | None
    aws_defaults: bool | None
    formats: tuple[str, ...]
    output: str | None
    baseline: str | None
    fail_on: str | None
    strict: bool | None
    record: str | None
    metrics_textfile: str | None
    no_color: bool
    show_pre_existing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanJob:
    """One run of ``driftguard scan``."""

    run: Run
    flags: SourceFlags
    options: ScanOptions
    stack: ExitStack

    def carry_out(self, environment: Mapping[str, str]) -> int:
        """Scan and report. Returns the exit code."""
        if self.options.record and self.flags.replay:
            raise click.UsageError("--record and --replay don't go together: one asks AWS.")
        targets = parse_targets(self.options.formats, self.options.output)
        source, redactor = begin(self.run, self.flags, environment)
        source = _overridden(source, self.options)
        reports = open_reports(targets, environment, self.stack)
        metrics = self._file(self.options.metrics_textfile, "--metrics-textfile")
        refuse_one_file_for_two([*reports.files, metrics])
        baseline = read_baseline(self.options.baseline) if self.options.baseline else None
        clock = SystemClock()
        judging = judging_for(source, clock)
        declarations = read_declared(source, redactor, clock, quiet=self.run.quiet)
        scanned = perform(source, declarations, self._asked(source), redactor, judging)
        report = _checked(scanned.result.report, source)
        if metrics is not None:
            metrics.write(_metrics(report, scanned, source, metrics, clock))
        if baseline is not None:
            report = without_known(report, baseline)
        places = declared_places(report, declarations.resources, str(Path.cwd()))
        telling = telling_for(
            places, judging.policy.rules, source.settings, colour=not self.options.no_color
        )
        tell(self.run, report, reports, telling)
        return exit_code(report, source)

    def _file(self, path: str | None, name: str) -> Output | None:
        if not path or path == "-":
            return None
        return self.stack.enter_context(output_file(path, option=name))

    def _asked(self, source: Source) -> Asked:
        settings = source.settings
        return Asked(
            selection=Selection(include=settings.include, exclude=settings.exclude),
            unmanaged=settings.unmanaged,
            aws_defaults=settings.aws_defaults,
            pre_existing=self.options.show_pre_existing,
            replay=self.flags.replay or "",
            record=self.options.record or "",
            quiet=self.run.quiet,
            colour=not self.options.no_color,
        )


def _overridden(source: Source, options: ScanOptions) -> Source:
    """Let flags and variables take the place of what the file says."""
    given = {
        "include": options.include or None,
        "exclude": options.exclude or None,
        "unmanaged": options.unmanaged,
        "aws_defaults": options.aws_defaults,
        "fail_on": options.fail_on,
        "strict": options.strict,
    }
    return source.with_settings(given)


def _checked(report: ScanReport, source: Source) -> ScanReport:
    """Make a scan that was about nothing a problem: a typo must not look clean."""
    if report.declared or report.findings or report.problems or not report.excluded:
        return report
    patterns = ", ".join(source.settings.include) or "what is not excluded"
    problem = f"No declared resource matches {patterns}; {report.excluded:,} were left out."
    return replace(report, problems=(problem,))


def _metrics(
    report: ScanReport, scanned: Scanned, source: Source, file: Output, clock: Clock
) -> str:
    compared = scanned.result.comparisons
    resources = Counter(
        (one.declared.scope.account, "unreadable" if one.unknown else "checked") for one in compared
    )
    # What is not read was never compared, so it is counted from the declarations.
    selection = Selection(include=source.settings.include, exclude=source.settings.exclude)
    account = next(iter(resources), ("", ""))[0]
    for one in scanned.declarations.resources:
        if one.address.type not in TABLE and selection.takes(one.address):
            resources[one.scope.account or account, "unsupported"] += 1
    for lost in scanned.declarations.unreadable:
        resources[(lost.scope.account if lost.scope else "") or account, "unreadable"] += 1
    successes = last_successes(_earlier(file))
    if is_complete(report, strict=source.settings.strict):
        now = float(int(clock.now().timestamp()))
        successes |= {account: now for account, _ in resources}
    components = [stack.component for stack in source.stacks]
    return render_metrics(resources, report.findings, components=components, successes=successes)


def _earlier(file: Output) -> str:
    """Return what the metrics file held before, within a bound; nothing where it can't be read."""
    if file.beside is None:
        return ""
    try:
        with file.path.open("rb") as earlier:
            return earlier.read(_MAX_METRICS).decode("utf-8", "replace")
    except OSError:
        return ""
