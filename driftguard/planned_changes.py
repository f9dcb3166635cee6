"""What a plan does to one resource, told attribute by attribute as a drift is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from driftguard.canonical.freeze import thaw
from driftguard.compare.attribute import declared_value
from driftguard.declared.plan import Action
from driftguard.declared.plan_seal import Planned
from driftguard.errors import CanonicalError
from driftguard.model import Change, ChangeKind, Json
from driftguard.policy.unknown import UNKNOWN, with_marks
from driftguard.redact import Redactor
from driftguard.resource_type import UNSET, Attribute, ResourceType

_NONE: Mapping[str, object] = {}


def changes_of(resource_type: ResourceType, one: Planned, redactor: Redactor) -> Iterator[Change]:
    """Yield what would be otherwise; nothing of what the plan leaves or takes away."""
    if one.action in (Action.NOTHING, Action.FORGET, Action.DELETE) or one.after is None:
        return
    before = one.before.attributes if one.before is not None else _NONE
    after = with_marks(resource_type.name, one.after.attributes, one.unknown)
    for attribute in resource_type.attributes:
        for change in _changes(attribute, before, after):
            yield _hidden(attribute, change, redactor)


def _changes(
    attribute: Attribute, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Change]:
    kind, name = attribute.kind, attribute.name
    old = kind.canonical(_value(attribute, before))
    try:
        new = kind.canonical(_value(attribute, after))
    except (CanonicalError, TypeError, ValueError, AttributeError):
        told = thaw(old)
        if told is not None:  # of a new resource, what nobody knows yet says nothing
            yield Change(path=name, kind=ChangeKind.CHANGED, declared=told, live=UNKNOWN)
        return
    if old != new:
        yield from kind.changes(name, old, new)


def _value(attribute: Attribute, attributes: Mapping[str, object]) -> object:
    value = declared_value(attribute, attributes)
    return None if value is UNSET else value


def _hidden(attribute: Attribute, change: Change, redactor: Redactor) -> Change:
    if not attribute.sensitive:
        return change
    return replace(
        change,
        declared=cast("Json", redactor.mark(change.declared)),
        live=cast("Json", redactor.mark(change.live)),
    )
