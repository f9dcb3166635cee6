"""What ``driftguard check`` does, in its order: settings, outputs, the plan, report, exit code."""

from __future__ import annotations

import stat
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from driftguard.checking import check_declared, check_plan
from driftguard.cli.baseline import read_baseline
from driftguard.cli.begin import begin
from driftguard.cli.judging import judging_for
from driftguard.cli.options import SourceFlags
from driftguard.cli.report_files import open_reports, refuse_one_file_for_two
from driftguard.cli.run import Run
from driftguard.cli.scanning import MIB, read_declared
from driftguard.cli.source import Source
from driftguard.cli.tell import exit_code, tell, telling_for
from driftguard.clock import SystemClock
from driftguard.compare.selection import Selection
from driftguard.declared.envelope import open_json
from driftguard.declared.place import Fetched, PlaceOptions
from driftguard.declared.places import Declarations, declarations_of
from driftguard.declared.plan import is_plan, parse_plan_document
from driftguard.declared.plan_seal import Plan, seal_plan
from driftguard.errors import DeclaredError, DriftGuardError
from driftguard.findings import Judging
from driftguard.model import Declared, ScanReport
from driftguard.redact import Redactor
from driftguard.report.baseline import without_known
from driftguard.report.formats import parse_targets
from driftguard.report.layout import plural
from driftguard.report.telling import declared_places

STANDARD_INPUT = "-"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of ``driftguard check`` alone; None or empty: not said."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    formats: tuple[str, ...]
    output: str | None
    baseline: str | None
    fail_on: str | None
    strict: bool | None
    show_pre_existing: bool
    no_color: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """The report, and the resources whose places it may name."""

    report: ScanReport
    resources: tuple[Declared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckJob:
    """One run of ``driftguard check``."""

    run: Run
    flags: SourceFlags
    options: CheckOptions
    stack: ExitStack

    def carry_out(self, environment: Mapping[str, str]) -> int:
        """Judge and report. Returns the exit code."""
        targets = parse_targets(self.options.formats, self.options.output)
        source, redactor = begin(self.run, self.flags, environment)
        source = _overridden(source, self.options)
        reports = open_reports(targets, environment, self.stack)
        refuse_one_file_for_two(reports.files)
        baseline = read_baseline(self.options.baseline) if self.options.baseline else None
        judging = judging_for(source, SystemClock())
        checked = self._checked(source, judging, redactor)
        report = _about_something(self._without_pre_existing(checked.report), source)
        if baseline is not None:
            report = without_known(report, baseline)
        places = declared_places(report, checked.resources, str(Path.cwd()))
        telling = telling_for(
            places, judging.policy.rules, source.settings, colour=not self.options.no_color
        )
        tell(self.run, report, reports, telling)
        return exit_code(report, source)

    def _checked(self, source: Source, judging: Judging, redactor: Redactor) -> _Checked:
        settings = source.settings
        selection = Selection(include=settings.include, exclude=settings.exclude)
        found = _read(source, redactor, quiet=self.run.quiet)
        if isinstance(found, Plan):
            return _Checked(
                report=check_plan(found, judging, redactor, selection),
                resources=tuple(one.known for one in found.resources),
            )
        report = check_declared(found, judging, selection)
        return _Checked(report=report, resources=found.resources)

    def _without_pre_existing(self, report: ScanReport) -> ScanReport:
        if self.options.show_pre_existing or not report.pre_existing:
            return report
        count = plural(len(report.pre_existing), "resource")
        self.run.warn(f"Left as before, with rules violated: {count} (--show-pre-existing).")
        return replace(report, pre_existing=())


def _read(source: Source, redactor: Redactor, *, quiet: bool) -> Plan | Declarations:
    """Read the one place. Raises DeclaredError where it is neither a plan nor a state."""
    stack = source.stacks[0]
    place = stack.places[0]
    limit = source.settings.limits.state_size * MIB
    data = _bytes(place, limit)
    if data is None:
        return read_declared(source, redactor, SystemClock(), quiet=quiet)
    if data.startswith(_ZIP):
        message = f"{_name(place)} is a plan as terraform keeps it, which only terraform reads."
        raise DeclaredError(message, hint="Give what `terraform show -json PLAN` prints.")
    document = open_json(data, place=_name(place), max_bytes=limit)
    if not is_plan(document):
        options = PlaceOptions(max_bytes=limit)
        fetched = Fetched(name=_name(place), data=data)
        declarations = declarations_of(stack, fetched, options, redactor)
        if declarations.problems:
            raise DeclaredError("\n".join(declarations.problems))
        return declarations
    try:
        plan = parse_plan_document(document, _name(place))
    except DriftGuardError:
        raise
    except Exception as error:  # noqa: BLE001  # its message may quote the plan, secrets and all
        message = f"{_name(place)} can't be understood ({type(error).__name__}); this is a bug."
        raise DeclaredError(message) from None
    return seal_plan(stack, plan, redactor)


def _name(place: str) -> str:
    return "Standard input" if place == STANDARD_INPUT else place


def _bytes(place: str, limit: int) -> bytes | None:
    """Return what lies at a place that is a file; None where it is a place of another kind."""
    if place == STANDARD_INPUT:
        return sys.stdin.buffer.read(limit + 1)
    path = Path(place)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError):
        return None  # whoever reads places says what is the matter


def _overridden(source: Source, options: CheckOptions) -> Source:
    """Let flags and variables take the place of what the file says."""
    given = {
        "include": options.include or None,
        "exclude": options.exclude or None,
        "fail_on": options.fail_on,
        "strict": options.strict,
    }
    return source.with_settings(given)


def _about_something(report: ScanReport, source: Source) -> ScanReport:
    """Make a check that was about nothing a problem: a typo must not look clean."""
    if report.declared or report.problems or not report.excluded:
        return report
    patterns = ", ".join(source.settings.include) or "what is not excluded"
    problem = f"No resource matches {patterns}; {report.excluded:,} were left out."
    return replace(report, problems=(problem,))
