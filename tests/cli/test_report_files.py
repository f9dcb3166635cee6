"""Several formats in one run, GitHub's job summary and ``--baseline``, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from junitparser import JUnitXml

from driftguard.report.formats import FORMATS
from tests.cli.conftest import SSH, Run, World
from tests.report.sarif_schema import assert_valid

CLEAN, DRIFT, UNKNOWN, USAGE = 0, 1, 2, 64
HTTPS = {**SSH, "FromPort": 443, "ToPort": 443}


def targets(folder: Path) -> list[str]:
    return [f"--format={name}={folder / f'drift.{name}'}" for name in FORMATS if name != "table"]


def test_one_run_writes_every_format(run: Run, world: World):
    world.answer(SSH)
    ran = run("scan", *world.source, "--format", "table", *targets(world.folder))
    assert DRIFT == ran.code
    assert "HIGH      changed    aws_security_group.web" in ran.out
    written = {name: (world.folder / f"drift.{name}") for name in FORMATS if name != "table"}
    texts = {name: path.read_text("utf-8") for name, path in written.items()}
    assert all("aws_security_group.web" in text for text in texts.values())
    assert_valid(json.loads(texts["sarif"]))
    assert 1 == JUnitXml.fromstring(texts["junit"].encode()).failures
    assert ", ".join(map(str, written.values())) in ran.err


def test_the_state_is_the_place_of_a_result(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    world.answer(SSH)
    monkeypatch.chdir(world.folder.parent)
    ran = run("scan", *world.source, "--format", "sarif")
    (result,) = json.loads(ran.out)["runs"][0]["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert f"{world.folder.name}/terraform.tfstate" == artifact["uri"]
    assert f"file={world.folder.name}/terraform.tfstate::" in (
        run("scan", *world.source, "--format", "github").out
    )


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--format", "xml"), "There is no format 'xml'."),
        (("--format", "json", "--format", "sarif"), "Only one format can go to standard output"),
        (("--format", "json=a", "--format", "sarif", "--output", "b"), "--output goes with a"),
        (("--format", "json=a", "--format", "sarif=./a"), "Two outputs would be written to"),
        (("--output", "a", "--metrics-textfile", "a"), "Two outputs would be written to"),
    ],
)
def test_outputs_that_contradict_each_other_are_refused(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], sentence: str
):
    monkeypatch.chdir(world.folder)
    ran = run("scan", *world.source, *flags)
    assert (USAGE, "") == (ran.code, ran.out)
    assert sentence in ran.err
    assert {"terraform.tfstate", "recording"} == {one.name for one in world.folder.iterdir()}


def test_one_file_that_can_not_be_written_stops_the_scan_and_leaves_the_others(
    run: Run, world: World
):
    kept = world.folder / "drift.html"
    kept.write_text("earlier")
    ran = run(
        "scan", "--state", "nowhere", f"--format=html={kept}", f"--format=sarif={kept.parent}/no/x"
    )
    assert UNKNOWN == ran.code
    assert "There is no folder" in ran.err
    assert "--format sarif" in ran.err
    assert "earlier" == kept.read_text()


def test_a_variable_names_several_formats(run: Run, world: World, monkeypatch: pytest.MonkeyPatch):
    path = world.folder / "drift.md"
    monkeypatch.setenv("DRIFTGUARD_FORMAT", f"json,markdown={path}")
    assert run("scan", *world.source).out.startswith("{")
    assert path.read_text("utf-8").startswith("## DriftGuard")


def test_githubs_job_summary_is_added_to_what_stands_there(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    world.answer(SSH)
    summary = world.folder / "summary.md"
    summary.write_text("earlier\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run("scan", *world.source, "--format", "json").code == DRIFT
    assert "earlier\n" == summary.read_text("utf-8")
    ran = run("scan", *world.source, "--format", "github")
    assert ran.out.startswith(
        "::error title=high%3A DG-AWS-SG-001 changed aws_security_group.web::"
    )
    assert summary.read_text("utf-8").startswith("earlier\n\n## DriftGuard: 1 finding (1 high)\n")


def test_a_job_summary_that_can_not_be_written_is_told_before_anything_is_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "x"))
    ran = run("scan", "--state", "nowhere", "--format", "github")
    assert UNKNOWN == ran.code
    assert "(GITHUB_STEP_SUMMARY) can't be written: No such file or directory." in ran.err


@pytest.mark.parametrize("name", FORMATS)
def test_a_secret_of_the_state_is_told_in_no_format(run: Run, world: World, name: str):
    canary = "hunter2-canary-value"
    world.answer(SSH, Description=f"for {canary}")
    document = json.loads(world.state.read_text("utf-8"))
    (instance,) = document["resources"][0]["instances"]
    instance["attributes"]["description"] = canary
    instance["sensitive_attributes"] = [[{"type": "get_attr", "value": "description"}]]
    world.state.write_text(json.dumps(document), "utf-8")
    ran = [run("scan", *world.source, "--format", name, "--no-color") for _ in range(2)]
    assert DRIFT == ran[0].code
    assert "description" in ran[0].out
    assert canary not in ran[0].out + ran[0].err
    assert ran[0].out == ran[1].out


def baseline_of(run: Run, world: World) -> str:
    path = world.folder / "baseline.json"
    run("scan", *world.source, "--format", f"json={path}", "--quiet")
    return str(path)


def test_with_a_baseline_only_what_is_new_counts(run: Run, world: World):
    world.answer(SSH)
    baseline = baseline_of(run, world)
    same = run("scan", *world.source, "--baseline", baseline)
    assert CLEAN == same.code
    assert "1 declared resource compared; no drift beside the baseline's." in same.out
    assert "1 finding left out that the baseline knows." in same.out
    world.answer(SSH, HTTPS)
    more = run("scan", *world.source, "--baseline", baseline, "--format", "json")
    assert DRIFT == more.code
    document = json.loads(more.out)
    assert (1, 0) == (len(document["findings"]), document["summary"]["known"])


def test_a_baseline_may_be_replaced_by_the_report_that_it_is_compared_with(run: Run, world: World):
    world.answer(SSH)
    baseline = baseline_of(run, world)
    for _ in range(2):
        ran = run("scan", *world.source, "--baseline", baseline, "--format", f"json={baseline}")
        assert CLEAN == ran.code


def test_a_baseline_does_not_make_an_incomplete_scan_clean(run: Run, world: World):
    world.answer(SSH)
    baseline = baseline_of(run, world)
    denied = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
    world.record("ec2.DescribeSecurityGroups", denied, code=403)
    assert UNKNOWN == run("scan", *world.source, "--baseline", baseline).code


def test_metrics_still_count_what_the_baseline_knows(run: Run, world: World):
    world.answer(SSH)
    baseline, metrics = baseline_of(run, world), world.folder / "metrics.prom"
    run("scan", *world.source, "--baseline", baseline, "--metrics-textfile", str(metrics))
    opened = [line for line in metrics.read_text().splitlines() if "drifts_open{" in line]
    assert ["1.0"] == [line.split()[-1] for line in opened if not line.endswith(" 0.0")]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "can't be read: Is a directory."),
        (lambda path: path.write_bytes(b""), "is empty."),
        (lambda path: path.write_text('{"schema_version": 9, "findings": []}'), "version 9"),
    ],
)
def test_a_bad_baseline_is_a_sentence_and_2_before_anything_is_read(
    run: Run, tmp_path: Path, make: object, sentence: str
):
    path = tmp_path / "b.json"
    assert callable(make)
    make(path)
    ran = run("scan", "--state", "nowhere", "--baseline", str(path))
    assert (UNKNOWN, "") == (ran.code, ran.out)
    assert sentence in ran.err
    assert "nowhere" not in ran.err
    assert "Traceback" not in ran.err


def test_colours_and_progress_hold_back_where_they_are_asked_to(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    world.answer(SSH)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert "\x1b" in run("scan", *world.source).out
    assert "\x1b" not in run("scan", *world.source, "--no-color").out
    assert "\x1b" not in run("scan", *world.source, "--format", "github").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("scan", *world.source).out
    quiet = run("scan", *world.source, "--quiet", *targets(world.folder))
    assert (DRIFT, "") == (quiet.code, quiet.err)
