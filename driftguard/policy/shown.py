"""One rule with all that is told of it: as it was written, and an example on each side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from driftguard.model import Verdict
from driftguard.policy.fields import RuleFields
from driftguard.policy.fixtures import Fixture, fixtures_path, load_fixtures
from driftguard.policy.load import packs_folder
from driftguard.policy.rules import Policy, Rule
from driftguard.policy.written import rules_as_written


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRule:
    """A rule, its text, and a case that violates it and one that does not."""

    rule: Rule
    written: RuleFields
    pack: str
    """The name of its file, without the ending."""
    shipped: bool
    violates: Fixture | None
    passes: Fixture | None


def shown_rules(policy: Policy) -> tuple[ShownRule, ...]:
    """Return every rule with its text and examples, in the order of the files.

    Each file is read once more. Raises PolicyError.
    """
    sources = dict.fromkeys(rule.source for rule in policy.rules)
    return tuple(shown for source in sources for shown in _of_file(policy, Path(source)))


def shown_rule(policy: Policy, rule: Rule) -> ShownRule:
    """Return one rule with its text and examples. Raises PolicyError."""
    return next(one for one in _of_file(policy, Path(rule.source)) if one.rule.id == rule.id)


def is_shipped(rule: Rule) -> bool:
    """Tell whether a rule is one of ours."""
    return Path(rule.source).is_relative_to(packs_folder())


def _of_file(policy: Policy, path: Path) -> list[ShownRule]:
    tests = fixtures_path(path)
    ours = path.is_relative_to(packs_folder())
    fixtures = load_fixtures(tests, ours=ours) if tests.exists() else ()
    return [_shown(rule, one, path, fixtures) for one, rule in _pairs(policy, path)]


def _pairs(policy: Policy, path: Path) -> list[tuple[RuleFields, Rule]]:
    found = (
        (one, policy.find(one.id))
        for one in rules_as_written(path, ours=path.is_relative_to(packs_folder()))
    )
    return [(one, rule) for one, rule in found if rule is not None]


def _shown(rule: Rule, one: RuleFields, path: Path, fixtures: tuple[Fixture, ...]) -> ShownRule:
    return ShownRule(
        rule=rule,
        written=one,
        pack=path.stem,
        shipped=is_shipped(rule),
        violates=example(rule.id, fixtures, Verdict.INTRODUCED),
        passes=example(rule.id, fixtures, Verdict.PASS),
    )


def example(rule_id: str, fixtures: Iterable[Fixture], verdict: Verdict) -> Fixture | None:
    """Return the first case in which a rule must come to a verdict, or None."""
    return next(
        (
            fixture
            for fixture in fixtures
            for one in fixture.expect
            if one.rule == rule_id and one.verdict is verdict
        ),
        None,
    )
