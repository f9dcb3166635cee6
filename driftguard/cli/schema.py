"""``driftguard schema NAME``: the JSON schemas of the report and of what people write."""

from __future__ import annotations

import click

SCHEMAS = ("exceptions", "report", "rule-tests", "rules", "settings")


@click.command("schema", short_help="Print the schema of a report or of a file.")
@click.argument("name", type=click.Choice(SCHEMAS))
def command(name: str) -> int:
    """Print a JSON schema: of the `report`, or of a file that people write.

    `settings` is driftguard.yaml; `rules` and `rule-tests` are a rule's two files.

    \b
    For an editor, in the first line of driftguard.yaml:
      # yaml-language-server: $schema=settings.schema.json
    """  # noqa: D301  # click needs the character
    # Late: --version must start at once.
    from importlib.resources import files  # noqa: PLC0415

    from driftguard.cli.output import write_stdout  # noqa: PLC0415

    path = files("driftguard") / "schemas" / f"{name}.schema.json"
    write_stdout(path.read_text(encoding="utf-8"))
    return 0
