from __future__ import annotations

from dataclasses import replace

from driftguard.model import Severity
from driftguard.report.github import ANNOTATIONS, SUMMARY, render, render_summary
from driftguard.report.telling import Telling
from tests.report.reports import CLEAN, DRIFTED, GONE, HALF_READ, OPENED, found

WEB = 'module.net["a"].aws_security_group.web'


def test_each_finding_is_an_annotation_of_its_level_at_its_state():
    telling = Telling(places={("network", WEB): "states/a,b:c.tfstate"})
    first, second, third, last = render(DRIFTED, telling).splitlines()
    assert first.startswith(
        f"::error title=critical%3A changed {WEB},file=states/a%2Cb%3Ac.tfstate::"
        f"{WEB} is not as declared%0A111122223333/eu-central-1, stack network, component platform"
        "%0Adescription: web servers → test%0A"
    )
    assert second.startswith("::error title=high%3A missing aws_iam_role.ci::")
    assert third.startswith("::notice ")
    assert last.startswith("DriftGuard: 3 findings (1 critical, 1 high, 1 low). 10 checked,")


def test_percent_signs_are_escaped_once():
    odd = replace(GONE, id="100%0A", stack="50%")
    text = render(replace(DRIFTED, findings=found((odd, Severity.LOW))), Telling())
    assert "stack 50%25" in text


def test_no_more_annotations_than_github_keeps_and_the_rest_is_counted():
    drifts = [(replace(OPENED, id=f"sg-{n}"), Severity(n % 5)) for n in range(100)]
    lines = render(replace(HALF_READ, findings=found(*drifts)), Telling()).splitlines()
    for level in ("error", "warning", "notice"):
        assert ANNOTATIONS == sum(line.startswith(f"::{level} ") for line in lines)
    assert lines[0].startswith("::error title=DriftGuard could not read everything::Incomplete")
    assert (
        "Not annotated, for GitHub keeps 10 of each level: 11 critical, 20 high, 10 medium,"
        " 10 low, 20 info." in lines
    )


def test_a_clean_scan_is_one_line():
    assert ["DriftGuard: no drift. 3 checked, 0 unreadable"] == [
        line[:45] for line in render(CLEAN, Telling()).splitlines()
    ]


def test_the_summary_keeps_to_githubs_limit_together_with_what_stands_there():
    drifts = [(replace(OPENED, id=f"sg-{n}"), Severity.LOW) for n in range(6000)]
    report = replace(DRIFTED, findings=found(*drifts))
    for written in (0, 500_000):
        text = render_summary(report, Telling(), written=written)
        assert SUMMARY - 2000 < len(text.encode()) + written < SUMMARY
        assert "more did not fit here" in text
    assert "" == render_summary(report, Telling(), written=SUMMARY - 100)
