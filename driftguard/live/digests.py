"""Secrets of a recording: their digests have the key of the scan that recorded it.

Compared with a declaration of today, whose digests have another key, every
secret would seem changed. So a part that holds one is unknown in a replay.
Only a replay says so: to AWS itself a text of that shape is just a text, and
nobody may hide a change behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from driftguard.live.reader import Collection, Listing, Reader, Wanted
from driftguard.model import TOKEN_PATTERN, Item, Unreadable

_TOKEN = re.compile(TOKEN_PATTERN)
_DIGEST = Unreadable(reason="the recording holds a digest in the place of a secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A collection that is read from a recording."""

    collection: Collection

    @property
    def name(self) -> str:
        """The collection's own name."""
        return self.collection.name

    @property
    def is_global(self) -> bool:
        """Whether one read serves the whole account."""
        return self.collection.is_global

    @property
    def permissions(self) -> tuple[str, ...]:
        """The IAM actions of its calls."""
        return self.collection.permissions

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """Read the collection; what holds a digest is unread."""
        return without_digests(self.collection.read(reader, wanted))


def replayed(collections: Mapping[str, Collection]) -> Mapping[str, Collection]:
    """Return the collections as a replay reads them."""
    return {name: Replayed(collection=one) for name, one in collections.items()}


def without_digests(listing: Listing) -> Listing:
    """Return a replayed listing with every part unread that holds a secret's digest."""
    return replace(listing, items={one: _item(item) for one, item in listing.items.items()})


def _item(item: Item) -> Item:
    unread = {key: _DIGEST for key, value in item.raw.items() if _holds_digest(value)}
    return replace(item, unread={**unread, **item.unread}) if unread else item


def _holds_digest(value: object) -> bool:
    if isinstance(value, str):
        return "(sensitive " in value and _TOKEN.search(value) is not None
    if isinstance(value, Mapping):
        return any(_holds_digest(key) or _holds_digest(inner) for key, inner in value.items())
    return isinstance(value, list | tuple) and any(_holds_digest(inner) for inner in value)
