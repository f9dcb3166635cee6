"""Scan a few declared resources through a Reader: what a resource type's tests need.

``scan`` reads the collections of the declared types, compares everything and
looks for unmanaged objects, with no redaction and no threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from driftguard.compare.attribute import Status
from driftguard.compare.everything import Part, compare_everything, managed_ids, wanted_parts
from driftguard.compare.resource import ResourceComparison
from driftguard.compare.secrets import Redact
from driftguard.compare.unmanaged import find_unmanaged
from driftguard.live.collections import COLLECTIONS
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Absent, Address, Declared, Drift, Item, Provenance, Scope, Unreadable
from driftguard.resources import TABLE
from tests.moto_reader import ACCOUNT, REGION


class Plain:
    """A redactor of nothing."""

    def mark(self, value: object) -> object:
        """Keep the value."""
        return value

    def value(self, value: object) -> object:
        """Keep the value."""
        return value

    def contains_secret(self, value: object) -> bool:
        """Find none."""
        return False


def declared(type_name: str, attributes: Mapping[str, object], name: str = "this") -> Declared:
    """Make a declared resource of the attributes a state holds for it."""
    return Declared(
        address=Address(type=type_name, name=name),
        scope=Scope(account=ACCOUNT, region=REGION),
        id=str(attributes.get("id") or ""),
        attributes=attributes,
        provenance=Provenance(place="test"),
    )


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """The answer: comparisons in the order declared, then what nobody declared."""

    resources: tuple[ResourceComparison, ...]
    unmanaged: tuple[Drift, ...] = ()
    listings: Mapping[Part, Listing] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """The path of every change on every declared resource."""
        drifts = [one.drift for one in self.resources if one.drift]
        return [change.path for drift in drifts for change in drift.changes]

    @property
    def kinds(self) -> list[str]:
        """The kind of each declared resource's drift; ``none`` where it has none."""
        return [one.drift.kind.value if one.drift else "none" for one in self.resources]

    @property
    def unknown(self) -> list[str]:
        """Why resources could not be checked."""
        return [one.unknown.reason for one in self.resources if one.unknown]

    @property
    def suppressed(self) -> list[str]:
        """The path of every difference that was left out."""
        return [left.path for one in self.resources for left in one.suppressed]

    @property
    def not_in_state(self) -> list[str]:
        """The path of every attribute that a state does not hold."""
        return [
            compared.path
            for one in self.resources
            for compared in one.compared
            if compared.status is Status.NOT_IN_STATE
        ]

    @property
    def unmanaged_ids(self) -> list[str]:
        """The ids of what nobody declared."""
        return [drift.id for drift in self.unmanaged]


class _Looked:
    def __init__(self, listings: Mapping[Part, Listing]) -> None:
        self._listings = listings

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        listing = self._listings[collection, scope]
        return listing.items.get(object_id) or listing.failure or Absent(id=object_id)


def scan(
    resources: Sequence[Declared],
    reader: Reader,
    *,
    aws_defaults: bool = False,
    redact: Redact | None = None,
) -> Scanned:
    """Scan the declared resources, and search their types' collections for unmanaged ones."""
    listings = {
        part: COLLECTIONS[part[0]].read(reader, Wanted(ids=ids))
        for part, ids in wanted_parts(TABLE, resources).items()
    }
    comparison = compare_everything(TABLE, resources, _Looked(listings), redact or Plain())
    managed = managed_ids(TABLE, resources)
    unmanaged = [
        drift
        for (collection, scope), listing in listings.items()
        for resource_type in TABLE.values()
        if resource_type.collection == collection
        for drift in find_unmanaged(
            resource_type,
            scope,
            listing.items,
            managed.get((collection, scope), frozenset()),
            redact or Plain(),
            aws_defaults=aws_defaults,
        )
    ]
    return Scanned(resources=comparison.resources, unmanaged=tuple(unmanaged), listings=listings)
