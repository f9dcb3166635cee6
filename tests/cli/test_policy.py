"""``driftguard policy``: the rules listed, shown, linted, tested, begun and tried."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from driftguard.policy.load import shipped_policy
from driftguard.resources import TABLE
from tests.cli.conftest import ROOT, Run

POLICY = shipped_policy()
RULES = sorted(rule.id for rule in POLICY.rules)
FIRSTS = sorted({rule.source: rule.id for rule in POLICY.rules}.values())
"""A rule of each pack."""
CASE = """
type: aws_security_group
declared: {ingress: []}
live: {ingress: [{protocol: tcp, from_port: 22, to_port: 22, cidr_blocks: [0.0.0.0/0]}]}
ctx: {exposure: {public_ips: 1}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command runs in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def mine(run: Run) -> Path:
    """A folder with a rule of one's own, named in the configuration."""
    assert 0 == run("policy", "new", "ACME-VPC-001", "--type", "aws_vpc").code
    Path("driftguard.yaml").write_text("version: 1\npolicy: {rules: [rules]}\n")
    return Path("rules")


def listed(run: Run, *options: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        run("policy", "list", "--format", "json", *options).out
    )["rules"]
    return found


def test_every_rule_is_listed(run: Run):
    ran = run("policy", "list")
    ids = [line.split()[0] for line in ran.out.splitlines()[1:-1]]
    assert (0, RULES) == (ran.code, sorted(ids))
    assert ran.out.splitlines()[-1].startswith(f"{len(RULES)} rules; ")


def test_the_list_can_be_narrowed(run: Run):
    whole = listed(run)
    groups = listed(run, "--type", "aws_security_group")
    assert groups == [one for one in whole if {"aws_security_group", "*"} & {*one["types"]}]  # type: ignore[misc]
    assert len(groups) < len(whole)
    tagged = listed(run, "--tag", "public")
    assert tagged == [one for one in whole if "public" in one["tags"]]  # type: ignore[operator]
    assert tagged
    bad = listed(run, "--severity", "high")
    assert {"high", "critical"} == {one["severity"] for one in bad}


def test_a_type_that_is_not_read_is_wrong_usage(run: Run):
    ran = run("policy", "list", "--type", "aws_securty_group")
    assert (64, True) == (ran.code, "Did you mean aws_security_group?" in ran.err)


def test_rules_of_ones_own_are_listed_with_their_file(run: Run, mine: Path):
    (one,) = [one for one in listed(run) if one["id"] == "ACME-VPC-001"]
    assert "rules/acme-vpc-001.yaml" == one["source"]


def test_a_disabled_rule_is_not_listed(run: Run):
    rule = RULES[0]
    Path("driftguard.yaml").write_text(
        f"version: 1\npolicy: {{disable: [{{rule: {rule}, reason: we have none}}]}}\n"
    )
    assert rule not in [one["id"] for one in listed(run)]
    ran = run("policy", "show", rule)
    assert (64, True) == (ran.code, "is disabled: we have none." in ran.err)


@pytest.mark.parametrize("rule", FIRSTS)
def test_everything_about_a_rule_is_shown(run: Run, rule: str):
    ran = run("policy", "show", rule)
    assert 0 == ran.code
    found = POLICY.find(rule)
    assert found is not None
    text = " ".join(ran.out.split())
    for told in (found.title, " ".join(found.why.split()), *found.references, found.base.label):
        assert told in text
    assert "Violates it: " in ran.out
    assert "Passes: " in ran.out
    assert "no test shows it" not in ran.out


def test_a_rule_is_json_on_demand(run: Run):
    (told,) = json.loads(run("policy", "show", RULES[0], "--format", "json").out)["rules"]
    assert RULES[0] == told["id"]
    assert {"violation", "why", "how", "violates", "passes"} <= told.keys()


def test_an_unknown_rule_is_wrong_usage(run: Run):
    ran = run("policy", "show", "dg-aws-sg-001x")
    assert (64, True) == (ran.code, "Did you mean DG-AWS-SG-001?" in ran.err)


def test_what_ships_has_no_mistakes_and_passes_its_tests(run: Run):
    lint, test = run("policy", "lint"), run("policy", "test")
    assert (0, 0) == (lint.code, test.code), lint.out + test.out
    assert test.out.endswith(" 0 failed, 0 rules without both tests.\n")


def test_mistakes_end_with_2(run: Run, mine: Path):
    file = mine / "acme-vpc-001.yaml"
    file.write_text(file.read_text().replace("r.tags,", "r.tagz,"))
    ran = run("policy", "lint", str(mine))
    assert 2 == ran.code
    assert ran.out.startswith("rules/acme-vpc-001.yaml:8: ")
    assert "Did you mean `tags`?" in ran.out


def test_remarks_count_where_they_are_asked_for(run: Run, mine: Path):
    assert [0, 2] == [run("policy", "lint", str(mine), *more).code for more in ([], ["--strict"])]


def test_a_failing_case_ends_with_1_and_says_what_differed(run: Run, mine: Path):
    file = mine / "acme-vpc-001.test.yaml"
    file.write_text(file.read_text().replace("severity: low", "severity: high"))
    ran = run("policy", "test")
    assert 1 == ran.code
    assert "rules/acme-vpc-001.test.yaml:6" in ran.out
    assert "was expected to say introduced (high), and says introduced (low)." in ran.out


def test_a_rule_without_tests_fails(run: Run, mine: Path):
    (mine / "acme-vpc-001.test.yaml").unlink()
    ran = run("policy", "test", str(mine))
    assert 1 == ran.code
    assert "ACME-VPC-001  has no case that violates it" in ran.out
    assert "ACME-VPC-001  has no case that passes it" in ran.out


@pytest.mark.parametrize("command", ["test", "lint"])
def test_a_file_of_tests_stands_for_its_rules(run: Run, mine: Path, command: str):
    ran = run("policy", command, str(mine / "acme-vpc-001.test.yaml"))
    assert (0, "") == (ran.code, ran.err)
    assert "2 cases, 0 failed" in ran.out or "1 rule in 1 file" in ran.out


@pytest.mark.parametrize("command", ["test", "lint"])
def test_nothing_to_test_is_no_success(run: Run, mine: Path, command: str):
    Path("empty").mkdir()
    ran = run("policy", command, "empty")
    assert (2, True) == (ran.code, "There are no files of rules in empty." in ran.err)
    (mine / "acme-vpc-001.yaml").rename(mine / "other.yaml")
    ran = run("policy", command, str(mine))
    assert (2, True) == (ran.code, "there is no acme-vpc-001.yaml beside them" in ran.err)
    assert 2 == run("policy", command, "nowhere").code


def test_the_tests_are_junit_on_demand(run: Run, mine: Path):
    file = mine / "acme-vpc-001.test.yaml"
    file.write_text(file.read_text().replace("verdict: pass", "verdict: fixed"))
    ran = run("policy", "test", str(mine), "--format", "junit")
    root = ET.fromstring(ran.out)  # noqa: S314  # our own
    assert (1, "3", "2") == (ran.code, root.get("tests"), root.get("failures"))


def test_a_new_rule_passes_its_tests_at_once(run: Run, monkeypatch: pytest.MonkeyPatch):
    """Of whatever type."""
    monkeypatch.setattr("driftguard.cli.policy_scaffold.shipped_policy", lambda: POLICY)
    for number, name in enumerate(sorted(TABLE)):
        begun = run("policy", "new", f"ACME-X-{number}", "--type", name, "--folder", "new")
        assert (0, True) == (begun.code, f"Wrote new/acme-x-{number}.yaml" in begun.out)
    tested = run("policy", "test", "new")
    assert 0 == tested.code, tested.out
    assert f"{2 * len(TABLE)} cases, 0 failed" in tested.out
    assert 0 == run("policy", "lint", "new").code


@pytest.mark.parametrize(
    ("rule", "type_name", "code", "words"),
    [
        ("acme", "aws_vpc", 64, "can't be a rule's id"),
        ("../X-1", "aws_vpc", 64, "can't be a rule's id"),
        ("ACME-1", "aws_vpcs", 64, "Did you mean aws_vpc?"),
        (RULES[0], "aws_vpc", 64, "ships with DriftGuard"),
        ("ACME-VPC-001", "aws_vpc", 2, "is there already; nothing was written"),
    ],
)
def test_a_rule_that_can_not_be_begun_is_refused(
    run: Run, mine: Path, rule: str, type_name: str, code: int, words: str
):
    before = sorted(Path().rglob("*"))
    ran = run("policy", "new", rule, "--type", type_name)
    assert (code, True) == (ran.code, words in ran.err)
    assert before == sorted(Path().rglob("*"))


def test_a_rule_is_tried_with_the_value_of_each_part(run: Run):
    Path("case.yaml").write_text(CASE)
    ran = run("policy", "eval", "--rule", "DG-AWS-SG-001", "--input", "case.yaml")
    assert 0 == ran.code
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["verdict", "introduced"] in lines
    assert ["severity", "critical"] in lines
    assert ["declared", "false"] in lines
    assert ["live", "[(tcp", "22,", "0.0.0.0/0)]"] in lines


def test_an_expression_is_tried(run: Run):
    Path("case.json").write_text(json.dumps({"type": "aws_vpc", "declared": None, "live": {}}))
    source = "r.tags == null && size(items(null)) + 1 == 1"
    ran = run("policy", "eval", "--expression", source, "--input", "case.json", "--format", "json")
    told = json.loads(ran.out)
    assert "introduced" == told["verdict"]
    values = {part["text"]: part["live"] for part in told["expressions"][0]["parts"]}
    assert {"value": True} == values[source]
    assert {"value": 0} == values["size(items(null))"]
    assert [None] * len(values) == [part["declared"] for part in told["expressions"][0]["parts"]]


def test_an_error_is_told_where_it_comes_from(run: Run):
    Path("case.yaml").write_text(CASE)
    ran = run("policy", "eval", "--expression", "r.tags.a == ''", "--input", "case.yaml")
    assert 0 == ran.code
    assert "verdict    error" in ran.out
    assert "such as null" in ran.out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 64, "one of them"),
        (["--rule", "A-1", "--expression", "true"], 64, "one of them"),
        (["--rule", "NONE-1"], 64, "There is no rule NONE-1"),
        (["--rule", "DG-AWS-VPC-001"], 64, "is for aws_subnet, and the case is a"),
        (["--expression", "r.ingres == null"], 2, "Did you mean `ingress`?"),
        (["--expression", "1 +"], 2, "--expression:1"),
        (["--expression", ""], 2, "can never be violated"),
    ],
)
def test_what_can_not_be_tried_is_refused(run: Run, options: list[str], code: int, words: str):
    Path("case.yaml").write_text(CASE)
    ran = run("policy", "eval", "--input", "case.yaml", *options)
    assert (code, True) == (ran.code, words in ran.err), ran.err


def test_a_broken_case_is_told_with_its_line(run: Run):
    Path("case.yaml").write_text(CASE.replace("ingress: []", "ingres: []"))
    ran = run("policy", "eval", "--expression", "true", "--input", "case.yaml")
    assert (2, True) == (ran.code, "case.yaml:3: aws_security_group has no" in ran.err)


def test_a_name_may_not_rule_the_terminal(run: Run, mine: Path):
    file = mine / "acme-vpc-001.yaml"
    file.write_text(file.read_text().replace("No owner is named", '"\\e[2J\\u202E no"'))
    for arguments in (["list"], ["show", "ACME-VPC-001"], ["list", "--format", "json"]):
        ran = run("policy", *arguments)
        assert 0 == ran.code
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out


def test_the_group_starts_without_the_engine():
    code = (
        "import sys; from driftguard.cli.main import run_arguments;"
        "run_arguments(['policy', '--help']);"
        "assert not {'cel_expr_python', 'pydantic', 'boto3', 'yaml'} & {*sys.modules}"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert b"" == ran.stderr
