"""What rules say of a resource: each verdict, severities, and errors that never pass."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from driftguard.model import Severity, Verdict
from driftguard.policy.judge import Case, judge, judge_rule
from driftguard.policy.load import parse_rules
from driftguard.policy.rules import Policy, Rule

RULE = """
rules:
  - id: ACME-SG-001
    title: SSH open to the world
    resource: [aws_security_group]
    violation: opens_to_world(r.ingress, 22)
    severity:
      base: high
      adjust:
        - {to: critical, when: ctx.exposure.public_ips > 0}
        - {to: medium, when: ctx.exposure.attached_enis == 0}
    why: It is scanned within minutes.
"""
OPEN = {"ingress": [{"protocol": "tcp", "from_port": 20, "to_port": 25, "peer": "0.0.0.0/0"}]}
SHUT = {"ingress": None}


def rule(text: str = RULE) -> Rule:
    """Return the one rule of a file."""
    (found,) = parse_rules(text.encode(), "rules.yaml")
    return found


def case(
    declared: Mapping[str, object] | None,
    live: Mapping[str, object] | None,
    exposure: Mapping[str, object] | None = None,
    **drift: object,
) -> Case:
    """Return a security group's case."""
    return Case(
        type="aws_security_group",
        declared=declared,  # type: ignore[arg-type]  # plain JSON
        live=live,  # type: ignore[arg-type]
        drift={"kind": "changed", "direction": "neutral", **drift},
        ctx={"exposure": dict(exposure or {})},
    )


@pytest.mark.parametrize(
    ("declared", "live", "expected"),
    [
        (SHUT, SHUT, Verdict.PASS),
        (SHUT, OPEN, Verdict.INTRODUCED),
        (OPEN, OPEN, Verdict.PRE_EXISTING),
        (OPEN, SHUT, Verdict.FIXED),
        (SHUT, {}, Verdict.ERROR),
        ({}, OPEN, Verdict.ERROR),
        ({}, SHUT, Verdict.PASS),
        (OPEN, None, Verdict.FIXED),
        (None, OPEN, Verdict.INTRODUCED),
    ],
)
def test_both_sides_make_the_verdict(
    declared: Mapping[str, object] | None,
    live: Mapping[str, object] | None,
    expected: Verdict,
) -> None:
    """An error on either side that matters is an error, never a pass."""
    verdict, _, _ = judge_rule(rule(), case(declared, live))
    assert expected == verdict


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        ({"public_ips": 1, "attached_enis": 2}, Severity.CRITICAL),
        ({"public_ips": 0, "attached_enis": 0}, Severity.MEDIUM),
        ({"public_ips": 0, "attached_enis": 1}, Severity.HIGH),
        ({}, Severity.HIGH),
        ({"attached_enis": 0}, Severity.MEDIUM),
    ],
)
def test_evidence_adjusts_the_severity_and_its_absence_does_not(
    exposure: Mapping[str, object], expected: Severity
) -> None:
    """What nobody could read proves nothing."""
    _, severity, _ = judge_rule(rule(), case(SHUT, OPEN, exposure))
    assert expected == severity


def test_a_change_that_only_narrows_is_never_above_low() -> None:
    """Whatever the evidence says."""
    narrowing = case(SHUT, OPEN, {"public_ips": 1}, direction="narrowed")
    _, severity, _ = judge_rule(rule(), narrowing)
    assert Severity.LOW == severity


def test_an_error_says_what_is_not_known() -> None:
    """The name that the rule needed is in the reason."""
    (told,) = judge(Policy(rules=(rule(),)), case(SHUT, {}))
    assert (Verdict.ERROR, "`ingress` is not known") == (told.verdict, told.reason)


@pytest.mark.parametrize(
    ("setting", "live", "kind", "expected"),
    [
        ("on_deleted: violation", None, "missing", Verdict.INTRODUCED),
        ("on_deleted: pass", None, "missing", Verdict.PASS),
        ("on_unmanaged: violation", SHUT, "unmanaged", Verdict.INTRODUCED),
        ("on_unmanaged: ignore", OPEN, "unmanaged", Verdict.PASS),
        ("on_unmanaged: evaluate", OPEN, "unmanaged", Verdict.INTRODUCED),
        ("on_unmanaged: evaluate", SHUT, "unmanaged", Verdict.PASS),
    ],
)
def test_what_is_gone_or_undeclared_is_judged_as_the_rule_says(
    setting: str, live: Mapping[str, object] | None, kind: str, expected: Verdict
) -> None:
    """A deletion or an unmanaged resource may be the violation itself."""
    one = rule(RULE.replace("    severity:", f"    {setting}\n    severity:"))
    declared = SHUT if kind == "missing" else None
    verdict, _, _ = judge_rule(one, case(declared, live, kind=kind))
    assert expected == verdict


def test_a_rule_of_the_drift_is_asked_once() -> None:
    """It speaks of both sides at once, so there is nothing pre-existing about it."""
    one = rule(RULE.replace("opens_to_world(r.ingress, 22)", 'drift.kind == "changed"'))
    verdict, _, _ = judge_rule(one, case(OPEN, OPEN))
    assert Verdict.INTRODUCED == verdict


def test_parameters_are_read_by_expressions() -> None:
    """A rule's own values stand under ctx.parameters."""
    text = RULE.replace("r.ingress, 22", "r.ingress, ctx.parameters.port")
    one = rule(text.replace("    severity:", "    parameters: {port: 5432}\n    severity:"))
    verdict, _, _ = judge_rule(one, case(SHUT, OPEN))
    assert Verdict.PASS == verdict


def test_a_rule_for_another_type_says_nothing() -> None:
    """Rules are indexed by type."""
    other = rule(RULE.replace("aws_security_group]", "aws_default_security_group]"))
    assert () == judge(Policy(rules=(other,)), case(SHUT, OPEN))
