"""``driftguard policy eval``: try a rule or an expression on a case."""

from __future__ import annotations

from pathlib import Path

import click

from driftguard.cli import completing
from driftguard.cli.options import config_option


@click.command("eval", short_help="Try a rule or an expression on a case.")
@click.option(
    "--rule", "rule_id", metavar="ID", shell_complete=completing.rules, help="Rule to try."
)
@click.option("--expression", metavar="TEXT", help="Expression to try, as a rule's `violation`.")
@click.option(
    "--input",
    "case_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="The case, YAML or JSON, as in a rule's tests: `type`, `declared`, `live`, maybe `ctx`.",
)
@config_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"], case_sensitive=False),
    default="text",
    show_default=True,
    help="How it is written.",
)
def command(
    rule_id: str | None,
    expression: str | None,
    case_file: Path,
    config: str | None,
    output_format: str,
) -> int:
    """Try a rule, or an expression, on both sides of one case.

    Prints the verdict, the severity, and what each part of the expression
    gives on each side. The exit code tells nothing of the verdict: 0, or 2
    where the case or the expression can't be read.
    """
    # Late: the engine and the tables of all types.
    from driftguard.cli.output import terminal, write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_trial import tried_expression, tried_rule  # noqa: PLC0415
    from driftguard.report.tried import render_tried, render_tried_json  # noqa: PLC0415

    if (rule_id is None) == (expression is None):
        raise click.UsageError("Say what to try: --rule ID or --expression TEXT, one of them.")
    if rule_id is not None:
        tried = tried_rule(rule_id, case_file, config)
    else:
        tried = tried_expression(expression or "", case_file)
    if output_format == "json":
        write_stdout(render_tried_json(tried))
    else:
        screen = terminal()
        write_stdout(render_tried(tried, width=screen.width, colour=screen.colour))
    return 0
