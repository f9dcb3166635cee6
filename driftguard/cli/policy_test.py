"""``driftguard policy test``: run the tests of rules."""

from __future__ import annotations

from pathlib import Path

import click

from driftguard.cli.options import config_option
from driftguard.cli.run import Exit


@click.command("test", short_help="Run the tests of rules.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@config_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "junit"], case_sensitive=False),
    default="table",
    show_default=True,
    help="How it is written.",
)
def command(paths: tuple[Path, ...], config: str | None, output_format: str) -> int:
    """Run the tests of the rules in PATH, files or folders; without one, of all in force.

    The tests of NAME.yaml stand in NAME.test.yaml beside it. A verdict that no
    case expects, an expectation that no rule meets, and a rule without a case
    that violates it and one that passes fail: exit code 1.
    """
    # Late: the engine and the tables of all types.
    from driftguard.cli.output import terminal, write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_in_force import files_in_force, tested_file  # noqa: PLC0415
    from driftguard.report.tested import render_tested, render_tested_junit  # noqa: PLC0415

    files = [tested_file(path) for path in files_in_force(paths, config)]
    if output_format == "junit":
        write_stdout(render_tested_junit(files))
    else:
        screen = terminal()
        write_stdout(render_tested(files, width=screen.width, colour=screen.colour))
    return int(Exit.DRIFT if any(file.failures for file in files) else Exit.CLEAN)
