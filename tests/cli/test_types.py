from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from driftguard.resources import TABLE
from tests.cli.conftest import ROOT, Run


def test_every_type_is_listed_with_its_coverage(run: Run):
    ran = run("types")
    assert 0 == ran.code
    for name, one in TABLE.items():
        line = next(line for line in ran.out.splitlines() if line.split()[0] == name)
        searched = "no" if one.unmanaged is None else "yes"
        assert [name, str(len(one.attributes)), searched, one.collection] == line.split()


def test_the_list_is_json_on_demand(run: Run):
    listed = json.loads(run("types", "--format", "json").out)
    assert sorted(TABLE) == [one["type"] for one in listed["types"]]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_type_has_its_table(run: Run, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("COLUMNS", "200")
    ran = run("types", "show", name)
    assert 0 == ran.code
    for attribute in TABLE[name].attributes:
        assert f"\n  {attribute.name}  " in ran.out
    for left_out in TABLE[name].not_compared:
        assert f"\n  {left_out}: " in ran.out


def test_a_table_is_json_on_demand(run: Run):
    (told,) = json.loads(run("types", "show", "aws_security_group", "--format", "json").out)[
        "types"
    ]
    assert "GroupName" == next(one["wire"] for one in told["compared"] if one["name"] == "name")
    assert "identity" == told["not_compared"]["arn"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, to write into."""
    shutil.copytree(ROOT / "driftguard", tmp_path / "driftguard")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def in_checkout(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_scaffolded_type_passes_the_gates_and_its_test(run: Run, checkout: Path):
    collection = "example.some_things"
    ran = run("types", "new", "aws_example", "--collection", collection, "--into", str(checkout))
    assert 0 == ran.code
    written = [line.split()[1] for line in ran.out.splitlines() if line.startswith("Wrote ")]
    assert [
        "driftguard/resources/aws_example.py",
        "tests/resources/test_aws_example.py",
        "driftguard/live/collections/some_things.py",
    ] == written
    (checkout / "tests" / "__init__.py").touch()
    for gate in (
        ("ruff", "check", "--no-cache", *written),
        ("ruff", "format", "--no-cache", "--check", *written),
        ("pytest", "-q", "-p", "no:cacheprovider", "tests/resources"),
    ):
        ended = in_checkout(checkout, *gate)
        assert 0 == ended.returncode, ended.stdout + ended.stderr
    options = ("--cache-dir", os.devnull, "--follow-imports=silent")
    mypy = in_checkout(checkout, "mypy", *options, written[0], written[2])
    assert 0 == mypy.returncode, mypy.stdout


def test_a_known_collection_is_not_scaffolded_again(run: Run, checkout: Path):
    ran = run(
        *("types", "new", "aws_example", "--collection", "ec2.security_groups"),
        *("--into", str(checkout)),
    )
    assert 0 == ran.code
    assert "live/collections" not in ran.out
    source = (checkout / "driftguard" / "resources" / "aws_example.py").read_text("utf-8")
    ast.parse(source)
    assert 'collection="ec2.security_groups"' in source


def test_nothing_is_overwritten(run: Run, checkout: Path):
    arguments = ("types", "new", "aws_security_group", "--collection", "xyz.new_things")
    before = (checkout / "driftguard/resources/aws_security_group.py").read_text("utf-8")
    ran = run(*arguments, "--into", str(checkout))
    assert 2 == ran.code
    assert "is there already; nothing was written" in ran.err
    assert before == (checkout / "driftguard/resources/aws_security_group.py").read_text("utf-8")
    assert not (checkout / "driftguard/live/collections/new_things.py").exists()


@pytest.mark.parametrize(
    ("name", "collection", "code", "sentence"),
    [
        ("example", "ec2.things", 64, "example can't be a type."),
        ("aws_../x", "ec2.things", 64, "aws_../x can't be a type."),
        ("aws_example", "things", 64, "things can't be a collection."),
        ("aws_example", "ec2.../things", 64, "can't be a collection."),
        ("aws_example", "ec2.things", 2, "is no checkout of DriftGuard."),
    ],
)
def test_what_can_not_be_scaffolded_is_a_sentence(
    run: Run, tmp_path: Path, name: str, collection: str, code: int, sentence: str
):
    ran = run("types", "new", name, "--collection", collection, "--into", str(tmp_path))
    assert code == ran.code
    assert sentence in ran.err
    assert [] == [*tmp_path.iterdir()]
