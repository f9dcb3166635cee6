"""What came of a file of rules and its tests: what differed, and what nothing tests. Pure.

An expectation that no rule meets and a verdict that nobody expects both fail;
and every rule needs a case that it introduces and one that it passes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.model import Severity, Verdict
from driftguard.policy.fixtures import Expectation, Fixture
from driftguard.policy.judge import judge_rule
from driftguard.policy.rules import Policy, Rule

NEEDED = (Verdict.INTRODUCED, Verdict.PASS)
"""The verdicts that each rule must show in some case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule said of a case."""

    rule: str
    verdict: Verdict
    severity: Severity
    reason: str
    """Of an error, why."""

    def __str__(self) -> str:
        graded = self.verdict not in (Verdict.PASS, Verdict.ERROR)
        said = f"{self.verdict.value} ({self.severity.label})" if graded else self.verdict.value
        return f"{said}: {self.reason}" if self.reason else said


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """One case, judged; ``failures`` are sentences, none where all is as expected."""

    fixture: Fixture
    answers: tuple[Answer, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """A rule, and the verdict that no case shows of it."""

    rule: Rule
    lacks: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFile:
    """A file of rules, and what its tests came to."""

    source: str
    cases: tuple[JudgedCase, ...]
    untested: tuple[Untested, ...]

    @property
    def failures(self) -> int:
        """How many cases failed, and how many rules lack a test."""
        return sum(bool(one.failures) for one in self.cases) + len(self.untested)


def run_fixtures(source: str, rules: Sequence[Rule], fixtures: Iterable[Fixture]) -> JudgedFile:
    """Judge every case by every rule of its type, and compare with what it expects."""
    policy = Policy(rules=tuple(rules))
    cases = tuple(_tested(policy, one) for one in fixtures)
    return JudgedFile(source=source, cases=cases, untested=tuple(_untested(rules, cases)))


def contradicts(rule: Rule, fixture: Fixture) -> bool:
    """Tell whether a rule says of a case, which is of its type, what is not expected."""
    answer = _answer(rule, fixture)
    expected = [one for one in fixture.expect if one.rule == rule.id]
    return not _meets(answer, expected[0]) if expected else answer.verdict is not Verdict.PASS


def _tested(policy: Policy, fixture: Fixture) -> JudgedCase:
    answers = tuple(_answer(rule, fixture) for rule in policy.of(fixture.case.type))
    failures = tuple(_failures(policy, fixture, answers))
    return JudgedCase(fixture=fixture, answers=answers, failures=failures)


def _answer(rule: Rule, fixture: Fixture) -> Answer:
    verdict, severity, reason = judge_rule(rule, fixture.case)
    return Answer(rule=rule.id, verdict=verdict, severity=severity, reason=reason)


def _failures(policy: Policy, fixture: Fixture, answers: Sequence[Answer]) -> Iterator[str]:
    expected = {one.rule: one for one in fixture.expect}
    for answer in answers:
        one = expected.pop(answer.rule, None)
        if one is None and answer.verdict is not Verdict.PASS:
            yield f"{answer.rule} was not expected to say anything, and says {answer}"
        elif one is not None and not _meets(answer, one):
            yield f"{answer.rule} was expected to say {_told(one)}, and says {answer}"
    for name in expected:
        yield _unmatched(policy, fixture, name)


def _meets(answer: Answer, expected: Expectation) -> bool:
    if answer.verdict is not expected.verdict:
        return False
    return expected.severity in (None, answer.severity)


def _told(expected: Expectation) -> str:
    severity = f" ({expected.severity.label})" if expected.severity is not None else ""
    return f"{expected.verdict.value}{severity}"


def _unmatched(policy: Policy, fixture: Fixture, name: str) -> str:
    rule = policy.find(name)
    if rule is not None:
        return f"{name} is expected to speak, but is not for {fixture.case.type}"
    near = difflib.get_close_matches(name, [one.id for one in policy.rules], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{name[:80]} is expected to speak, but no rule of this file is called so{hint}"


def _untested(rules: Sequence[Rule], cases: Sequence[JudgedCase]) -> Iterator[Untested]:
    shown = _shown(cases)
    for rule in rules:
        for verdict in NEEDED:
            if verdict not in shown.get(rule.id, ()):
                yield Untested(rule=rule, lacks=verdict)


def _shown(cases: Sequence[JudgedCase]) -> Mapping[str, set[Verdict]]:
    """Return which verdicts cases both expect and get of each rule."""
    shown: dict[str, set[Verdict]] = {}
    for case in cases:
        expected = {one.rule: one for one in case.fixture.expect}
        for answer in case.answers:
            one = expected.get(answer.rule)
            if one is not None and _meets(answer, one):
                shown.setdefault(answer.rule, set()).add(answer.verdict)
    return shown
