from __future__ import annotations

from dataclasses import replace

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from driftguard.model import ScanReport, Severity, Unknown
from driftguard.report.junit import render
from driftguard.report.telling import Telling
from tests.report.reports import CLEAN, DRIFTED, GONE, HALF_READ, OPENED, found


def parsed(report: ScanReport, *, strict: bool = False) -> JUnitXml:
    suites = JUnitXml.fromstring(render(report, Telling(strict=strict)).encode())
    said = (suites.tests, suites.failures, suites.errors, suites.skipped)
    # The parser counts anew what the attributes say.
    suites.update_statistics()
    assert said == (suites.tests, suites.failures, suites.errors, suites.skipped)
    return suites


def cases(report: ScanReport, *, strict: bool = False) -> list[TestCase]:
    return [case for suite in parsed(report, strict=strict) for case in suite]


def test_drift_is_a_failure_with_what_differs():
    first = cases(DRIFTED)[0]
    (failure,) = first.result
    assert isinstance(failure, Failure)
    name = 'module.net["a"].aws_security_group.web in 111122223333/eu-central-1'
    assert ("network.aws_security_group", name) == (first.classname, first.name)
    assert ("changed", "critical: is not as declared: description, ingress") == (
        failure.type,
        failure.message,
    )
    assert "  declared  web servers\n  live      test" in failure.text


def test_unmanaged_resources_have_a_suite_of_their_own():
    assert {"declared resources": 2, "unmanaged resources": 1} == {
        suite.name: suite.failures for suite in parsed(DRIFTED)
    }


def test_what_could_not_be_read_is_an_error_and_what_is_not_read_is_skipped():
    suites = parsed(HALF_READ)
    assert (303, 2) == (suites.errors, suites.skipped)
    errors = [one.result[0] for one in cases(HALF_READ) if one.result]
    assert {"unreadable", "unsearched", "problem"} == {
        one.type for one in errors if isinstance(one, Error)
    }
    skipped = [one.message for one in errors if isinstance(one, Skipped)]
    assert "3 declared resources of a type that DriftGuard does not read" in skipped


def test_with_strict_a_type_that_is_not_read_is_an_error():
    assert (305, 0) == (parsed(HALF_READ, strict=True).errors, parsed(HALF_READ).failures)


def test_what_is_as_declared_is_one_passed_case_with_its_number():
    assert ["3 resources as declared"] == [one.name for one in cases(CLEAN) if one.is_passed]
    assert ["8 resources as declared"] == [one.name for one in cases(DRIFTED) if one.is_passed]


def test_a_resource_that_drifted_and_was_not_read_whole_is_not_taken_from_the_clean_ones():
    unread = Unknown(address=str(GONE.address), reason="throttled", scope=GONE.scope)
    report = ScanReport(
        declared=3, checked=2, findings=found((GONE, Severity.LOW)), unreadable=(unread,)
    )
    assert ["2 resources as declared"] == [one.name for one in cases(report) if one.is_passed]


def test_what_a_baseline_knows_is_skipped_and_not_clean():
    report = replace(DRIFTED, findings=(), known=found((OPENED, Severity.LOW)))
    assert {"known drift": False, "9 resources as declared": True} == {
        one.name: one.is_passed for one in cases(report)
    }


def test_a_scan_of_nothing_still_has_a_case():
    (case,) = cases(ScanReport(declared=0, checked=0))
    assert case.is_skipped
