"""One look at AWS: every collection that is asked for, once, in parallel.

Whatever goes wrong with one part stays with that part; what was not read in
time is unknown, never empty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from driftguard.clock import Clock, SystemClock
from driftguard.live.collections import COLLECTIONS
from driftguard.live.failure import broken_collection
from driftguard.live.progress import Part, Progress, SilentProgress
from driftguard.live.reader import Collection, Listing, Wanted
from driftguard.live.readers import Readers
from driftguard.live.shared import SharedReaders
from driftguard.live.threads import Crew, Done
from driftguard.live.warm import Warm
from driftguard.model import Absent, Item, Scope, Unreadable

_TELL_EVERY = 0.2
"""Seconds: how soon a passed deadline is noticed and how often progress is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """What one look found. It never changes: late answers are not let in."""

    listings: Mapping[Part, Listing] = field(default_factory=lambda: MappingProxyType({}))

    def listing(self, collection: str, scope: Scope) -> Listing:
        """Return a whole collection in one scope; of one not asked for nothing is known."""
        found = self.listings.get((collection, scope))
        if found is None:
            return Listing(failure=Unreadable(reason=f"{collection} of {scope} was not read"))
        return found

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        """Return one object; Absent only where AWS said so, of it or by the whole list."""
        listing = self.listing(collection, scope)
        item = listing.items.get(object_id)
        if item is not None:
            return item
        if object_id in listing.absent:
            return Absent(id=object_id)
        return listing.failure or Absent(id=object_id)


def look(  # noqa: PLR0913  # all but two have a default
    parts: Mapping[Part, frozenset[str]],
    readers: Readers,
    *,
    collections: Mapping[str, Collection] = COLLECTIONS,
    deadline: float | None = None,
    parallel: int = 16,
    progress: Progress | None = None,
    clock: Clock | None = None,
    warm: Warm | None = None,
) -> LiveView:
    """Read every part, ``parallel`` at a time; ``deadline`` is in seconds from now.

    ``parts`` names what to read and the declared ids in it. Never raises for
    what AWS or a collection did; an interrupt of the calling thread goes through.
    ``warm`` is what an earlier look left, the same as its readers have.
    """
    clock = clock or SystemClock()
    end = math.inf if deadline is None else clock.monotonic() + deadline
    shared = SharedReaders(readers)
    crew = Crew[Part, Listing](
        lambda part: _read(part, parts[part], shared, collections),
        sorted(parts),
        width=parallel,
        name="driftguard-look",
    )
    progress = progress or SilentProgress()
    progress.start(len(parts))
    try:
        crew.start()
        read = _gathered(crew, len(parts), end, progress, clock)
    finally:
        crew.stop()
        progress.finish()
    late = Unreadable(reason=_late(deadline), retryable=True)
    listings = {part: read.get(part, Listing(failure=late)) for part in sorted(parts)}
    if warm is not None:
        listings = {part: warm.same(part, listing) for part, listing in listings.items()}
        warm.looked(listings)
    return LiveView(listings=MappingProxyType(listings))


def _read(
    part: Part,
    ids: frozenset[str],
    readers: SharedReaders,
    collections: Mapping[str, Collection],
) -> Listing:
    name, scope = part
    if name not in collections:
        return Listing(failure=Unreadable(reason=f"nothing here reads {name}"))
    reader = readers.reader(scope)
    if isinstance(reader, Unreadable):
        return Listing(failure=reader)
    listing = collections[name].read(reader, Wanted(ids=ids))
    return replace(
        listing,
        items=MappingProxyType(dict(listing.items)),
        absent=frozenset(listing.absent),
    )


def _gathered(
    crew: Crew[Part, Listing],
    total: int,
    end: float,
    progress: Progress,
    clock: Clock,
) -> dict[Part, Listing]:
    """Return what was read before the clock passes ``end``."""
    read: dict[Part, Listing] = {}
    while len(read) < total:
        left = end - clock.monotonic()
        if left <= 0:
            break
        done = crew.next_done(timeout=min(left, _TELL_EVERY))
        if done is None:
            progress.waiting(crew.under_way())
            continue
        read[done.task] = _listing(done)
        progress.done(*done.task)
    return read


def _listing(done: Done[Part, Listing]) -> Listing:
    if done.result is None:
        return Listing(failure=broken_collection(done.task[0], done.error))
    return done.result


def _late(deadline: float | None) -> str:
    return f"the scan's deadline of {deadline or 0:g} s passed before it was read"
