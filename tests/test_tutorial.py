"""The tutorial is true: each file is written, each command run, each answer compared."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from driftguard.cli.main import run_arguments

PAGE = Path(__file__).resolve().parent.parent / "docs" / "your-first-rule.md"
_BLOCK = re.compile(r"(?ms)^( *)```(\w+)\n(.*?)^ *```$")


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield (kind, the file named last before it, text) of each block."""
    text = PAGE.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        names = re.findall(r"`([\w./-]+\.yaml)`", text[: found.start()])
        yield found[2], names[-1] if names else "", textwrap.dedent(found[3])


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Yield (command line, answer) of a console's text."""
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        line, _, answer = part.partition("\n")
        yield line, answer


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().splitlines() if line.strip()]


def test_every_step_of_the_tutorial_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    ran = 0
    for kind, file, text in blocks():
        if kind == "yaml":
            Path(file).parent.mkdir(exist_ok=True)
            Path(file).write_text(text, encoding="utf-8")
            continue
        assert "console" == kind
        for line, answer in steps(text):
            words = shlex.split(line)
            assert "driftguard" == words[0]
            run_arguments(words[1:])
            ended = capsys.readouterr()
            assert not ended.err, line
            ran += 1
            shown, more, _ = answer.partition("…")
            told, expected = squeezed(ended.out), squeezed(shown)
            assert expected == (told[: len(expected)] if more else told), line
    assert 7 <= ran
