"""One declared resource: is it there, is it as declared, what of it is unknown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from driftguard.compare.attribute import Compared, Status, compare_attribute
from driftguard.compare.earlier import Earlier, Owners
from driftguard.compare.secrets import Redact
from driftguard.errors import CanonicalError
from driftguard.model import (
    GLOBAL_REGION,
    Absent,
    Address,
    Declared,
    Drift,
    DriftKind,
    Item,
    Scope,
    Suppressed,
    Unknown,
    Unreadable,
)
from driftguard.ownership import Claim, Claims
from driftguard.resource_type import Attribute, ResourceType


class Looked(Protocol):
    """What the comparison needs of the live view: one object by its id."""

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        """Return the object, or that it is not there, or why nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceComparison:
    """One declared resource: its drift if any, what is unknown of it, every attribute."""

    declared: Declared
    drift: Drift | None = None
    unknown: Unknown | None = None
    unequal: tuple[Compared, ...] = ()
    """The attributes that are not simply equal."""
    told: Callable[[], tuple[Compared, ...]] = tuple
    """How to tell of every attribute."""

    @property
    def compared(self) -> tuple[Compared, ...]:
        """Every attribute, with both its values; compared again, as few are ever explained."""
        return self.told()

    @property
    def suppressed(self) -> Iterator[Suppressed]:
        """The differences that were left out, each with its reason."""
        for one in self.unequal:
            if one.status is Status.SUPPRESSED:
                yield Suppressed(
                    address=self.declared.address, path=one.path, reason=one.reason, live=one.live
                )


def collection_scope(resource_type: ResourceType, scope: Scope) -> Scope:
    """Return the scope a type's collection is read in: global ones once per account."""
    return replace(scope, region=GLOBAL_REGION) if resource_type.is_global else scope


def compare_resource(
    resource_type: ResourceType,
    declared: Declared,
    live: Looked,
    claims: Claims,
    redact: Redact,
    earlier: Earlier | None = None,
) -> ResourceComparison:
    """Compare one declared resource of a known type with one look at AWS."""
    try:
        item = _find(resource_type, declared, live, redact)
        if not isinstance(item, Item):
            return _not_there(declared, item)
        owners = _owners(resource_type, declared, item, claims)
        known = earlier.find(declared, item, owners) if earlier is not None else None
        if isinstance(known, ResourceComparison):
            return known
        found = resource_type.locate(declared, item)
        if not isinstance(found, Item):
            return _not_there(declared, found)
        attributes = functools.partial(_attributes, resource_type, declared, found, owners, redact)
        unequal = tuple(
            one for one in attributes(tell_equal=False) if one.status is not Status.EQUAL
        )
    except CanonicalError as error:
        reason = Unreadable(reason=f"it can't be compared: {redact.value(error.message)}")
        return ResourceComparison(declared=declared, unknown=_unknown(declared, reason))
    except Exception as error:  # noqa: BLE001  # one odd answer must not lose the other resources
        name = type(error).__name__
        reason = Unreadable(reason=f"it can't be compared: an answer has another shape ({name})")
        return ResourceComparison(declared=declared, unknown=_unknown(declared, reason))
    concluded = _concluded(declared, unequal, attributes)
    if earlier is not None:
        earlier.keep(declared, item, owners, concluded)
    return concluded


def _not_there(declared: Declared, found: Absent | Unreadable | None) -> ResourceComparison:
    if isinstance(found, Unreadable):
        return ResourceComparison(declared=declared, unknown=_unknown(declared, found))
    return ResourceComparison(declared=declared, drift=Drift.of(declared, DriftKind.MISSING))


def _find(
    resource_type: ResourceType, declared: Declared, live: Looked, redact: Redact
) -> Item | Absent | Unreadable:
    object_id = resource_type.identify(declared)
    if not object_id:
        return Unreadable(reason="the state does not hold its id")
    if redact.contains_secret(object_id):
        return Unreadable(reason="its id holds a secret, so it can't be looked for")
    scope = collection_scope(resource_type, declared.scope)
    return live.find(resource_type.collection, scope, object_id)


def _attributes(  # as compare_attribute's
    resource_type: ResourceType,
    declared: Declared,
    item: Item,
    owners: Owners,
    redact: Redact,
    *,
    tell_equal: bool = True,
) -> tuple[Compared, ...]:
    compared = []
    for attribute, others in zip(resource_type.attributes, owners, strict=True):
        try:
            one = compare_attribute(
                attribute, declared, item, others, redact, tell_equal=tell_equal
            )
        except CanonicalError as error:
            raise CanonicalError(f"{attribute.name}: {error.message}") from error
        compared.append(one)
    return tuple(compared)


def _owners(resource_type: ResourceType, declared: Declared, item: Item, claims: Claims) -> Owners:
    """Return for each attribute who else declares it or members of it."""
    scope = collection_scope(resource_type, declared.scope)

    def others(attribute: Attribute) -> tuple[tuple[Address, Claim], ...]:
        if not attribute.part:
            return ()
        found = claims.on(resource_type.collection, scope, item.id, attribute.name)
        return tuple(owner for owner in found if owner[0] != declared.address)

    return tuple(map(others, resource_type.attributes))


def _concluded(
    declared: Declared,
    unequal: tuple[Compared, ...],
    told: Callable[[], tuple[Compared, ...]],
) -> ResourceComparison:
    """Conclude; an unknown part keeps the resource from being called checked, not its drift."""
    changes = tuple(change for one in unequal for change in one.changes)
    unread = [one for one in unequal if one.status is Status.UNREAD]
    unknown = None
    if unread:
        parts = ", ".join(one.path for one in unread)
        reasons = "; ".join(dict.fromkeys(one.reason for one in unread))
        retryable = any(one.retryable for one in unread)
        unknown = _unknown(declared, Unreadable(reason=f"{parts}: {reasons}", retryable=retryable))
    return ResourceComparison(
        declared=declared,
        drift=Drift.of(declared, DriftKind.CHANGED, changes) if changes else None,
        unknown=unknown,
        unequal=unequal,
        told=told,
    )


def _unknown(declared: Declared, why: Unreadable) -> Unknown:
    return Unknown(
        address=str(declared.address),
        reason=why.reason,
        type=declared.address.type,
        scope=declared.scope,
        retryable=why.retryable,
    )
