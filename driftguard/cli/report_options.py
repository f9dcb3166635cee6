"""The options of whatever writes a report: which resources, in which formats, new since when."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from driftguard.cli import completing
from driftguard.cli.options import LISTED, Command, option
from driftguard.report.formats import FORMATS

SEVERITIES = ("info", "low", "medium", "high", "critical")

_SELECTION = (
    option(
        "--include",
        metavar="GLOB",
        type=LISTED,
        multiple=True,
        help="Only these addresses or types; * and ? are special.",
    ),
    option("--exclude", metavar="GLOB", type=LISTED, multiple=True, help="Not these."),
)
_REPORT = (
    option(
        "--format",
        "formats",
        metavar="NAME[=FILE]",
        type=LISTED,
        multiple=True,
        shell_complete=completing.formats,
        help=f"How the report is written: {', '.join(FORMATS)}. Several may be given, all but one"
        " with a file. Default: table.",
    ),
    option(
        "--output",
        metavar="FILE",
        shell_complete=completing.files,
        help="Write the report here, whole or not at all.",
    ),
    option(
        "--baseline",
        metavar="FILE",
        shell_complete=completing.files,
        help="An earlier JSON report: tell, and exit for, only what is new since.",
    ),
)


def selection_options(command: Command) -> Command:
    """Declare ``--include`` and ``--exclude``."""
    return _declared(command, _SELECTION)


def report_options(command: Command) -> Command:
    """Declare ``--format``, ``--output`` and ``--baseline``."""
    return _declared(command, _REPORT)


def fail_on_option(any_of: str) -> Callable[[Command], Command]:
    """Declare ``--fail-on``; ``any_of`` says what the least severity lets fail."""
    return option(
        "--fail-on",
        type=click.Choice(SEVERITIES, case_sensitive=False),
        help=f"Exit with 1 from this severity on. Default: info, any {any_of}.",
    )


def _declared(command: Command, options: tuple[Callable[[Any], Any], ...]) -> Command:
    """Declare options in the order in which they are told: the last one first."""
    return functools.reduce(lambda so_far, declare: declare(so_far), reversed(options), command)
