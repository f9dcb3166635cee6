"""A drift's severity: what rules say, what the table says of the rest, what only narrows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from driftguard.model import (
    Address,
    Change,
    ChangeKind,
    Direction,
    Drift,
    DriftKind,
    Judgement,
    Scope,
    Severity,
    Verdict,
)
from driftguard.rate import rate
from driftguard.resources import TABLE


def _judged(about: frozenset[str], severity: Severity, **more: Any) -> Judgement:
    return replace(
        Judgement(
            rule="A-1", title="a", verdict=Verdict.INTRODUCED, severity=severity, about=about
        ),
        **more,
    )


def _changed(*paths: str) -> Drift:
    return Drift(
        address=Address(type="aws_security_group", name="web"),
        scope=Scope(account="1", region="eu-central-1"),
        kind=DriftKind.CHANGED,
        id="sg-1",
        changes=tuple(Change(path=path, kind=ChangeKind.CHANGED) for path in paths),
    )


def test_a_rule_speaks_for_its_own_attributes_alone():
    low = _judged(frozenset({"tags"}), Severity.LOW)
    assert Severity.HIGH == rate(TABLE, _changed("tags.a", "ingress"), (low,)).severity
    assert Severity.LOW == rate(TABLE, _changed("tags.a"), (low,)).severity


def test_a_rule_of_the_whole_drift_hides_no_change():
    low = _judged(frozenset(), Severity.LOW)
    assert Severity.HIGH == rate(TABLE, _changed("ingress"), (low,)).severity


def test_a_rule_rates_what_is_gone_in_the_place_of_the_table():
    gone = replace(_changed(), kind=DriftKind.MISSING)
    low = _judged(frozenset(), Severity.LOW)
    assert Severity.LOW == rate(TABLE, gone, (low,)).severity
    assert Severity.HIGH == rate(TABLE, gone).severity


def test_what_an_exception_accepts_whole_does_not_count():
    accepted = _judged(frozenset({"ingress"}), Severity.CRITICAL, exception="E-1")
    finding = rate(TABLE, _changed("ingress"), (accepted,))
    assert ("E-1", "A-1") == (finding.exception, finding.rule)
    other = rate(TABLE, _changed("ingress", "egress"), (accepted,))
    assert (None, Severity.MEDIUM) == (other.exception, other.severity)


def test_a_rule_that_errs_hides_nothing():
    error = _judged(frozenset(), Severity.LOW, verdict=Verdict.ERROR)
    finding = rate(TABLE, _changed("ingress"), (error,))
    assert (Severity.HIGH, Verdict.ERROR) == (finding.severity, finding.verdict)


def test_narrowing_is_low_at_most():
    critical = _judged(frozenset({"ingress"}), Severity.CRITICAL)
    finding = rate(TABLE, _changed("ingress"), (critical,), Direction.NARROWED)
    assert Severity.LOW == finding.severity
