from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from driftguard.cli.output import output_file, terminal, write_stdout
from driftguard.errors import DriftGuardError


def test_a_file_appears_whole_and_nothing_is_left_beside_it(tmp_path: Path):
    path = tmp_path / "drift.json"
    with output_file(str(path), option="--output") as output:
        assert not path.exists()
        output.write("grün → x")
    assert "grün → x" == path.read_text("utf-8")
    assert [path] == [*tmp_path.iterdir()]


def test_an_interrupted_run_leaves_the_earlier_file_as_it_was(tmp_path: Path):
    path = tmp_path / "drift.json"
    path.write_text("earlier")
    with pytest.raises(KeyboardInterrupt), output_file(str(path), option="--output"):
        raise KeyboardInterrupt
    assert "earlier" == path.read_text()
    assert [path] == [*tmp_path.iterdir()]


def test_who_reads_the_earlier_file_meanwhile_reads_it_whole(tmp_path: Path):
    path = tmp_path / "drift.json"
    path.write_text("earlier")
    with path.open() as reader, output_file(str(path), option="--output") as output:
        output.write("now")
        assert "earlier" == reader.read()
    assert "now" == path.read_text()


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path):
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.touch()
    kept.chmod(0o640)
    for path in (kept, new):
        with output_file(str(path), option="--output") as output:
            output.write("x")
    mask = os.umask(0)
    os.umask(mask)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (kept, new)]
    assert [0o640, 0o666 & ~mask] == modes


def test_a_link_stays_and_the_file_it_points_to_is_replaced(tmp_path: Path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("earlier")
    link.symlink_to(target)
    with output_file(str(link), option="--output") as output:
        output.write("now")
    assert link.is_symlink()
    assert "now" == target.read_text()


def test_a_missing_folder_and_a_folder_are_sentences(tmp_path: Path):
    with (
        pytest.raises(DriftGuardError, match=r"There is no folder .*nowhere for --output"),
        output_file(str(tmp_path / "nowhere" / "x"), option="--output"),
    ):
        pass
    with (
        pytest.raises(DriftGuardError, match=r"\(--output\) is a folder. Name a file in it."),
        output_file(str(tmp_path), option="--output"),
    ):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_a_sentence(tmp_path: Path):
    tmp_path.chmod(0o500)
    with (
        pytest.raises(DriftGuardError, match=r"can't be written: Permission denied"),
        output_file(str(tmp_path / "x"), option="--output"),
    ):
        pass


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced():
    with output_file(os.devnull, option="--output") as output:
        output.write("x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_full_disk_is_a_sentence():
    with (
        pytest.raises(DriftGuardError, match="No space left on device"),
        output_file("/dev/full", option="--output") as output,
    ):
        output.write("x")


def test_an_encoding_without_arrows_gets_plain_ones(monkeypatch: pytest.MonkeyPatch):
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="ascii"))
    write_stdout("a → b … ü\n")
    assert b"a -> b ... \\xfc\n" == buffer.getvalue()


@pytest.mark.parametrize(
    ("variables", "asked", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], asked: bool, expected: bool
):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert expected == terminal(colour=asked).colour
    assert not terminal(colour=asked, to_file=True).colour


def test_what_is_no_terminal_has_no_colours_and_a_width(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert not terminal().colour
    monkeypatch.setenv("COLUMNS", "123")
    assert 123 == terminal().width
