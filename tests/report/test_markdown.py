from __future__ import annotations

import re
from dataclasses import replace

import pytest

from driftguard.model import Change, ChangeKind, Severity
from driftguard.report.markdown import COMMENT, code, render, render_markdown
from driftguard.report.telling import Telling
from tests.report.hostile import HOSTILE
from tests.report.reports import CLEAN, DRIFTED, HALF_READ, OPENED, found


def test_a_clean_scan_is_two_lines():
    assert [
        "## DriftGuard: no drift",
        "",
        (
            "**Complete: 3 declared resources compared.** 3 checked, 0 unreadable, 0 unsupported,"
            " 0 drifted, 0 unmanaged, 0 suppressed."
        ),
        "",
    ] == render(CLEAN, Telling()).splitlines()


def test_findings_are_counted_then_told_worst_first_each_folded():
    text = render(DRIFTED, Telling())
    assert "| critical | 1 | 0 | 0 |\n| high | 0 | 1 | 0 |\n| low | 0 | 0 | 1 |" in text
    assert text.index("### Critical: 1") < text.index("### High: 1") < text.index("<b>Low: 1</b>")
    assert text.count("<details>") == text.count("</details>") == 4
    assert "- description: web servers\n+ description: test\n+ ingress: {from_port: 22" in text


def test_what_could_not_be_read_is_said_at_the_top_and_listed_by_its_reason():
    text = render(HALF_READ, Telling())
    assert text.index("**Incomplete: not everything could be read") < text.index("<details>")
    assert "- 300: `access denied: grant ec2:DescribeInstances" in text
    assert "and 290 more" in text


def test_a_comment_never_passes_githubs_limit_and_says_what_was_left_out():
    drifts = [
        (replace(OPENED, id=f"sg-{number}"), Severity(4 - number % 5)) for number in range(2000)
    ]
    text = render(replace(HALF_READ, findings=found(*drifts)), Telling())
    assert COMMENT - 2000 < len(text.encode()) <= COMMENT
    told = text.count("</summary>\n\n`sg-")
    (said,) = re.findall(r"\*\*([0-9,]+) findings more did not fit here: ([^*]*)\.\*\*", text)
    assert 2000 - told == int(said[0].replace(",", ""))
    assert said[1].endswith("400 high, 400 medium, 400 low, 400 info")
    assert text.count("<details>") == text.count("</details>")


def test_a_hostile_report_keeps_to_the_limit_too():
    long = "|`\u202e" * 5000
    huge = replace(HOSTILE, problems=tuple(f"{number} {long}" for number in range(1000)))
    assert len(render(huge, Telling()).encode()) <= COMMENT


def test_one_finding_with_thousands_of_changes_is_cut():
    changes = tuple(
        Change(path=f"ingress[{n}]", kind=ChangeKind.ADDED, live="x" * 5000) for n in range(3000)
    )
    drift = replace(OPENED, changes=changes)
    text = render(replace(DRIFTED, findings=found((drift, Severity.HIGH))), Telling())
    assert "… and 2,975 changes more." in text
    assert len(text) < 10_000


def test_the_limit_is_that_of_the_medium():
    drifts = [(replace(OPENED, id=f"sg-{number}"), Severity.LOW) for number in range(300)]
    report = replace(DRIFTED, findings=found(*drifts))
    assert "did not fit" not in render_markdown(report, Telling(), limit=1024 * 1024)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("`a", "`` `a ``"),
        ("a``b", "```a``b```"),
        (" ", "`   `"),
        ("", "`   `"),
        ("a\nb", "`a\\nb`"),
    ],
)
def test_a_code_span_holds_any_text(text: str, span: str):
    assert span == code(text)
