"""From a rule to the same with one mistake, and whether its tests find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from driftguard.model import Severity
from driftguard.policy.engine import Expression, ExpressionError, compile_expression, names
from driftguard.policy.fields import RuleFields
from driftguard.policy.fixtures import Fixture, fixtures_path, load_fixtures
from driftguard.policy.load import load_file, rule_files
from driftguard.policy.rules import Rule
from driftguard.policy.tested import contradicts
from driftguard.policy.written import rules_as_written
from driftguard.resources import TABLE
from tests.mutants.mutate import mutants_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MutantRule:
    """A rule with one mistake, and what the mistake is."""

    rule: Rule
    what: str
    of_expression: bool = False
    """Whether the mistake is in an expression, not in what stands around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A file of rules with its tests."""

    name: str
    rules: tuple[tuple[Rule, RuleFields], ...]
    fixtures: tuple[Fixture, ...]


def packs(paths: Iterable[Path]) -> Iterator[Pack]:
    """Yield every file of rules that has tests."""
    for path in rule_files(paths):
        if fixtures_path(path).exists():
            rules = zip(load_file(path, ours=True), rules_as_written(path), strict=True)
            fixtures = load_fixtures(fixtures_path(path), ours=True)
            yield Pack(name=path.stem, rules=tuple(rules), fixtures=fixtures)


def mutants(rule: Rule, written: RuleFields) -> Iterator[MutantRule]:
    """Yield every mutant of a rule that can be loaded."""
    yield from _of_violation(rule, written)
    yield from _of_places(rule)
    yield from _of_severity(rule, written)


def survives(mutant: Rule, fixtures: Sequence[Fixture]) -> bool:
    """Tell whether no test finds the mistake."""
    mine = (one for one in fixtures if not mutant.resource or one.case.type in mutant.resource)
    return not any(contradicts(mutant, one) for one in mine)


def _of_violation(rule: Rule, written: RuleFields) -> Iterator[MutantRule]:
    if rule.violation is not None:
        for source, compiled, what in _compiled(written.violation):
            of_drift = any(one.chain[0] == "drift" for one in names(source))
            mutant = replace(rule, violation=compiled, of_drift=of_drift)
            yield MutantRule(rule=mutant, what=f"violation: {what}", of_expression=True)


def _compiled(source: str) -> Iterator[tuple[str, Expression, str]]:
    for mutant in mutants_of(source):
        try:
            yield mutant.source, compile_expression(mutant.source), mutant.what
        except ExpressionError:  # a mistake that is found when the file is loaded
            continue


def _of_places(rule: Rule) -> Iterator[MutantRule]:
    """Mistakes about what is gone, and about what nobody declared."""
    other = "violation" if rule.on_deleted == "pass" else "pass"
    yield MutantRule(rule=replace(rule, on_deleted=other), what=f"on_deleted: {other}")
    if rule.resource and all(TABLE[name].unmanaged is None for name in rule.resource):
        return  # no such resource is ever unmanaged by itself, so there is no mistake to make
    for other in ("evaluate", "ignore", "violation"):
        if other != rule.on_unmanaged and not (other == "evaluate" and rule.violation is None):
            yield MutantRule(rule=replace(rule, on_unmanaged=other), what=f"on_unmanaged: {other}")


def _of_severity(rule: Rule, written: RuleFields) -> Iterator[MutantRule]:
    base = _other(rule.base)
    yield MutantRule(rule=replace(rule, base=base), what=f"severity.base: {base.label}")
    for index, adjustment in enumerate(rule.adjust):
        before, after = rule.adjust[:index], rule.adjust[index + 1 :]
        place = f"severity.adjust[{index}]"
        yield MutantRule(rule=replace(rule, adjust=(*before, *after)), what=f"without {place}")
        to = replace(adjustment, to=_other(adjustment.to))
        mutant = replace(rule, adjust=(*before, to, *after))
        yield MutantRule(rule=mutant, what=f"{place}.to: {to.to.label}")
        for _, compiled, what in _compiled(written.severity.adjust[index].when):
            when = replace(adjustment, when=compiled)
            mutant = replace(rule, adjust=(*before, when, *after))
            yield MutantRule(rule=mutant, what=f"{place}.when: {what}", of_expression=True)


def _other(severity: Severity) -> Severity:
    return Severity(severity + 1) if severity < Severity.CRITICAL else Severity.HIGH
