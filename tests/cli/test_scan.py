from __future__ import annotations

import json
from pathlib import Path

import pytest

from driftguard.cli.variables import PREFIX
from tests.cli.conftest import ACCOUNT, SSH, Run, World, process, resource, security_group

CLEAN, DRIFT, UNKNOWN = 0, 1, 2
DENIED = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}


def test_what_is_as_declared_ends_with_0(run: Run, world: World):
    ran = run("scan", *world.source)
    assert CLEAN == ran.code
    assert "" == ran.err
    assert "1 declared resource compared; no drift." in ran.out


def test_an_opened_port_is_drift_and_ends_with_1(run: Run, world: World):
    world.answer(SSH)
    ran = run("scan", *world.source)
    assert DRIFT == ran.code
    rule = "tcp 22, 0.0.0.0/0"
    told = ran.out.splitlines()
    assert [
        "HIGH      changed    aws_security_group.web",
        f"          sg-0a1b2c3d4e5f60718  {ACCOUNT}/eu-central-1  stack default",
        "          DG-AWS-SG-001 SSH open to the world (high)",
    ] == told[:3]
    assert f"          ingress: (nothing) → {rule}" in told


@pytest.mark.parametrize(("fail_on", "code"), [("high", DRIFT), ("critical", CLEAN)])
def test_drift_below_the_asked_severity_ends_with_0(
    run: Run, world: World, fail_on: str, code: int
):
    world.answer(SSH)
    assert code == run("scan", *world.source, "--fail-on", fail_on).code


def test_what_could_not_be_read_ends_with_2_and_is_not_missing(run: Run, world: World):
    world.record("ec2.DescribeSecurityGroups", DENIED, code=403)
    ran = run("scan", *world.source, "--format", "json")
    document = json.loads(ran.out)
    assert UNKNOWN == ran.code
    assert [] == document["findings"]
    assert document["complete"] is False
    assert "ec2:DescribeSecurityGroups" in document["unreadable"][0]["reason"]
    assert "Incomplete: not everything could be read." in ran.err
    assert "ec2:DescribeSecurityGroups" in ran.err


def test_drift_beside_what_could_not_be_read_ends_with_1_and_says_so(run: Run, world: World):
    world.answer(SSH)
    unread = security_group(id="sg-2", arn="", owner_id="999999999999")
    world.declare(
        resource("aws_security_group", "web", security_group()),
        resource("aws_iam_role", "ci", {"id": "ci", "arn": f"arn:aws:iam::{ACCOUNT}:role/ci"}),
        resource("aws_glue_job", "etl", unread),
    )
    ran = run("scan", *world.source)
    assert DRIFT == ran.code
    assert "INCOMPLETE" in ran.out
    assert "not recorded" in ran.out


def test_a_type_that_is_not_read_counts_and_with_strict_ends_with_2(run: Run, world: World):
    world.declare(
        resource("aws_security_group", "web", security_group()),
        resource("aws_glue_job", "etl", {"id": "etl"}),
    )
    lenient, strict = run("scan", *world.source), run("scan", *world.source, "--strict")
    assert (CLEAN, UNKNOWN) == (lenient.code, strict.code)
    assert "aws_glue_job 1" in lenient.out
    assert "1 checked, 0 unreadable, 1 unsupported" in lenient.out
    assert "INCOMPLETE" in strict.out


def test_the_same_input_gives_the_same_bytes(run: Run, world: World):
    world.answer(SSH)
    ran = [run("scan", *world.source, "--format", "json").out for _ in range(2)]
    assert ran[0] == ran[1]


def test_the_report_goes_to_a_file_whole_and_the_counts_to_standard_error(run: Run, world: World):
    path = world.folder / "drift.json"
    ran = run("scan", *world.source, "--format", "json", "--output", str(path))
    assert (CLEAN, "") == (ran.code, ran.out)
    assert json.loads(path.read_text("utf-8"))["complete"] is True
    assert "1 declared, 1 checked" in ran.err
    assert "" == run("scan", *world.source, "--output", str(path), "--quiet").err


def test_an_output_that_can_not_be_written_is_told_before_anything_is_read(
    run: Run, tmp_path: Path
):
    ran = run("scan", "--state", "nowhere", "--output", str(tmp_path / "no" / "x"))
    assert UNKNOWN == ran.code
    assert "There is no folder" in ran.err
    assert "nowhere" not in ran.err


def test_a_state_that_is_not_there_is_a_sentence(run: Run, tmp_path: Path):
    ran = run("scan", "--state", str(tmp_path / "nothing.tfstate"))
    assert UNKNOWN == ran.code
    assert ran.err.startswith("Error: ")
    assert "nothing.tfstate" in ran.err
    assert "Traceback" not in ran.err


def test_one_state_of_two_that_is_broken_makes_the_scan_incomplete(run: Run, world: World):
    broken = world.folder / "broken.tfstate"
    broken.write_text("<html>")
    ran = run("scan", *world.source, "--state", str(broken))
    assert UNKNOWN == ran.code
    assert "broken.tfstate" in ran.out
    assert "1 checked" in ran.out


