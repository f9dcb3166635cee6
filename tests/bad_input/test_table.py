"""Every broken input is told in one sentence, with the right exit code, and harms nothing."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from driftguard.cli.main import run_arguments
from driftguard.clock import SystemClock
from tests.bad_input.case import GOOD, SECRET, Case
from tests.bad_input.table import CASES, page
from tests.cli.conftest import ROOT, process

SECONDS = 5.0
"""A slow machine's bound on what takes milliseconds."""
LONGEST = 700
_TRY = re.compile(r"Try `driftguard[^`]*`\.")


def ids() -> list[str]:
    return [f"{case.kind}: {case.name[:50]}" for case in CASES]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [*os.environ]:
        if name.startswith(("AWS_", "DRIFTGUARD_")):
            monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything_in(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def told(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Run a case, prove what holds for all of them, and return (stdout, stderr)."""
    case.lay_out(folder)
    before = everything_in(folder)
    clock = SystemClock()
    began = clock.monotonic()
    code = run_arguments(case.arguments)
    assert clock.monotonic() - began < SECONDS
    out, err = capsys.readouterr()
    assert code == case.code, err
    assert before == everything_in(folder)
    assert "Traceback" not in err
    assert "unexpectedly" not in err
    assert SECRET not in out + err
    assert (out + err).replace("\n", "").isprintable()
    return out, err


@pytest.mark.parametrize("case", CASES, ids=ids())
def test_a_broken_input_is_told_in_a_sentence(
    case: Case,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    if case.kind == "answer":
        assert_unreadable(case, folder, capsys)
        return
    _, err = told(case, folder, capsys)
    lines = [line for line in err.splitlines() if not _TRY.fullmatch(line)]
    assert case.sentences == len(lines), err
    assert all(line.rstrip().endswith((".", "?")) for line in lines), err
    assert all(len(line) < LONGEST for line in lines)
    if case.kind != "pattern":
        assert lines[0].startswith("Error: ")
        assert lines[0][len("Error: ")].strip()


def assert_unreadable(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prove that a broken answer is neither missing nor clean: unknown, for a reason."""
    case = Case(kind=case.kind, name=case.name, files=case.files, prepare=case.prepare,
                arguments=(*case.arguments, "--format", "json"))  # fmt: skip
    out, err = told(case, folder, capsys)
    report = json.loads(out)
    assert report["findings"] == []
    assert report["complete"] is False
    assert {"declared": 1, "checked": 0, "unreadable": 1} == {
        key: report["summary"][key] for key in ("declared", "checked", "unreadable")
    }
    reason = report["unreadable"][0]["reason"]
    assert 10 < len(reason) < LONGEST
    assert err.startswith("Incomplete: ")


def test_there_are_over_two_hundred_and_each_has_its_name():
    assert len(CASES) > 200
    assert len(CASES) == len({(case.kind, case.name) for case in CASES})


def test_the_page_of_the_documentation_is_current():
    """``python -m tests.bad_input > docs/reference/bad-input.md`` writes it."""
    assert page() == (ROOT / "docs/reference/bad-input.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["gzip", "a pipe nobody writes to", "an unknown subcommand", "--replay with an empty value"],
)
def test_a_process_of_its_own_says_the_same(folder: Path, name: str):
    case = next(one for one in CASES if one.name == name)
    case.lay_out(folder)
    ran = process(*case.arguments)
    assert (case.code, "") == (ran.code, ran.out)
    assert ran.err.startswith("Error: ")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("denied", ["terraform.tfstate", "c.yaml"])
def test_a_file_that_may_not_be_read_is_told(
    folder: Path, denied: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Simulated, because root may read everything."""
    real = Path.open

    def refusing(path: Path, *arguments: Any, **more: Any) -> object:
        if path.name == denied:
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **more)

    arguments = ("scan", "--config", "c.yaml", *GOOD)
    case = Case(kind="x", name="x", arguments=arguments, files={"c.yaml": b"version: 1\n"})
    case.lay_out(folder)
    monkeypatch.setattr(Path, "open", refusing)
    assert case.code == run_arguments(case.arguments)
    err = capsys.readouterr().err
    assert err.startswith(f"Error: {denied} ")
    assert "permission denied" in err.lower()
    assert 1 == err.count("\n")
