"""``driftguard scan``: what differs between what is declared and what is live."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Any

import click

from driftguard.cli import completing
from driftguard.cli.options import SourceFlags, option, source_options
from driftguard.cli.report_options import fail_on_option, report_options, selection_options
from driftguard.cli.run import Run


@click.command("scan")
@source_options
@selection_options
@option(
    "--unmanaged/--no-unmanaged",
    default=None,
    help="Search for resources that nobody declared. Default: yes, except in a recording"
    " made without.",
)
@option(
    "--all",
    "aws_defaults",
    is_flag=True,
    default=None,
    help="Count AWS's own resources (a default VPC) as unmanaged too.",
)
@report_options
@fail_on_option("drift")
@option(
    "--strict",
    is_flag=True,
    default=None,
    help="Declared types that are not read make the scan incomplete.",
)
@option(
    "--record",
    metavar="DIR",
    shell_complete=completing.folders,
    help="Write every answer of AWS there, secrets replaced.",
)
@option(
    "--metrics-textfile",
    metavar="FILE",
    shell_complete=completing.files,
    help="Write Prometheus metrics of the scan there.",
)
@option(
    "--show-pre-existing",
    is_flag=True,
    help="Tell of rules that are violated as declared, too; they don't count.",
)
@option("--no-color", is_flag=True, help="No colours, not even on a terminal.")
@click.pass_obj
def command(run: Run, /, flags: SourceFlags, **values: Any) -> int:  # noqa: ANN401  # as click parsed them
    """Compare live AWS with what Terraform declared.

    \b
    Exit codes:
      0   nothing at or above --fail-on, and everything was read
      1   drift at or above --fail-on (also where the scan is incomplete)
      2   could not tell: incomplete with nothing found, or an error
      64  the command line is wrong
      130, 143  stopped by Ctrl-C, SIGTERM
    """  # noqa: D301  # click needs the character
    # Late: everything that reads, compares or writes.
    from driftguard.cli import scan_job  # noqa: PLC0415
    from driftguard.collector import without_collector  # noqa: PLC0415

    options = scan_job.ScanOptions(**values)
    # From the first state to the report: each time it came back between, it looked at them all.
    with ExitStack() as stack, without_collector():
        return scan_job.ScanJob(run=run, flags=flags, options=options, stack=stack).carry_out(
            os.environ
        )
