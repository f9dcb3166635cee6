"""What the object stores with a library of their own have in common."""

from __future__ import annotations

from collections.abc import Iterable

from driftguard.declared.envelope import too_large
from driftguard.declared.place import Visit
from driftguard.declared.wanted import Wanted
from driftguard.declared.web.body import whole
from driftguard.declared.web.error import out_of_time
from driftguard.errors import DeclaredError


def missing_extra(place: str, extra: str) -> DeclaredError:
    """Return the error for a library that is not installed."""
    return DeclaredError(
        f"{place} can't be read: the library for it is not installed.",
        hint=f"Install it: pip install 'driftguard[{extra}]'",
    )


def broken_extra(place: str, extra: str, error: Exception) -> DeclaredError:
    """Return the error for a library that is installed and can't be used."""
    return DeclaredError(
        f"{place} can't be read: the library for it does not start ({type(error).__name__}).",
        hint=f"Install it in an environment of its own: pip install 'driftguard[{extra}]'",
    )


def chosen(names: Iterable[str], wanted: Wanted, visit: Visit) -> list[str]:
    """Return the listed names that a place means, sorted. Raises DeclaredError for none, or many.

    All that is listed counts for the bound of time, as it may be a whole bucket.
    """
    limit, end = visit.options.max_states, _end(visit)
    found = []
    for name in names:
        if wanted.takes(name):
            found.append(name)
        if len(found) > limit:
            raise DeclaredError(
                f"{visit.place} holds more than {limit} states.", hint="Name the prefixes you mean."
            )
        if visit.clock.monotonic() > end:
            raise out_of_time(visit.place)
    if not found:
        sought = "nothing matches" if wanted.is_glob else "there is no *.tfstate below it"
        raise DeclaredError(
            f"{visit.place} holds no state: {sought}.", hint="Check its name and the prefix."
        )
    return sorted(found)


class Sink:
    """A file in memory that takes only so many bytes and for only so long."""

    def __init__(self, place: str, visit: Visit) -> None:
        self._place, self._visit = place, visit
        self._end = _end(visit)
        self._data = bytearray()

    def write(self, piece: bytes) -> int:
        """Take some more. Raises DeclaredError over the bounds."""
        limit = self._visit.options.max_bytes
        if len(self._data) + len(piece) > limit:
            raise too_large(self._place, limit)
        if self._visit.clock.monotonic() > self._end:
            raise out_of_time(self._place)
        self._data += piece
        return len(piece)

    def content(self, encoding: str) -> bytes:
        """Return all that came, decompressed where its encoding says so. Raises DeclaredError."""
        limit = self._visit.options.max_bytes
        return whole([bytes(self._data)], encoding, place=self._place, max_bytes=limit)


def _end(visit: Visit) -> float:
    return visit.clock.monotonic() + visit.options.total_timeout
