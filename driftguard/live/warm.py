"""What one look leaves to the next: what AWS answers unchanged is neither parsed nor made again.

A look with it finds exactly what a look without it would: a piece of an answer
is known by a keyed digest of all its bytes and of the whole shape that it was
read by. Only what the last look met is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from driftguard.live.progress import Part
from driftguard.live.reader import Listing

_DIGEST = 16


@dataclass(slots=True)
class _Kept:
    """What was met since the look began, and what the look before it met."""

    now: dict[bytes, list[Any]] = field(default_factory=dict)
    before: dict[bytes, list[Any]] = field(default_factory=dict)


class Warm:
    """Kept by whoever looks again and again. Thread-safe, for one look at a time."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._pieces = _Kept()
        self._listings: Mapping[Part, Listing] = MappingProxyType({})
        self._signatures: dict[tuple[int, str], tuple[Any, bytes]] = {}
        self._lock = threading.Lock()

    def digest(self, shape: Any, piece: bytes) -> bytes:  # noqa: ANN401  # a botocore class
        """Return what a piece of an answer of a shape is known by."""
        key = self._signature(shape)
        return hashlib.blake2b(piece, digest_size=_DIGEST, key=key).digest()

    def elements(self, digest: bytes) -> list[Any] | None:
        """Return what a piece was parsed to before; None for a new one."""
        pieces = self._pieces
        found = pieces.now.get(digest)
        if found is None:
            found = pieces.before.get(digest)
            if found is not None:
                pieces.now[digest] = found
        return found

    def keep(self, digest: bytes, elements: list[Any]) -> None:
        """Remember what a piece was parsed to."""
        self._pieces.now[digest] = elements

    def same(self, part: Part, listing: Listing) -> Listing:
        """Return the listing with the last look's own objects where they are equal."""
        before = self._listings.get(part)
        if before is None:
            return listing
        known = before.items
        items = {
            one: known[one] if one in known and known[one] == item else item
            for one, item in listing.items.items()
        }
        return replace(listing, items=MappingProxyType(items))

    def looked(self, listings: Mapping[Part, Listing]) -> None:
        """End a look: what it did not meet is forgotten."""
        self._listings = listings
        self._pieces = _Kept(before=self._pieces.now)

    def _signature(self, shape: Any) -> bytes:  # noqa: ANN401  # a botocore class
        resolver = shape._shape_resolver  # noqa: SLF001  # one for each service model
        known = self._signatures.get((id(resolver), shape.name))
        if known is None:
            told = repr(_told(shape, frozenset())).encode()
            key = hashlib.blake2b(told, key=self._key, digest_size=32).digest()
            with self._lock:
                # The resolver is kept beside, so that no other can get its id.
                known = self._signatures.setdefault((id(resolver), shape.name), (resolver, key))
        return known[1]


def _told(shape: Any, within: frozenset[str]) -> object:  # noqa: ANN401  # a botocore class
    """Return all that decides how a shape is read."""
    head = (shape.name, shape.type_name, sorted(shape.serialization.items()))
    if shape.name in within:
        return head
    within |= {shape.name}
    if shape.type_name == "structure":
        return head, [(name, _told(one, within)) for name, one in shape.members.items()]
    if shape.type_name == "list":
        return head, _told(shape.member, within)
    if shape.type_name == "map":
        return head, _told(shape.key, within), _told(shape.value, within)
    return head
