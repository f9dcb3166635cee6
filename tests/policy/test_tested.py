"""The tests of rules fail for what is unexpected, for what is missing, and for gaps."""

from __future__ import annotations

import pytest

from driftguard.model import Verdict
from driftguard.policy.fixtures import parse_fixtures
from driftguard.policy.load import parse_rules
from driftguard.policy.tested import JudgedFile, run_fixtures

RULES = """
rules:
  - id: ACME-VPC-001
    title: No DNS
    resource: [aws_vpc]
    violation: r.enable_dns_support == false
    severity: {base: high}
    why: Nothing finds anything.
  - id: ACME-SG-001
    title: One that nobody declared
    resource: [aws_security_group]
    violation: "false"
    on_unmanaged: violation
    severity: {base: low}
    why: Nobody reviewed it.
"""
OFF = "declared: {enable_dns_support: true}, live: {enable_dns_support: false}"
ON = "declared: {enable_dns_support: true}, live: {enable_dns_support: true, tags: {a: b}}"
BAD = "{rule: ACME-VPC-001, verdict: introduced}"
GOOD = "{rule: ACME-VPC-001, verdict: pass}"
GROUP = """
  - {name: x, type: aws_security_group, declared: null, live: {}, expect: [{rule: ACME-SG-001, verdict: introduced}]}
  - {name: y, type: aws_security_group, declared: {}, live: {}, expect: [{rule: ACME-SG-001, verdict: pass}]}
"""  # noqa: E501  # a case a line


def run(*cases: str) -> JudgedFile:
    lines = [f"  - {{name: case {n}, type: aws_vpc, {case}}}\n" for n, case in enumerate(cases)]
    fixtures = parse_fixtures(f"cases:{GROUP}{''.join(lines)}".encode(), "x.test.yaml")
    return run_fixtures("x.yaml", parse_rules(RULES.encode(), "x.yaml"), fixtures)


def sentences(tested: JudgedFile) -> list[str]:
    return [sentence for case in tested.cases for sentence in case.failures]


def test_all_as_expected():
    tested = run(f"{OFF}, expect: [{BAD}]", f"{ON}, expect: [{GOOD}]")
    assert ([], 0) == (sentences(tested), tested.failures)


def test_a_verdict_that_nobody_expects_fails():
    tested = run(f"{OFF}, expect: [{BAD}]", f"{ON}, expect: [{GOOD}]", f"{OFF}, expect: []")
    expected = "ACME-VPC-001 was not expected to say anything, and says introduced (high)"
    assert [expected] == sentences(tested)
    assert 1 == tested.failures


def test_an_expectation_that_nothing_meets_fails():
    tested = run(f"{OFF}, expect: [{BAD}]", f"{ON}, expect: [{GOOD}]", f"{ON}, expect: [{BAD}]")
    assert ["ACME-VPC-001 was expected to say introduced, and says pass"] == sentences(tested)


def test_another_severity_fails():
    other = BAD.replace("}", ", severity: low}")
    tested = run(f"{OFF}, expect: [{other}]", f"{ON}, expect: [{GOOD}]")
    expected = "ACME-VPC-001 was expected to say introduced (low), and says introduced (high)"
    assert [expected] == sentences(tested)
    assert [Verdict.INTRODUCED] == [one.lacks for one in tested.untested]


def test_an_error_is_never_a_pass():
    tested = run(f"{OFF}, unread: [enable_dns_support], expect: [{GOOD}]")
    (sentence,) = sentences(tested)
    assert "and says error: `enable_dns_support` is not known" in sentence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("ACME-VPC-002", "no rule of this file is called so; did you mean ACME-VPC-001?"),
        ("OTHER-9", "no rule of this file is called so"),
        ("ACME-SG-001", "is not for aws_vpc"),
    ],
)
def test_an_expectation_of_a_rule_that_can_not_speak_fails(rule: str, words: str):
    tested = run(f"{ON}, expect: [{{rule: {rule}, verdict: pass}}]")
    assert [words] == [words for sentence in sentences(tested) if words in sentence]


@pytest.mark.parametrize(
    ("cases", "lacks"),
    [
        ([], [Verdict.INTRODUCED, Verdict.PASS]),
        ([f"{OFF}, expect: [{BAD}]"], [Verdict.PASS]),
        ([f"{ON}, expect: [{GOOD}]"], [Verdict.INTRODUCED]),
        ([f"{ON}, expect: []"], [Verdict.INTRODUCED, Verdict.PASS]),
        ([f"{ON}, expect: [{BAD}]"], [Verdict.INTRODUCED, Verdict.PASS]),
    ],
)
def test_a_rule_needs_a_case_on_each_side(cases: list[str], lacks: list[Verdict]):
    """Written down and come true: a case that fails shows nothing."""
    tested = run(*cases)
    assert [("ACME-VPC-001", one) for one in lacks] == [
        (gap.rule.id, gap.lacks) for gap in tested.untested
    ]
