"""Where unmanaged resources are looked for, and what was found or could not be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from driftguard.compare.everything import Part
from driftguard.compare.resource import collection_scope
from driftguard.compare.secrets import Redact
from driftguard.compare.selection import Selection
from driftguard.compare.unmanaged import find_unmanaged
from driftguard.model import GLOBAL_REGION, Drift, Item, Scope, Unknown, Unreadable
from driftguard.resource_type import ResourceType


class Listing(Protocol):
    """What the search needs of a collection that was read."""

    @property
    def items(self) -> Mapping[str, Item]:
        """The live objects by id."""

    @property
    def failure(self) -> Unreadable | None:
        """Why there may be more than ``items``."""


class Listed(Protocol):
    """What the search needs of the live view: whole collections."""

    def listing(self, collection: str, scope: Scope) -> Listing:
        """Return all that was found in one collection of one scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which types are searched for unmanaged objects, in which scopes."""

    parts: tuple[tuple[ResourceType, Scope], ...] = ()

    @classmethod
    def of(
        cls, types: Mapping[str, ResourceType], scopes: Iterable[Scope], selection: Selection
    ) -> Search:
        """Plan to search every selected type in every scope, global ones once per account.

        What has no region is searched for wherever the account is known.
        """
        located = sorted({scope for scope in scopes if scope.account})
        searched = [
            one
            for one in types.values()
            if one.unmanaged is not None and selection.may_take(one.name)
        ]
        parts = dict.fromkeys(
            (one.name, collection_scope(one, scope))
            for one in searched
            for scope in located
            if one.is_global or scope.region not in ("", GLOBAL_REGION)
        )
        return cls(parts=tuple((types[name], scope) for name, scope in parts))

    @property
    def collections(self) -> frozenset[Part]:
        """The collections that have to be read."""
        return frozenset((one.collection, scope) for one, scope in self.parts)

    def unsearched(self, live: Listed) -> Iterator[Unknown]:
        """Yield each type and scope in which there may be more than was seen."""
        for one, scope in self.parts:
            failure = live.listing(one.collection, scope).failure
            if failure is not None:
                yield Unknown(
                    address=f"{one.name} in {scope}",
                    reason=failure.reason,
                    type=one.name,
                    scope=scope,
                    retryable=failure.retryable,
                )

    def found(
        self,
        live: Listed,
        managed: Mapping[Part, frozenset[str]],
        redact: Redact,
        *,
        aws_defaults: bool,
    ) -> Iterator[Drift]:
        """Yield a drift for each live object that is not among the managed ones."""
        for one, scope in self.parts:
            items = live.listing(one.collection, scope).items
            ids = managed.get((one.collection, scope), frozenset())
            yield from find_unmanaged(one, scope, items, ids, redact, aws_defaults=aws_defaults)
