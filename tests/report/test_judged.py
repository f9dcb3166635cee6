"""What rules say, in every format: which rule, how bad, why, and what does not count."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from driftguard.model import Severity
from driftguard.policy.load import parse_rules
from driftguard.report.baseline import parse_baseline, without_known
from driftguard.report.formats import FORMATS, Target, render
from driftguard.report.json import render_json
from driftguard.report.pages import rule_page
from driftguard.report.telling import Telling
from tests.report.reports import (
    CLEAN,
    JUDGED,
    OPENED,
    OTHER_RULE,
    SSH_RULE,
    judged,
)

PAGES = "https://docs.example/driftguard"
(RULE,) = parse_rules(
    b"""
rules:
  - id: DG-AWS-SG-001
    title: SSH open to the world
    resource: [aws_security_group]
    violation: opens_to_world(r.ingress, 22)
    severity: {base: high}
    remediation: {how: The rule is revoked.}
    why: It is scanned within minutes.
    references: [CIS AWS 5.2, "ATT&CK T1190"]
    tags: [network, public]
""",
    "rules.yaml",
)
TELLING = Telling(width=200, rules={RULE.id: RULE}, pages=PAGES)


def told(name: str, report: Any = JUDGED) -> str:
    return render(Target(format=name), report, TELLING)


@pytest.mark.parametrize("name", FORMATS)
def test_rule_title_severity_and_reason_are_told(name: str):
    text = told(name)
    for words in ("DG-AWS-SG-001", "SSH open to the world", "It is scanned within minutes."):
        assert words in text, words
    assert re.search("critical", text, re.IGNORECASE)


@pytest.mark.parametrize("name", FORMATS)
def test_further_rules_and_rules_that_could_not_be_evaluated_are_told(name: str):
    text = told(name)
    assert "ACME-NET-001" in text
    assert "DG-AWS-SG-009" in text
    assert "no such key: egress" in text
    loud = {"json": '"verdict": "error"', "html": "could not be evaluated"}
    assert loud.get(name, "RULE") in text or "rule-error" in text


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "github"])
def test_what_does_not_count_stands_apart(name: str):
    text = told(name)
    for words in ("aws_security_group.old", "aws_iam_role.ci", "EX-1"):
        assert words in text, words


@pytest.mark.parametrize("name", FORMATS)
def test_what_waits_for_the_apply_is_told_with_what_it_waits_for(name: str):
    text = told(name)
    assert "aws_s3_bucket_policy.new" in text
    assert "policy" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_check_speaks_of_violations_and_not_of_drift(name: str):
    text = told(name, replace(CLEAN, compared=False))
    if name not in ("json", "sarif", "junit"):
        assert re.search("no violation", text, re.IGNORECASE)
        assert not re.search("no drift", text, re.IGNORECASE)


def _run() -> Any:
    return json.loads(told("sarif"))["runs"][0]


def test_a_rule_of_the_sarif_log_has_all_metadata():
    rules = {one["id"]: one for one in _run()["tool"]["driver"]["rules"]}
    rule = rules["DG-AWS-SG-001"]
    assert "SSHOpenToTheWorld" == rule["name"]
    assert "SSH open to the world" == rule["shortDescription"]["text"]
    assert "CIS AWS 5.2" in rule["help"]["text"]
    assert "**Why** It is scanned within minutes" in rule["help"]["markdown"]
    assert f"(<{PAGES}/rules/DG-AWS-SG-001.md>)" in rule["help"]["markdown"]
    assert f"{PAGES}/rules/DG-AWS-SG-001.md" == rule["helpUri"]
    assert "error" == rule["defaultConfiguration"]["level"]
    assert {"security", "network", "public"} <= {*rule["properties"]["tags"]}
    assert "9.5" == rule["properties"]["security-severity"]
    assert "helpUri" not in rules["ACME-NET-001"]


def test_every_result_and_judgement_points_at_its_rule():
    run = _run()
    ids = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert ids == sorted(ids)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        for one in result["properties"]["judgements"]:
            assert ids[one["ruleIndex"]] == one["ruleId"]


def test_results_that_do_not_count_say_so_in_sarif_s_own_words():
    first, before, held = _run()["results"]
    assert ("new", "unchanged", "new") == tuple(
        one["baselineState"] for one in (first, before, held)
    )
    assert "accepted" == held["suppressions"][0]["status"]
    assert "suppressions" not in first


def test_a_rule_error_is_a_notification_about_its_rule():
    (invocation,) = _run()["invocations"]
    notices = {one["descriptor"]["id"]: one for one in invocation["toolExecutionNotifications"]}
    assert "DG-AWS-SG-009" == notices["rule-error"]["associatedRule"]["id"]
    assert ("error", "note") == (notices["rule-error"]["level"], notices["undecided"]["level"])


def test_markdown_and_html_link_to_the_page_of_a_rule_that_ships_and_of_no_other():
    page = f"{PAGES}/rules/DG-AWS-SG-001.md"
    tokens = MarkdownIt().parse(told("markdown"))
    inline = [child for token in tokens for child in token.children or []]
    links = [one.attrs["href"] for one in inline if one.type == "link_open"]
    assert page in links
    assert f'<a href="{page}" rel="noreferrer">' in told("html")
    assert "rules/ACME" not in told("html") + told("markdown")
    plain = render(Target(format="html"), JUDGED, Telling())
    assert ["#findings"] == re.findall('href="([^"]*)"', plain)


@pytest.mark.parametrize("rule_id", ["ACME-1", "DG-../x", "DG-A B", "DG-\u00e9", "DG-(x)", ""])
def test_no_page_is_made_of_an_id_that_is_not_ours(rule_id: str):
    assert "" == rule_page(PAGES, rule_id)


def test_junit_counts_what_counts_and_skips_the_rest():
    suites = JUnitXml.fromstring(told("junit").encode())
    assert (1, 1, 3) == (suites.failures, suites.errors, suites.skipped)
    strict = render(Target(format="junit"), JUDGED, replace(TELLING, strict=True))
    assert 2 == JUnitXml.fromstring(strict.encode()).errors  # one more


def test_one_more_rule_violated_is_new_beside_a_baseline():
    before = replace(CLEAN, findings=(judged(OPENED, SSH_RULE),))
    baseline = parse_baseline(render_json(before).encode(), place="before.json")
    assert () == without_known(before, baseline).findings
    more = replace(CLEAN, findings=(judged(OPENED, SSH_RULE, OTHER_RULE),))
    assert 1 == len(without_known(more, baseline).findings)


def test_a_baseline_from_before_there_were_rules_is_still_read():
    before = json.loads(render_json(replace(CLEAN, findings=(judged(OPENED, SSH_RULE),))))
    del before["findings"][0]["judgements"]
    baseline = parse_baseline(json.dumps(before).encode(), place="before.json")
    assert (
        () == without_known(replace(CLEAN, findings=(judged(OPENED, SSH_RULE),)), baseline).findings
    )


def test_a_digest_in_a_rule_s_error_is_not_told():
    digest = "0123456789abcdef01234567"
    secret = replace(SSH_RULE, reason=f"(sensitive {digest})", severity=Severity.LOW)
    report = replace(CLEAN, findings=(judged(OPENED, secret),))
    for name in FORMATS:
        assert digest not in told(name, report)
