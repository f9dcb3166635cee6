"""``driftguard exception``: what rules find and somebody accepted, until when."""

from __future__ import annotations

from typing import Any

import click

from driftguard.cli.options import LISTED, option

_STATES = ("active", "expiring", "expired")


def _file(function: Any) -> Any:  # noqa: ANN401  # click's decorators
    for declare in (
        option(
            "--config",
            metavar="FILE",
            help="Configuration file that names the file of exceptions. Default:"
            " ./driftguard.yaml where there is one.",
        ),
        click.option(
            "--file",
            metavar="FILE",
            help="File of exceptions. Default: the configuration's `policy.exceptions`, else"
            " ./exceptions.yaml.",
        ),
    ):
        function = declare(function)
    return function


@click.group("exception", short_help="Add, list and prune exceptions to rules.")
def command() -> None:
    """Accept what a rule finds, for a while and with a reason.

    Exceptions stand in a file of their own. An expired one counts no more, and
    says so until it is renewed or pruned.
    """


@command.command("add")
@_file
@click.option(
    "--rule",
    "rules",
    metavar="ID",
    type=LISTED,
    multiple=True,
    required=True,
    help="Rule that it is an exception to. Several may be given.",
)
@click.option(
    "--address",
    metavar="ADDRESS",
    required=True,
    help="Address of the resource; * stands for any text within one part of it.",
)
@click.option("--account", metavar="ID", help="For this account alone.")
@click.option("--region", metavar="REGION", help="For this region alone.")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is accepted.")
@click.option("--ticket", metavar="TEXT", required=True, help="Where the work is tracked.")
@click.option("--owner", metavar="TEXT", required=True, help="Who does that work.")
@click.option("--approver", metavar="TEXT", required=True, help="Who accepted the risk.")
@click.option(
    "--expires",
    metavar="DATE",
    required=True,
    help="Its last day (2026-12-31) or moment (2026-12-31T18:00:00Z), or 30d from now.",
)
@click.option("--id", "name", metavar="ID", help="Its name. Default: the next EXC-number.")
def add(config: str | None, file: str | None, **values: Any) -> int:  # noqa: ANN401  # as click parsed them
    """Add an exception at the end of the file; the rest of it stays as it is."""
    # Late: pydantic and the parser of YAML.
    from driftguard.cli.exception_job import ExceptionJob  # noqa: PLC0415

    return ExceptionJob.of(config, file).add(values)


@command.command("list")
@_file
@click.option(
    "--state",
    "states",
    type=click.Choice(_STATES, case_sensitive=False),
    multiple=True,
    help="Those in this state alone. Several may be given.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"], case_sensitive=False),
    default="table",
    show_default=True,
    help="How it is written.",
)
def list_(config: str | None, file: str | None, states: tuple[str, ...], output_format: str) -> int:
    """List the exceptions, each with its state: active, expiring within 14 days, or expired."""
    # Late: as in add.
    from driftguard.cli.exception_job import ExceptionJob  # noqa: PLC0415

    return ExceptionJob.of(config, file).list(states, as_json=output_format == "json")


@command.command("prune")
@_file
@click.option("--dry-run", is_flag=True, help="Say what would be taken out, and change nothing.")
def prune(config: str | None, file: str | None, *, dry_run: bool) -> int:
    """Take the expired exceptions out of the file, with the comments right above them.

    The rest stays as it is. An exception whose date can't be read has expired.
    """
    # Late: as in add.
    from driftguard.cli.exception_job import ExceptionJob  # noqa: PLC0415

    return ExceptionJob.of(config, file).prune(dry_run=dry_run)
