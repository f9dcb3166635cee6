"""The nouns of policy: a rule, and all the rules in force, indexed by type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from driftguard.model import Mode, Severity
from driftguard.policy.engine import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Another severity under a condition."""

    to: Severity
    when: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, compiled. Its fields are those of ``fields.RuleFields``."""

    id: str
    title: str
    resource: frozenset[str]
    """Terraform types; empty: every type."""
    violation: Expression | None
    on_deleted: str
    on_unmanaged: str
    base: Severity
    adjust: tuple[Adjustment, ...]
    mode: Mode
    max_per_cycle: int
    how: str
    why: str
    references: tuple[str, ...]
    tags: tuple[str, ...]
    parameters: Mapping[str, object]
    source: str
    """The file it stands in, as it was named."""
    line: int
    attributes: frozenset[str]
    """The attributes of ``r`` that ``violation`` looks at."""
    of_drift: bool
    """Whether ``violation`` speaks of ``drift``: it is evaluated once, not per side."""
    asks: frozenset[str]
    """The parts of ``ctx`` that any of its expressions reads: ``exposure``, ``tags``."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All the rules in force."""

    rules: tuple[Rule, ...] = ()
    disabled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Rule ids that are switched off, each with the reason."""

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Rule, ...]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for name in rule.resource:
                found.setdefault(name, []).append(rule)
        everywhere = [rule for rule in self.rules if not rule.resource]
        return {name: (*rules, *everywhere) for name, rules in found.items()}

    @cached_property
    def _everywhere(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if not rule.resource)

    def of(self, type_name: str) -> tuple[Rule, ...]:
        """Return the rules for a Terraform type."""
        return self._by_type.get(type_name, self._everywhere)

    def asks(self, type_name: str, evidence: str) -> bool:
        """Tell whether any rule for a type reads a part of ``ctx``."""
        return any(evidence in rule.asks for rule in self.of(type_name))

    def find(self, rule_id: str) -> Rule | None:
        """Return the rule of an id, or None."""
        return next(self._named(rule_id), None)

    def _named(self, rule_id: str) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.id == rule_id)
