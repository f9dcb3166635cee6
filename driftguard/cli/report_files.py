"""Where the reports of a scan go: proven before the scan, written after it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from driftguard.cli.output import Output, output_file, write_stdout
from driftguard.errors import DriftGuardError
from driftguard.model import ScanReport
from driftguard.report.formats import Target, render
from driftguard.report.telling import Telling

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Where a GitHub workflow says which file takes the job's summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """Every place that a report is written to."""

    targets: tuple[tuple[Target, Output | None], ...]
    """Each format with its file; None is standard output."""
    summary: Path | None = None

    @property
    def files(self) -> tuple[Output, ...]:
        """The files."""
        return tuple(output for _, output in self.targets if output is not None)

    @property
    def on_screen(self) -> str:
        """The format that goes to standard output, ``""`` where none does."""
        return next((target.format for target, output in self.targets if output is None), "")

    @property
    def names(self) -> str:
        """The files as the user named them."""
        return ", ".join(target.file for target, _ in self.targets if target.file)

    def write(self, report: ScanReport, telling: Telling) -> None:
        """Write the report everywhere, standard output last. Raises DriftGuardError."""
        for target, output in self.targets:
            if output is not None:
                output.write(render(target, report, telling))
        if self.summary is not None:
            _append_summary(self.summary, report, telling)
        for target, output in self.targets:
            if output is None:
                write_stdout(render(target, report, telling))


def open_reports(
    targets: Sequence[Target], environment: Mapping[str, str], stack: ExitStack
) -> ReportFiles:
    """Prove that everything can be written. Raises DriftGuardError."""
    opened = []
    for target in targets:
        name = f"--format {target.format}"
        held = stack.enter_context(output_file(target.file, option=name)) if target.file else None
        opened.append((target, held))
    wanted = any(target.format == "github" for target in targets)
    summary = _summary_file(environment) if wanted else None
    return ReportFiles(targets=tuple(opened), summary=summary)


def refuse_one_file_for_two(outputs: Sequence[Output | None]) -> None:
    """Refuse to write two things to one file. Raises click.UsageError."""
    paths = [one.path for one in outputs if one is not None and one.beside is not None]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise click.UsageError(f"Two outputs would be written to {path}.")


def _summary_file(environment: Mapping[str, str]) -> Path | None:
    name = environment.get(SUMMARY_VARIABLE, "")
    if not name:
        return None
    path = Path(name)
    try:
        with path.open("ab"):
            return path
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _append_summary(path: Path, report: ScanReport, telling: Telling) -> None:
    # Late: for GitHub alone.
    from driftguard.report.github import render_summary  # noqa: PLC0415

    try:
        with path.open("ab") as file:
            written = file.seek(0, os.SEEK_END)
            text = render_summary(report, telling, written=written)
            parted = "\n" if written and text else ""
            file.write(f"{parted}{text}".encode("utf-8", "replace"))
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: Exception) -> DriftGuardError:
    said = getattr(error, "strerror", None) or "its name is unusable"
    return DriftGuardError(f"{path} ({SUMMARY_VARIABLE}) can't be written: {said}.")