def test_what_a_broken_state_may_declare_is_not_called_unmanaged(run: Run, world: World):
    world.answer(GroupId="sg-0ffffffffffffffff", GroupName="of the broken state")
    (world.folder / "broken.tfstate").write_text("<html>")
    scan = ("scan", *world.source, "--unmanaged", "--include", "aws_security_group*")
    assert "1 unmanaged" in run(*scan).out
    ran = run(*scan, "--state", str(world.folder / "broken.tfstate"))
    assert "0 unmanaged" in ran.out
    assert "so nobody knows what is undeclared" in ran.out


def test_a_pattern_that_matches_nothing_is_not_clean(run: Run, world: World):
    ran = run("scan", *world.source, "--include", "aws_iam_role.*")
    assert UNKNOWN == ran.code
    assert "No declared resource matches aws_iam_role.*; 1 were left out." in ran.out


def test_what_is_excluded_is_counted(run: Run, world: World):
    world.declare(
        resource("aws_security_group", "web", security_group()),
        resource("aws_glue_job", "etl", {"id": "etl"}),
    )
    ran = run("scan", *world.source, "--exclude", "aws_glue_*", "--strict")
    assert CLEAN == ran.code
    assert "1 declared resource left out as asked." in ran.out


def test_a_variable_counts_where_no_flag_does(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"{PREFIX}STATE", str(world.state))
    monkeypatch.setenv(f"{PREFIX}REPLAY", world.source[-1])
    monkeypatch.setenv(f"{PREFIX}FORMAT", "json")
    assert run("scan").out.startswith("{")
    assert not run("scan", "--format", "table").out.startswith("{")


def test_variables_hold_lists_separated_by_commas(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"{PREFIX}EXCLUDE", "aws_security_group, aws_vpc")
    assert "1 were left out" in run("scan", *world.source).out


def test_a_misspelt_variable_is_told(run: Run, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}FIAL_ON", "high")
    ran = run("scan", *world.source)
    assert "Did you mean DRIFTGUARD_FAIL_ON?" in ran.err
    assert "" == run("scan", *world.source, "--quiet").err


def test_the_file_counts_where_neither_does(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    world.answer(SSH)
    (world.folder / "driftguard.yaml").write_text(
        "version: 1\nfail_on: critical\nstacks:\n"
        "- {name: network, component: platform, state: terraform.tfstate}\n"
    )
    monkeypatch.chdir(world.folder)
    ran = run("scan", "--replay", "recording")
    assert CLEAN == ran.code
    assert "stack network (platform)" in ran.out
    assert DRIFT == run("scan", "--replay", "recording", "--fail-on", "low").code


def test_places_of_a_file_elsewhere_are_seen_from_its_folder(run: Run, world: World):
    path = world.folder / "other.yaml"
    path.write_text("version: 1\nstacks: [{name: a, state: terraform.tfstate}]\n")
    ran = run("scan", "--config", str(path), "--replay", world.source[-1])
    assert CLEAN == ran.code


def test_a_region_that_could_not_be_searched_is_never_clean(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    """Nothing declared is of a known type, and nobody knows whose region it is."""
    world.declare(resource("aws_glue_job", "etl", {"id": "etl"}))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    scan = ("scan", "--state", str(world.state), "--region", "eu-west-1")
    ran = run(*scan)
    assert UNKNOWN == ran.code
    assert "every type in eu-west-1" in ran.out
    assert "no AWS credentials were found" in ran.out
    assert CLEAN == run(*scan, "--no-unmanaged").code


def test_record_and_replay_do_not_go_together(run: Run, world: World):
    ran = run("scan", *world.source, "--record", "x")
    assert 64 == ran.code
    assert "--record and --replay don't go together" in ran.err


def test_metrics_are_written_and_keep_the_last_success(run: Run, world: World):
    path = world.folder / "driftguard.prom"
    run("scan", *world.source, "--metrics-textfile", str(path))
    first = path.read_text("utf-8")
    assert f'driftguard_resources{{account="{ACCOUNT}",coverage="checked"}} 1.0' in first
    world.record("ec2.DescribeSecurityGroups", DENIED, code=403)
    run("scan", *world.source, "--metrics-textfile", str(path))
    second = path.read_text("utf-8")
    assert f'driftguard_resources{{account="{ACCOUNT}",coverage="unreadable"}} 1.0' in second
    name = "driftguard_scan_last_success_timestamp_seconds{"
    success = next(line for line in first.splitlines() if line.startswith(name))
    assert success in second


def test_a_secret_of_the_state_is_told_nowhere(run: Run, world: World):
    secret = "hunter2-correct-horse"
    marked = security_group(description=secret, tags={"note": f"see {secret}"})
    made = resource("aws_security_group", "web", marked)
    made["instances"][0]["sensitive_attributes"] = [  # type: ignore[index]
        [{"type": "get_attr", "value": "description"}]
    ]
    world.declare(made)
    world.answer(SSH, Tags=[{"Key": "note", "Value": f"was {secret}"}])
    for arguments in (
        ("scan", *world.source, "--log-level", "debug"),
        ("scan", *world.source, "--format", "json"),
        ("explain", "aws_security_group.web", *world.source),
        ("explain", "aws_security_group.web", *world.source, "--format", "json"),
    ):
        ran = run(*arguments)
        assert secret not in ran.out + ran.err
        assert "(sensitive)" in ran.out


def test_the_program_does_the_same_in_a_process_of_its_own(world: World):
    world.answer(SSH)
    ran = process("scan", *world.source, "--fail-on", "high")
    assert DRIFT == ran.code
    assert "" == ran.err
