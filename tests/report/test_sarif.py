from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from driftguard.model import ScanReport, Severity
from driftguard.report import sarif
from driftguard.report.telling import Telling
from tests.report.reports import BY_HAND, CLEAN, DRIFTED, GONE, HALF_READ, JUDGED, OPENED, found
from tests.report.sarif_schema import assert_valid

WEB = 'module.net["a"].aws_security_group.web'


def run_of(report: ScanReport, telling: Telling | None = None) -> Any:
    document = json.loads(sarif.render(report, telling or Telling()))
    assert_valid(document)
    assert "2.1.0" == document["version"]
    (run,) = document["runs"]
    return run


@pytest.mark.parametrize(
    "report", [CLEAN, DRIFTED, HALF_READ, JUDGED, replace(HALF_READ, known=found())]
)
def test_a_log_keeps_to_the_official_schema(report: ScanReport):
    run_of(report)


def test_every_rule_is_a_type_and_a_kind_and_every_result_points_at_its_rule():
    run = run_of(DRIFTED)
    rules = run["tool"]["driver"]["rules"]
    assert [
        ("aws_iam_role/missing", "8.0"),
        ("aws_s3_bucket/unmanaged", "2.0"),
        ("aws_security_group/changed", "9.5"),
    ] == [(rule["id"], rule["properties"]["security-severity"]) for rule in rules]
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]


def test_the_severity_becomes_a_level_worst_first():
    assert ["error", "error", "note"] == [one["level"] for one in run_of(DRIFTED)["results"]]
    rated = replace(DRIFTED, findings=found((GONE, Severity.MEDIUM)))
    assert "warning" == run_of(rated)["results"][0]["level"]


def test_a_rule_is_as_severe_as_the_worst_that_it_found():
    other = replace(OPENED, id="sg-2")
    rated = found((OPENED, Severity.LOW), (other, Severity.HIGH))
    (rule,) = run_of(replace(DRIFTED, findings=rated))["tool"]["driver"]["rules"]
    assert ("error", "8.0") == (
        rule["defaultConfiguration"]["level"],
        rule["properties"]["security-severity"],
    )


def test_a_result_keeps_its_fingerprint_whatever_the_values_and_differs_from_any_other():
    again = replace(OPENED, changes=tuple(replace(one, live="x") for one in OPENED.changes))
    prints = [
        run_of(replace(DRIFTED, findings=found((one, Severity.LOW))))["results"][0]
        for one in (OPENED, again, GONE)
    ]
    first, second, third = (one["partialFingerprints"] for one in prints)
    assert first == second != third
    assert {f"{OPENED.fingerprint}:1"} == set(first.values())
    twice = run_of(replace(DRIFTED, findings=found((OPENED, Severity.LOW), (again, Severity.LOW))))
    assert 2 == len({one["partialFingerprints"]["driftguard/v1"] for one in twice["results"]})


@pytest.mark.parametrize(
    ("place", "uri"),
    [
        ("states/net work.tfstate", "states/net%20work.tfstate"),
        ("./states/../a.tfstate", "a.tfstate"),
        ("../elsewhere.tfstate", "elsewhere.tfstate"),
        ("/var/states/a.tfstate", "var/states/a.tfstate"),
        ("s3://bucket/key", "s3/bucket/key"),
        ("", "aws/111122223333/eu-central-1"),
    ],
)
def test_a_result_is_located_by_a_relative_path_and_by_its_address(place: str, uri: str):
    telling = Telling(places={("network", WEB): place})
    (location,) = run_of(DRIFTED, telling)["results"][0]["locations"]
    assert uri == location["physicalLocation"]["artifactLocation"]["uri"]
    assert 1 == location["physicalLocation"]["region"]["startLine"]
    assert WEB == location["logicalLocations"][0]["fullyQualifiedName"]


def test_what_nobody_declares_is_located_in_its_account():
    telling = Telling(places={("", 'aws_s3_bucket.unmanaged["left-over"]'): "x"})
    (result,) = run_of(replace(DRIFTED, findings=found((BY_HAND, Severity.LOW))), telling)[
        "results"
    ]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "aws/111122223333/eu-central-1" == artifact["uri"]


def test_what_could_not_be_read_makes_the_invocation_unsuccessful_and_is_named():
    (invocation,) = run_of(HALF_READ)["invocations"]
    notices = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    named = [one["descriptor"]["id"] for one in notices]
    assert (301, 1, 1, 2, 1) == tuple(
        named.count(one)
        for one in ("unreadable", "unsearched", "problem", "unsupported", "warning")
    )
    assert any("ec2:DescribeInstances" in one["message"]["text"] for one in notices)
    known = {one["id"] for one in run_of(HALF_READ)["tool"]["driver"]["notifications"]}
    assert {*named} <= known


def test_a_complete_scan_is_a_successful_invocation_unless_strict_says_otherwise():
    assert run_of(CLEAN)["invocations"][0]["executionSuccessful"] is True
    some = replace(CLEAN, unsupported={"aws_glue_job": 1})
    assert run_of(some)["invocations"][0]["executionSuccessful"] is True
    assert run_of(some, Telling(strict=True))["invocations"][0]["executionSuccessful"] is False


def test_the_message_tells_what_differs():
    text = run_of(DRIFTED)["results"][0]["message"]["text"]
    assert text.startswith(f"{WEB} is not as declared (critical)")
    assert "description: web servers → test" in text
    assert "{{from_port: 22" in text


def test_more_results_than_github_takes_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sarif, "RESULTS", 2)
    run = run_of(DRIFTED)
    assert ["error", "error"] == [one["level"] for one in run["results"]]
    assert 2 == len(run["tool"]["driver"]["rules"])
    last = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert "1 results more were left out, none of them worse." == last["message"]["text"]


def test_with_a_baseline_every_result_is_new():
    known = replace(
        DRIFTED, findings=found((GONE, Severity.LOW)), known=found((OPENED, Severity.LOW))
    )
    assert ["new"] == [one["baselineState"] for one in run_of(known)["results"]]
    assert "baselineState" not in run_of(DRIFTED)["results"][0]
