"""`driftguard check` on plans that the real ``terraform`` makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from driftguard.cli.main import run_arguments
from tests.report.sarif_schema import assert_valid
from tests.terraform_provider.judge import CONFIGURATIONS, moto
from tests.terraform_provider.server import Provider, serving
from tests.terraform_provider.services import RESOURCES
from tests.terraform_provider.terraform import Terraform

RULES = """
rules:
  - id: ACME-SG-001
    title: SSH open to the world
    resource: [aws_security_group, aws_vpc_security_group_ingress_rule]
    violation: opens_to_world(r.ingress, 22)
    severity: {base: high}
    why: It is scanned within minutes.
"""
WORLD = "-var=network=0.0.0.0/0"


class Pipeline:
    """A working directory whose plans are checked before anybody applies them."""

    def __init__(self, terraform: Terraform, folder: Path) -> None:
        self._terraform = terraform
        self._folder = folder
        (folder / "rules.yaml").write_text(RULES)
        settings = "version: 1\npolicy: {shipped: false, rules: [rules.yaml]}\n"
        (folder / "driftguard.yaml").write_text(settings)

    def check(self, *arguments: str) -> tuple[int, Any, Any]:
        """Return the exit code, the JSON report and the SARIF log for one plan."""
        plan, told, log = (self._folder / name for name in ("p.json", "r.json", "r.sarif"))
        self._terraform.plan(plan, *arguments)
        settings = str(self._folder / "driftguard.yaml")
        formats = ("--format", f"json={told}", "--format", f"sarif={log}", "--quiet")
        code = run_arguments(["check", str(plan), "--config", settings, *formats])
        document = json.loads(log.read_text())
        assert_valid(document)
        return code, json.loads(told.read_text()), document["runs"][0]


def test_a_plan_that_opens_a_port_fails_and_a_clean_one_passes(tmp_path: Path):
    # One test, because to start terraform and a cloud is most of its time.
    (tmp_path / "main.tf").write_text((CONFIGURATIONS / "plans" / "main.tf").read_text())
    with moto() as endpoint, serving(Provider(endpoint, RESOURCES)) as attached:
        terraform = Terraform(tmp_path, attached)
        pipeline = Pipeline(terraform, tmp_path)
        _clean_to_begin_with(pipeline)
        _opened_from_the_beginning(pipeline)
        terraform.apply()
        _nothing_to_do(pipeline)
        _opened_later(pipeline)
        _taken_away(pipeline)


def _clean_to_begin_with(pipeline: Pipeline) -> None:
    code, report, run = pipeline.check()
    assert (0, [], []) == (code, report["findings"], run["results"])
    assert report["complete"]
    assert 5 == report["summary"]["checked"]
    # A group without rules of its own has those that its provider will tell.
    waiting = {one["address"] for one in report["undecided"]}
    assert {"aws_security_group.peer", "aws_security_group.split"} == waiting


def _opened_from_the_beginning(pipeline: Pipeline) -> None:
    code, report, run = pipeline.check(WORLD)
    opened = {"aws_security_group.web", "aws_vpc_security_group_ingress_rule.ssh"}
    assert (1, opened) == (code, {one["address"] for one in report["findings"]})
    assert {"ACME-SG-001"} == {one["ruleId"] for one in run["results"]}
    assert {"introduced"} == {one["verdict"] for one in report["findings"]}
    assert {"eu-west-1"} == {one["scope"]["region"] for one in report["findings"]}


def _nothing_to_do(pipeline: Pipeline) -> None:
    code, report, _ = pipeline.check()
    assert (0, [], []) == (code, report["findings"], report["undecided"])
    assert 5 == report["summary"]["checked"]


def _opened_later(pipeline: Pipeline) -> None:
    code, report, _ = pipeline.check(WORLD)
    web = next(one for one in report["findings"] if one["address"] == "aws_security_group.web")
    assert (1, "widened") == (code, web["direction"])
    assert web["id"].startswith("sg-")
    peers = {(one["declared"] or one["live"])["peer"] for one in web["changes"]}
    assert {"10.0.0.0/8", "0.0.0.0/0"} <= peers


def _taken_away(pipeline: Pipeline) -> None:
    code, report, _ = pipeline.check("-destroy")
    assert (0, 5) == (code, report["summary"]["checked"])
