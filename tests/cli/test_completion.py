from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from driftguard.cli.completion import SHELLS
from driftguard.cli.main import COMMANDS
from tests.cli.conftest import Run, environment

_BASH = """
driftguard() {{ {python} -m driftguard "$@"; }}
eval "$(driftguard completion bash)"
# The script asks the program by its name: let it find the one under test.
PATH={folder}:$PATH
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_driftguard_completion driftguard "${{COMP_WORDS[COMP_CWORD]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(words: str, folder: Path) -> list[str]:
    """Return what a real bash offers after these words."""
    program = folder / "bin" / "driftguard"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m driftguard "$@"\n')
    program.chmod(0o755)
    script = _BASH.format(python=sys.executable, folder=program.parent, words=words)
    ended = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Traceback" not in ended.stderr
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("driftguard s", {"scan", "schema"}),
        ("driftguard scan --form", {"--format"}),
        ("driftguard scan --format s", {"sarif"}),
        ("driftguard scan --fail-on c", {"critical"}),
        ("driftguard types show aws_security_group_", {"aws_security_group_rule"}),
        ("driftguard completion ''", {"bash", "zsh", "fish"}),
        # Half a command line is no reason for an error.
        ("driftguard nothing ''", {*COMMANDS}),
    ],
)
def test_bash_offers_what_fits(words: str, offered: set[str], tmp_path: Path):
    assert offered == set(completed(words, tmp_path))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_its_script(run: Run, shell: str):
    ran = run("completion", shell)
    assert (0, "") == (ran.code, ran.err)
    assert "_DRIFTGUARD_COMPLETE" in ran.out
    if path := shutil.which(shell):
        subprocess.run([path, "-n"], input=ran.out, text=True, check=True, timeout=60)


def test_a_shell_that_we_have_no_script_for_is_a_wrong_command_line(run: Run):
    assert 64 == run("completion", "tcsh").code
