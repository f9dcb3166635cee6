"""What is wrong with files of rules, all of it at once, in sentences with file and line.

A mistake keeps the rules from being loaded, or their tests from being run; a
remark does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftguard.errors import PolicyError
from driftguard.policy.fixtures import Fixture, fixtures_path, load_fixtures
from driftguard.policy.load import load_file, packs_folder
from driftguard.policy.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What came of reading some files of rules."""

    files: int
    rules: tuple[Rule, ...]
    mistakes: tuple[str, ...]
    remarks: tuple[str, ...]


def lint(files: Iterable[Path], others: Sequence[Rule] = ()) -> Linted:
    """Read files of rules and their tests; ``others`` are in force beside them."""
    rules: list[Rule] = []
    mistakes: list[str] = []
    count = 0
    for path in files:
        count += 1
        try:
            found = load_file(path, ours=_ours(path))
        except PolicyError as error:
            mistakes += str(error).splitlines()
            continue
        mistakes += _repeated(found, [*others, *rules])
        mistakes += _mistakes_in_tests(path, found)
        rules += found
    remarks = tuple(remark for rule in rules for remark in _remarks(rule))
    return Linted(files=count, rules=tuple(rules), mistakes=tuple(mistakes), remarks=remarks)


def _ours(path: Path) -> bool:
    return path.is_relative_to(packs_folder())


def _repeated(found: Sequence[Rule], earlier: Iterable[Rule]) -> Iterator[str]:
    known = {rule.id: rule for rule in earlier}
    for rule in found:
        first = known.get(rule.id)
        if first is not None and first.source != rule.source:
            message = f"{rule.source}:{rule.line}: the rule {rule.id} stands in {first.source}"
            yield f"{message}:{first.line} already; give this one another id."


def _mistakes_in_tests(path: Path, rules: Sequence[Rule]) -> Iterator[str]:
    tests = fixtures_path(path)
    try:
        fixtures = load_fixtures(tests, ours=_ours(path)) if tests.exists() else ()
    except PolicyError as error:
        yield from str(error).splitlines()
        return
    yield from _untested(rules, fixtures, tests)
    known = {rule.id for rule in rules}
    for fixture in fixtures:
        for one in fixture.expect:
            if one.rule not in known:
                yield f"{fixture.place}: {path.name} has no rule {one.rule[:80]}."


def _untested(rules: Sequence[Rule], fixtures: Sequence[Fixture], tests: Path) -> Iterator[str]:
    tested = {one.rule for fixture in fixtures for one in fixture.expect}
    for rule in rules:
        if rule.id not in tested:
            yield f"{rule.source}:{rule.line}: no test of {rule.id} in {tests.name}; add two cases."


def _remarks(rule: Rule) -> Iterator[str]:
    where = f"{rule.source}:{rule.line}: {rule.id}"
    if not rule.references:
        yield f"{where} names no references."
    if not rule.how and rule.mode.value != "off":
        yield f"{where} does not say how it is put back (`remediation.how`)."
