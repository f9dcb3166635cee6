"""``driftguard types``: which resource types are read, how well, and how to add one."""

from __future__ import annotations

from pathlib import Path

import click

from driftguard.cli import completing

_FORMAT = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"], case_sensitive=False),
    default="table",
    show_default=True,
    help="How it is written.",
)


@click.group(
    "types", invoke_without_command=True, short_help="List the types that are read, or add one."
)
@_FORMAT
@click.pass_context
def command(ctx: click.Context, output_format: str) -> int:
    """List the resource types that are read, with what is compared of each."""
    if ctx.invoked_subcommand is not None:
        return 0
    # Late: the tables of all types.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.report.types import render_types, render_types_json  # noqa: PLC0415
    from driftguard.resources import TABLE  # noqa: PLC0415

    write_stdout(render_types_json(TABLE) if output_format == "json" else render_types(TABLE))
    return 0


@command.command("show")
@click.argument("name", shell_complete=completing.types)
@_FORMAT
def show(name: str, output_format: str) -> int:
    """Print the table of the type NAME: every attribute, and where AWS keeps it."""
    # Late: the tables of all types.
    from driftguard.cli.output import terminal, write_stdout  # noqa: PLC0415
    from driftguard.cli.type_names import unknown_type  # noqa: PLC0415
    from driftguard.report.types import render_type, render_types_json  # noqa: PLC0415
    from driftguard.resources import TABLE  # noqa: PLC0415

    if name not in TABLE:
        raise unknown_type(name)
    if output_format == "json":
        write_stdout(render_types_json({name: TABLE[name]}, whole=True))
    else:
        screen = terminal()
        write_stdout(render_type(TABLE[name], width=screen.width, colour=screen.colour))
    return 0


@command.command("new")
@click.argument("name")
@click.option(
    "--collection",
    metavar="SERVICE.THINGS",
    required=True,
    help="The bulk API it is read from, e.g. ec2.security_groups; a new one is scaffolded too.",
)
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The checkout of DriftGuard to write into. Default: this folder.",
)
def new(name: str, collection: str, into: Path) -> int:
    """Scaffold the type NAME: its file, its test and, where it is new, its collection.

    Nothing that is there is overwritten. What to fill in is marked in the
    files; the one line to add by hand is printed.
    """
    # Late: the templates and the tables.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.cli.scaffold import scaffold  # noqa: PLC0415

    write_stdout(scaffold(name, collection, into))
    return 0
