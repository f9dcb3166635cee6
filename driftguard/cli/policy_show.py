"""``driftguard policy show ID``: everything about one rule."""

from __future__ import annotations

import click

from driftguard.cli import completing
from driftguard.cli.options import config_option


@click.command("show", short_help="Tell everything about one rule.")
@click.argument("rule_id", metavar="ID", shell_complete=completing.rules)
@config_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"], case_sensitive=False),
    default="text",
    show_default=True,
    help="How it is written.",
)
def command(rule_id: str, config: str | None, output_format: str) -> int:
    """Tell what the rule ID finds, why it matters, how it is put back, and show both tests."""
    # Late: the engine and the tables of all types.
    from driftguard.cli.output import terminal, write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_in_force import named_rule, policy_in_force  # noqa: PLC0415
    from driftguard.policy.shown import shown_rule  # noqa: PLC0415
    from driftguard.report.rules import render_rule, render_rule_json  # noqa: PLC0415

    policy = policy_in_force(config)
    shown = shown_rule(policy, named_rule(policy, rule_id))
    if output_format == "json":
        write_stdout(render_rule_json(shown))
    else:
        screen = terminal()
        write_stdout(render_rule(shown, width=screen.width, colour=screen.colour))
    return 0
