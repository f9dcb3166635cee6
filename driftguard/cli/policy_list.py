"""``driftguard policy list``: which rules are in force."""

from __future__ import annotations

import click

from driftguard.cli import completing
from driftguard.cli.options import LISTED, config_option
from driftguard.cli.report_options import SEVERITIES


@click.command("list", short_help="List the rules in force.")
@config_option
@click.option(
    "--type",
    "types",
    metavar="NAME",
    type=LISTED,
    multiple=True,
    shell_complete=completing.types,
    help="Only rules for these types; * and ? are special.",
)
@click.option("--tag", "tags", metavar="WORD", type=LISTED, multiple=True, help="Only with a tag.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES, case_sensitive=False),
    help="Only rules of this base severity, or above.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"], case_sensitive=False),
    default="table",
    show_default=True,
    help="How it is written.",
)
def command(
    config: str | None,
    types: tuple[str, ...],
    tags: tuple[str, ...],
    severity: str | None,
    output_format: str,
) -> int:
    """List the rules in force: those that ship, and those of the configuration."""
    # Late: the engine and the tables of all types.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_in_force import policy_in_force  # noqa: PLC0415
    from driftguard.cli.type_names import chosen_types  # noqa: PLC0415
    from driftguard.model import Severity  # noqa: PLC0415
    from driftguard.report.rules import render_rules, render_rules_json  # noqa: PLC0415

    chosen = frozenset(chosen_types(types)) if types else None
    least = Severity[severity.upper()] if severity else Severity.INFO
    rules = [
        rule
        for rule in policy_in_force(config).rules
        if (chosen is None or not rule.resource or rule.resource & chosen)
        and (not tags or {*tags} & {*rule.tags})
        and rule.base >= least
    ]
    write_stdout(render_rules_json(rules) if output_format == "json" else render_rules(rules))
    return 0
