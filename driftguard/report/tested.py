"""What came of the tests of rules: for people, and as JUnit for a CI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from driftguard.model import Verdict
from driftguard.policy.tested import JudgedFile, Untested
from driftguard.report.junit import Case, render_suites
from driftguard.report.layout import Page, plural
from driftguard.report.neutral import neutral

_LACKS = {
    Verdict.INTRODUCED: "no case that violates it (`verdict: introduced`)",
    Verdict.PASS: "no case that passes it (`verdict: pass`)",
}


def render_tested(files: Sequence[JudgedFile], *, width: int = 100, colour: bool = False) -> str:
    """Return what differed, a line for each file, and the sum."""
    page = Page(width=width, colour=colour)
    for file in files:
        good = not file.failures
        cases = plural(len(file.cases), "case")
        word, role = ("ok", "good") if good else ("failed", "bad")
        page.line((f"{word:<8}", role), f"{neutral(file.source)}  {cases}")
        for case in file.cases:
            if case.failures:
                place = neutral(case.fixture.place)
                page.line((neutral(case.fixture.name), "address"), f"  {place}", indent=2, hang=2)
            for sentence in case.failures:
                page.line(f"{neutral(sentence)}.", indent=4, hang=2)
        for one in file.untested:
            page.line((one.rule.id, "address"), f"  {_lacks(one)}", indent=2, hang=2)
    page.whole(_sum(files))
    return page.text()


def _lacks(one: Untested) -> str:
    return f"has {_LACKS[one.lacks]}; rule at {neutral(one.rule.source)}:{one.rule.line}"


def _sum(files: Sequence[JudgedFile]) -> str:
    cases = [case for file in files for case in file.cases]
    failed = sum(bool(case.failures) for case in cases)
    untested = len({one.rule.id for file in files for one in file.untested})
    parts = [plural(len(cases), "case"), f"{failed} failed"]
    return ", ".join([*parts, f"{plural(untested, 'rule')} without both tests"]) + "."


def render_tested_junit(files: Iterable[JudgedFile]) -> str:
    """Return a suite for each file: a case for each of its own, and one for each rule's tests."""
    return render_suites([(neutral(file.source), list(_cases(file))) for file in files])


def _cases(file: JudgedFile) -> Iterator[Case]:
    for one in file.cases:
        failed = bool(one.failures)
        yield Case(
            group=one.fixture.case.type,
            name=neutral(one.fixture.name),
            outcome="failure" if failed else "",
            kind="verdict" if failed else "",
            message=neutral(one.failures[0]) if failed else "",
            text="\n".join(neutral(line) for line in (*one.failures, one.fixture.place) if failed),
        )
    for gap in file.untested:
        yield Case(
            group="coverage",
            name=f"{gap.rule.id} {gap.lacks.value}",
            outcome="failure",
            kind="coverage",
            message=f"{gap.rule.id} {_lacks(gap)}",
        )
