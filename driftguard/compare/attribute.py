"""One attribute of one resource: both sides in canonical form, and the verdict on them."""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from driftguard.canonical.freeze import Canonical, is_nothing, thaw
from driftguard.canonical.kinds import Boolean, Integer, Members, Text
from driftguard.compare.secrets import Redact, Veil, veiled
from driftguard.errors import CanonicalError
from driftguard.model import Address, Change, Declared, Item, Json, Unreadable
from driftguard.ownership import Claim
from driftguard.resource_type import UNSET, Attribute


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
    unread: bool = False
    """Whether ``live`` is None because nobody could read it."""
    changes: tuple[Change, ...] = ()


Owners = Sequence[tuple[Address, Claim]]


def compare_attribute(  # all but one are what is compared
    attribute: Attribute,
    declared: Declared,
    item: Item,
    owners: Owners,
    redact: Redact,
    *,
    tell_equal: bool = True,
) -> Compared:
    """Compare one attribute. Raises CanonicalError where a side has no canonical form.

    ``owners`` are the claims that other resources make on this part. Without
    ``tell_equal`` an equal one comes without its values: to make them fit to be
    told costs more than to compare them, and only an explanation shows them.
    """
    value = declared_value(attribute, declared.attributes)
    if value is UNSET and not attribute.part:
        return _live_alone(attribute, Status.NOT_IN_STATE, item, redact, tell=tell_equal)
    value = None if value is UNSET else value
    if owners and _owned_whole(attribute, owners):
        names = ", ".join(str(address) for address, _ in owners)
        alone = _live_alone(attribute, Status.OWNED, item, redact, tell=tell_equal)
        return replace(alone, reason=f"declared by {names}")
    if (unread := unread_part(attribute, item)) is not None:
        return _unread(attribute, unread)
    live = live_value(attribute, item.raw)
    if not (tell_equal or owners) and _are_alike(attribute, value, live):
        return _equal(attribute.name)
    claimed = _claimed(attribute, item, owners) if owners else frozenset()
    return _compare(attribute, declared, (value, live), claimed, redact, tell=tell_equal)


def _compare(
    attribute: Attribute,
    declared: Declared,
    sides: tuple[object, object],
    claimed: frozenset[Canonical],
    redact: Redact,
    *,
    tell: bool,
) -> Compared:
    """Compare the two values of an attribute that this resource declares and that was read."""
    value, live = sides
    value, live, veil = veiled(attribute, declared, value, live, redact)
    before = attribute.kind.canonical(value)
    same_text = type(value) is str and type(live) is str and value == live
    after = before if same_text else attribute.kind.canonical(live)
    default = is_nothing(value) or is_nothing(live)
    if claimed:
        before, after = _without_claimed(attribute, (before, after), claimed)
    if before == after:
        told = _told(attribute, Status.EQUAL, before, after, veil) if tell else None
        return told or _equal(attribute.name)
    reason = _default_reason(attribute, before, after) if default else ""
    if not reason and attribute.accept is not None:
        reason = attribute.accept(declared.attributes, thaw(before), thaw(after)) or ""
    if reason:
        return replace(_told(attribute, Status.SUPPRESSED, before, after, veil), reason=reason)
    changes = attribute.kind.changes(attribute.name, before, after)
    return replace(
        _told(attribute, Status.DIFFERENT, before, after, veil),
        changes=tuple(veil.change(change) for change in changes),
    )


def _live_alone(
    attribute: Attribute, status: Status, item: Item, redact: Redact, *, tell: bool
) -> Compared:
    """Tell of what is not this resource's to declare: only live's value, where it was read."""
    nothing = Compared(path=attribute.name, status=status)
    if not tell:
        return nothing
    if unread_part(attribute, item) is not None:
        return replace(nothing, unread=True)
    try:
        live = thaw(attribute.kind.canonical(live_value(attribute, item.raw)))
    except Exception:  # noqa: BLE001  # of another shape: nobody declared it, so it loses only itself
        return replace(nothing, unread=True)
    hidden = redact.mark(live) if attribute.sensitive else redact.value(live)
    return replace(nothing, live=cast("Json", hidden))


def _unread(attribute: Attribute, why: Unreadable) -> Compared:
    return Compared(
        path=attribute.name,
        status=Status.UNREAD,
        reason=why.reason,
        retryable=why.retryable,
        unread=True,
    )


_ALIKE: Mapping[type, type] = {Text: str, Integer: int, Boolean: bool}
"""Kinds whose canonical form of a value of this type is never refused."""


def _are_alike(attribute: Attribute, value: object, live: object) -> bool:
    """Tell whether two simple values are the same as they are: most are, so it is asked first."""
    kind = _ALIKE.get(type(attribute.kind))
    return kind is not None and type(value) is kind and type(live) is kind and value == live


@functools.lru_cache(maxsize=4096)
def _equal(path: str) -> Compared:
    return Compared(path=path, status=Status.EQUAL)


def _owned_whole(attribute: Attribute, owners: Owners) -> bool:
    """Tell whether the part has no members, or somebody claims it without naming any."""
    if not isinstance(attribute.kind, Members):
        return True
    return any(claim.members is None and not claim.member_ids for _, claim in owners)


def _told(
    attribute: Attribute, status: Status, before: Canonical, after: Canonical, veil: Veil
) -> Compared:
    declared, live = veil.told(thaw(before), thaw(after))
    return Compared(path=attribute.name, status=status, declared=declared, live=live)


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
    """Follow a dotted path; a list of one is stepped into. Raises CanonicalError for no block."""
    while path:
        head, _, path = path.partition(".")
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        if is_nothing(value):
            return None
        if not isinstance(value, Mapping):
            # Taken for no block at all, it would equal what was never declared.
            raise CanonicalError("Expected a block, found something else.")
        value = value.get(head)
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


def _without_claimed(
    attribute: Attribute, sides: tuple[Canonical, Canonical], claimed: frozenset[Canonical]
) -> tuple[Canonical, Canonical]:
    """Take away from both sides what other resources declare: they answer for it."""
    kind = cast("Members", attribute.kind)
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
