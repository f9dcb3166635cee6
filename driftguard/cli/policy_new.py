"""``driftguard policy new``: begin a rule of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from driftguard.cli import completing


@click.command("new", short_help="Begin a rule of your own, with tests that pass.")
@click.argument("rule_id", metavar="ID")
@click.option(
    "--type",
    "type_name",
    metavar="NAME",
    required=True,
    shell_complete=completing.types,
    help="Terraform type that it is for.",
)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
    help="Folder to write into; it is made where it is not there.",
)
def command(rule_id: str, type_name: str, folder: Path) -> int:
    """Write the rule ID and its tests, which pass, as a start for your own.

    Nothing that is there is overwritten.
    """
    # Late: the templates and the tables.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_scaffold import scaffold_rule  # noqa: PLC0415

    write_stdout(scaffold_rule(rule_id, type_name, folder))
    return 0
