"""The way out of a plan: its secrets replaced as a state's are, both sides together.

A plan is sealed as two states, what is and what would be, so that a secret that
only one side marks is found on the other too. Only then is what nobody knows
yet put in: a mark for the unknown must not be taken for a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from driftguard.declared.plan import Action, ParsedPlan, PlannedChange
from driftguard.declared.seal import Seal
from driftguard.declared.state import Instance, ParsedState
from driftguard.errors import DeclaredError
from driftguard.model import Declared, Scope, Stack, Unknown
from driftguard.redact import Redactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One resource of a plan, secrets replaced; a side is None where it is not there."""

    action: Action
    before: Declared | None
    after: Declared | None
    unknown: object = field(default=False, repr=False)
    """As in ``PlannedChange``; it holds names and truths, no values."""

    @property
    def known(self) -> Declared:
        """The side that tells address, scope and id: an id is known only before."""
        sides = [one for one in (self.before, self.after) if one is not None]
        return sides[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan that may be judged and told."""

    place: str
    resources: tuple[Planned, ...]
    unreadable: tuple[Unknown, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def seal_plan(stack: Stack, plan: ParsedPlan, redactor: Redactor) -> Plan:
    """Replace every secret of a plan. Raises DeclaredError, which quotes nothing of it."""
    try:
        return _sealed(stack, plan, redactor)
    except Exception as error:  # noqa: BLE001  # its message may quote the plan, secrets and all
        name = type(error).__name__
        message = f"The secrets in the plan can't be replaced ({name}), so nothing is told."
        raise DeclaredError(message, hint="This is a bug; please report it.") from None


def _sealed(stack: Stack, plan: ParsedPlan, redactor: Redactor) -> Plan:
    is_now = _state(plan, (one.before for one in plan.changes), unreadable=plan.unreadable)
    would_be = _state(plan, (one.after for one in plan.changes))
    sealed = Seal([(stack, is_now), (stack, would_be)], redactor).sealed()
    sides = iter(sealed.resources)
    before = [None if one.before is None else next(sides) for one in plan.changes]
    after = [None if one.after is None else next(sides) for one in plan.changes]
    return Plan(
        place=plan.provenance.place,
        resources=tuple(map(_planned, plan.changes, before, after)),
        unreadable=sealed.unreadable,
        problems=tuple(redactor.text(one) for one in plan.problems),
        warnings=tuple(redactor.text(one) for one in plan.warnings),
    )


def _state(
    plan: ParsedPlan, sides: Iterable[Instance | None], *, unreadable: tuple[Unknown, ...] = ()
) -> ParsedState:
    return ParsedState(
        provenance=plan.provenance,
        managed=tuple(one for one in sides if one is not None),
        deposed=plan.deposed,
        data=plan.data,
        unreadable=unreadable,
        sensitive_outputs=plan.sensitive_values,
    )


def _planned(change: PlannedChange, before: Declared | None, after: Declared | None) -> Planned:
    if before is not None and after is not None:
        # A new object has no ARN yet; it will be where the one before it is.
        after = replace(after, id=after.id or before.id, scope=_either(before, after))
    return Planned(action=change.action, before=before, after=after, unknown=change.unknown)


def _either(before: Declared, after: Declared) -> Scope:
    scope = after.scope
    return replace(
        scope,
        account=scope.account or before.scope.account,
        region=scope.region or before.scope.region,
    )
