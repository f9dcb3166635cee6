"""One attribute of one resource: both sides in canonical form, and the verdict on them."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

from driftguard.canonical.freeze import Canonical, thaw
from driftguard.canonical.kinds import Members
from driftguard.model import Address, Change, Declared, Item, Json, Unreadable
from driftguard.ownership import Claim
from driftguard.resource_type import UNSET, Attribute


class Redact(Protocol):
    """What the comparison needs of the redactor (``redact.py``)."""

    def mark(self, value: object) -> object:
        """Replace every leaf of a secret value by its token."""

    def value(self, value: object) -> object:
        """Replace known and secret-shaped strings inside a value."""

    def contains_secret(self, value: object) -> bool:
        """Tell whether a token stands in the value."""


class Status(enum.StrEnum):
    """How one attribute of one resource came out."""

    EQUAL = "equal"
    DIFFERENT = "different"
    SUPPRESSED = "suppressed"
    UNREAD = "unread"
    NOT_IN_STATE = "not in the state"
    OWNED = "owned by another resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One attribute, both sides in canonical form: a line of ``driftguard explain``."""

    path: str
    status: Status
    declared: Json = None
    live: Json = None
    reason: str = ""
    retryable: bool = False
    changes: tuple[Change, ...] = ()


Owners = Sequence[tuple[Address, Claim]]


def compare_attribute(
    attribute: Attribute, declared: Declared, item: Item, owners: Owners, redact: Redact
) -> Compared:
    """Compare one attribute. Raises CanonicalError where a side has no canonical form.

    ``owners`` are the claims that other resources make on this part.
    """
    value = declared_value(attribute, declared.attributes)
    if value is UNSET:
        if not attribute.part:
            return Compared(path=attribute.name, status=Status.NOT_IN_STATE)
        value = None
    if owners and not isinstance(attribute.kind, Members):
        names = ", ".join(str(address) for address, _ in owners)
        return Compared(path=attribute.name, status=Status.OWNED, reason=f"declared by {names}")
    unread = unread_part(attribute, item)
    if unread is not None:
        return Compared(
            path=attribute.name,
            status=Status.UNREAD,
            reason=unread.reason,
            retryable=unread.retryable,
        )
    live = live_value(attribute, item.raw)
    if _is_secret(attribute, declared, value, redact):
        value, live = redact.mark(value), redact.mark(live)
    before, after = attribute.kind.canonical(value), attribute.kind.canonical(live)
    if owners and isinstance(attribute.kind, Members):
        before, after = _without_claimed(attribute, item, (before, after), owners)
    return _judge(attribute, declared, before, after, redact)


def declared_value(attribute: Attribute, attributes: Mapping[str, object]) -> object:
    """Return what the state holds for an attribute; UNSET where it holds nothing by that name.

    A block that occurs once is a list of one object in the state; it is
    stepped into, and an absent block makes its attributes None.
    """
    head, _, rest = attribute.name.partition(".")
    if attribute.declared is not None:
        return attribute.declared(attributes)
    if head not in attributes:
        return UNSET
    return _step(attributes[head], rest)


def _step(value: object, path: str) -> object:
    while path:
        head, _, path = path.partition(".")
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        value = value.get(head) if isinstance(value, Mapping) else None
    return value


def live_value(attribute: Attribute, raw: Mapping[str, object]) -> object:
    """Return what AWS answered for an attribute, in Terraform's shape."""
    if callable(attribute.wire):
        return attribute.wire(raw)
    head, _, rest = attribute.wire.partition(".")
    return _step(raw.get(head), rest)


def unread_part(attribute: Attribute, item: Item) -> Unreadable | None:
    """Return why an attribute's live value is unknown, or None where it is known."""
    if not item.unread:
        return None
    head = () if callable(attribute.wire) else (attribute.wire.partition(".")[0],)
    return next((item.unread[key] for key in (*head, *attribute.needs) if key in item.unread), None)


def is_marked(path: str, marks: frozenset[str]) -> bool:
    """Tell whether a path, what contains it or what it contains was marked sensitive."""
    return any(
        path == mark or path.startswith(f"{mark}.") or mark.startswith(f"{path}.") for mark in marks
    )


def _is_secret(attribute: Attribute, declared: Declared, value: object, redact: Redact) -> bool:
    return (
        attribute.sensitive
        or is_marked(attribute.name, declared.sensitive)
        or redact.contains_secret(value)
    )


def _without_claimed(
    attribute: Attribute, item: Item, sides: tuple[Canonical, Canonical], owners: Owners
) -> tuple[Canonical, Canonical]:
    """Take away from both sides what other resources declare: they answer for it."""
    kind = cast("Members", attribute.kind)
    claimed = _claimed(attribute, item, owners)
    before, after = (
        kind.of(frozenset(one for one in kind.members(side) if kind.identity(one) not in claimed))
        for side in sides
    )
    return before, after


def _claimed(attribute: Attribute, item: Item, owners: Owners) -> frozenset[Canonical]:
    kind = cast("Members", attribute.kind)
    by_id = attribute.by_id(item.raw) if attribute.by_id is not None else {}
    shapes = [claim.members for _, claim in owners]
    shapes += [by_id[one] for _, claim in owners for one in claim.member_ids if one in by_id]
    members = (kind.members(attribute.kind.canonical(shape)) for shape in shapes)
    return frozenset(kind.identity(member) for found in members for member in found)


def _judge(
    attribute: Attribute, declared: Declared, before: Canonical, after: Canonical, redact: Redact
) -> Compared:
    told = Compared(
        path=attribute.name,
        status=Status.EQUAL,
        declared=cast("Json", redact.value(thaw(before))),
        live=cast("Json", redact.value(thaw(after))),
    )
    if before == after:
        return told
    reason = _default_reason(attribute, before, after)
    if not reason and attribute.accept is not None:
        reason = attribute.accept(declared.attributes, thaw(before), thaw(after)) or ""
    if reason:
        return replace(told, status=Status.SUPPRESSED, reason=reason)
    changes = attribute.kind.changes(attribute.name, before, after)
    return replace(
        told,
        status=Status.DIFFERENT,
        changes=tuple(_redacted(change, redact) for change in changes),
    )


def _default_reason(attribute: Attribute, before: Canonical, after: Canonical) -> str:
    """Say why a difference is AWS's default: one side is nothing, the other exactly it."""
    if attribute.default is UNSET:
        return ""
    nothing = attribute.kind.canonical(None)
    default = attribute.kind.canonical(attribute.default)
    if {before, after} != {nothing, default}:
        return ""
    source = f" ({attribute.default_source})" if attribute.default_source else ""
    return f"not set, and {thaw(default)!r} is AWS's documented default{source}"


def _redacted(change: Change, redact: Redact) -> Change:
    return replace(
        change,
        path=str(redact.value(change.path)),
        declared=cast("Json", redact.value(change.declared)),
        live=cast("Json", redact.value(change.live)),
    )
