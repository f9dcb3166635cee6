"""``driftguard explain ADDRESS``: how one resource was compared, and what was left out."""

from __future__ import annotations

import os
from typing import Any

import click

from driftguard.cli.options import SourceFlags, option, source_options
from driftguard.cli.run import Run


@click.command("explain", short_help="Show how one resource was compared.")
@click.argument("address")
@source_options
@option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"], case_sensitive=False),
    default="table",
    show_default=True,
    help="How it is written.",
)
@option("--no-color", is_flag=True, help="No colours, not even on a terminal.")
@click.pass_obj
def command(run: Run, /, flags: SourceFlags, address: str, **values: Any) -> int:  # noqa: ANN401  # as click parsed them
    """Show how the resource ADDRESS was compared, and what was left out and why.

    ADDRESS is as `terraform state list` prints it, or as the report of a scan
    does. Quote it for the shell: 'module.net["a"].aws_vpc.main'.

    \b
    Exit codes:
      0   it is told
      2   there is no such address, or it could not be read
    """  # noqa: D301  # click needs the character
    # Late: everything that reads, compares or writes.
    from driftguard.cli import explain_job  # noqa: PLC0415

    job = explain_job.ExplainJob(run=run, flags=flags, address=address, **values)
    return job.carry_out(os.environ)
