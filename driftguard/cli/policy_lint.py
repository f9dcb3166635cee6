"""``driftguard policy lint``: everything that is wrong with files of rules."""

from __future__ import annotations

from pathlib import Path

import click

from driftguard.cli.options import config_option
from driftguard.cli.run import Exit


@click.command("lint", short_help="Find mistakes in files of rules.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@config_option
@click.option("--strict", is_flag=True, help="Take remarks for mistakes too.")
def command(paths: tuple[Path, ...], config: str | None, *, strict: bool) -> int:
    """Find what is wrong with the rules in PATH, files or folders; without one, all in force.

    Unknown names and types, ids given twice, rules without tests, tests of no
    rule: exit code 2. What could be better is a remark, and changes nothing.
    """
    # Late: the engine and the tables of all types.
    from driftguard.cli.output import write_stdout  # noqa: PLC0415
    from driftguard.cli.policy_in_force import files_in_force, rules_beside  # noqa: PLC0415
    from driftguard.policy.lint import lint  # noqa: PLC0415
    from driftguard.report.layout import plural  # noqa: PLC0415
    from driftguard.report.neutral import neutral  # noqa: PLC0415

    files = files_in_force(paths, config)
    linted = lint(files, rules_beside(files))
    lines = [neutral(sentence) for sentence in (*linted.mistakes, *linted.remarks)]
    lines.append(
        f"{plural(len(linted.rules), 'rule')} in {plural(linted.files, 'file')}:"
        f" {plural(len(linted.mistakes), 'mistake')}, {plural(len(linted.remarks), 'remark')}."
    )
    write_stdout("\n".join(lines) + "\n")
    wrong = len(linted.mistakes) + (len(linted.remarks) if strict else 0)
    return int(Exit.UNKNOWN if wrong else Exit.CLEAN)
