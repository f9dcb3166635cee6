"""The formats a report can be told in, and where each is to go.

``--format sarif=drift.sarif --format html=drift.html --format table`` writes
two files and the screen. A renderer is a module with a ``render`` function; it
is imported when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from driftguard.errors import UsageError

if TYPE_CHECKING:  # --help shows the names, and must start at once
    from driftguard.model import ScanReport
    from driftguard.report.telling import Telling


class Renderer(Protocol):
    """What the module of a format offers."""

    def __call__(self, report: ScanReport, telling: Telling, /) -> str:
        """Return the report as text; the same text for the same report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to tell a report."""

    module: str
    """Where its ``render`` is."""
    about: str
    """What it is for, in a few words."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "table": Format(module="driftguard.report.table", about="for people, on a terminal"),
        "json": Format(module="driftguard.report.json", about="for programs, and for --baseline"),
        "sarif": Format(module="driftguard.report.sarif", about="SARIF 2.1.0, for code scanning"),
        "junit": Format(module="driftguard.report.junit", about="JUnit XML, for test reports"),
        "markdown": Format(
            module="driftguard.report.markdown", about="for a pull request's comment"
        ),
        "html": Format(module="driftguard.report.html", about="one page to filter, keep and print"),
        "github": Format(
            module="driftguard.report.github",
            about="annotations of a GitHub workflow, and its job summary",
        ),
    }
)

DEFAULT = "table"
STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One format and the file it goes to; ``file`` is ``""`` for standard output."""

    format: str
    file: str = ""


def parse_target(text: str) -> Target:
    """Return the target for ``NAME`` or ``NAME=FILE``. Raises UsageError."""
    name, equals, file = text.partition("=")
    name = name.strip().lower()
    if name not in FORMATS:
        raise UsageError(
            f"There is no format {text.partition('=')[0]!r}.", hint=f"There are {_names()}."
        )
    if equals and not file:
        raise UsageError(
            f"--format {name}= names no file.",
            hint=f"Write {name}=FILE, or {name} for standard output.",
        )
    return Target(format=name, file="" if file == STANDARD_OUTPUT else file)


def parse_targets(texts: Sequence[str], output: str | None = None) -> tuple[Target, ...]:
    """Return where each format goes; ``output`` is the file of a single one.

    Raises UsageError where two would go to standard output or to one file.
    """
    targets = tuple(parse_target(text) for text in texts) or (Target(format=DEFAULT),)
    if output and output != STANDARD_OUTPUT:
        targets = (_with_output(targets, output),)
    _refuse_mixed(targets)
    return targets


def render(target: Target, report: ScanReport, telling: Telling) -> str:
    """Return the report in a target's format."""
    renderer: Renderer = importlib.import_module(FORMATS[target.format].module).render
    plain = replace(telling, colour=False, width=_FILE_WIDTH) if target.file else telling
    return renderer(report, plain)


_FILE_WIDTH = 100


def _with_output(targets: tuple[Target, ...], output: str) -> Target:
    if len(targets) > 1:
        raise UsageError(
            "--output goes with a single --format.",
            hint=f"Name a file with each, as in --format {targets[0].format}=FILE.",
        )
    if targets[0].file:
        raise UsageError(f"--output and --format {targets[0].format}=FILE name two files for one.")
    return replace(targets[0], file=output)


def _refuse_mixed(targets: Sequence[Target]) -> None:
    on_screen = [one.format for one in targets if not one.file]
    if len(on_screen) > 1:
        raise UsageError(
            f"Only one format can go to standard output; {' and '.join(on_screen)} would.",
            hint=f"Name a file with the others, as in --format {on_screen[1]}=FILE.",
        )
    for file in _twice([one.file for one in targets if one.file]):
        raise UsageError(f"Two formats would be written to {file}.", hint="Name another file.")


def _twice(files: Sequence[str]) -> Iterator[str]:
    return (file for number, file in enumerate(files) if file in files[:number])


def _names() -> str:
    return ", ".join(FORMATS)
