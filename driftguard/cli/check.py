"""``driftguard check``: the rules on a Terraform plan before its apply, or on a state alone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Any

import click

from driftguard.cli import completing
from driftguard.cli.options import SourceFlags, option, place_options
from driftguard.cli.report_options import fail_on_option, report_options, selection_options
from driftguard.cli.run import Run


@click.command("check")
@click.argument("place", metavar="PLAN|STATE", shell_complete=completing.files)
@place_options
@selection_options
@report_options
@fail_on_option("violation")
@option(
    "--strict",
    is_flag=True,
    default=None,
    help="Types that are not read, and rules that can't be decided before the apply, make the"
    " check incomplete.",
)
@option(
    "--show-pre-existing",
    is_flag=True,
    help="Tell of what violates rules already and the plan leaves so, too; it doesn't count.",
)
@option("--no-color", is_flag=True, help="No colours, not even on a terminal.")
@click.pass_obj
def command(run: Run, /, flags: SourceFlags, **values: Any) -> int:  # noqa: ANN401  # as click parsed them
    """Judge a Terraform plan before it is applied, or a state.

    PLAN is what `terraform show -json PLAN` prints, in a file or on standard input
    (-). STATE is any place that `driftguard scan --state` reads; there is nothing to
    compare it with, so every violation in it counts.

    \b
    Exit codes:
      0   no violation at or above --fail-on, and everything was read
      1   a violation at or above --fail-on (also where the check is incomplete)
      2   could not tell: incomplete with nothing found, or an error
      64  the command line is wrong
    """  # noqa: D301  # click needs the character
    # Late: everything that reads, judges or writes.
    from driftguard.cli import check_job  # noqa: PLC0415

    options = check_job.CheckOptions(**values)
    with ExitStack() as stack:
        job = check_job.CheckJob(run=run, flags=flags, options=options, stack=stack)
        return job.carry_out(os.environ)
