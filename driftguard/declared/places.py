"""All declarations of all stacks, from wherever their states lie.

A further kind of place is one file and one line in :data:`PLACES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from driftguard.clock import Clock
from driftguard.collector import without_collector
from driftguard.declared import azurerm, file, gcs, hcp, http, s3, working_directory
from driftguard.declared.place import (
    Fetched,
    Found,
    Place,
    PlaceAccess,
    PlaceOptions,
    Remark,
    Visit,
)
from driftguard.declared.seal import Seal, Sealed
from driftguard.declared.state import ParsedState, parse_state
from driftguard.declared.twice import declared_twice, same_lineage
from driftguard.errors import DeclaredError, DriftGuardError, Interrupted
from driftguard.model import Declared, Stack, Unknown
from driftguard.redact import Redactor

__all__ = ["PLACES", "Declarations", "PlaceAccess", "PlaceOptions", "read_places"]

PLACES: tuple[Place, ...] = (
    s3,
    http,
    hcp,
    gcs,
    azurerm,
    working_directory,
    file,
)
"""The kinds of places; the first that claims a place reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """Everything that the stacks declare, secrets replaced.

    ``resources`` and ``unreadable`` together are all that is declared.
    ``owned`` are deposed objects: declared no more, not compared, but they exist
    and belong to a state, so they are not unmanaged. ``problems`` has a sentence
    for each place that could not be read; ``warnings`` what is odd.
    """

    resources: tuple[Declared, ...] = ()
    unreadable: tuple[Unknown, ...] = ()
    owned: tuple[Declared, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """What has been read so far."""

    states: list[tuple[Stack, ParsedState]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_places(
    stacks: Sequence[Stack], options: PlaceOptions, redactor: Redactor, clock: Clock
) -> Declarations:
    """Read every place of every stack. Never raises for a place: it becomes a problem."""
    with without_collector():
        read = _Read()
        for stack in stacks:
            _read_stack(stack, options, clock, read)
        sealed = _sealed(read, redactor)
    warnings = [*read.notes, *_warnings(read), *declared_twice(sealed.resources)]
    warnings += [_deposed(one) for one in sealed.owned]
    return Declarations(
        resources=sealed.resources,
        unreadable=sealed.unreadable,
        owned=sealed.owned,
        problems=tuple(redactor.text(problem) for problem in read.problems),
        warnings=tuple(redactor.text(warning) for warning in warnings),
    )


def declarations_of(
    stack: Stack, fetched: Fetched, options: PlaceOptions, redactor: Redactor
) -> Declarations:
    """Return what one state declares whose bytes are at hand. Never raises: see above."""
    read = _Read()
    _take(stack, fetched, options, read)
    sealed = _sealed(read, redactor)
    return Declarations(
        resources=sealed.resources,
        unreadable=sealed.unreadable,
        owned=sealed.owned,
        problems=tuple(redactor.text(problem) for problem in read.problems),
        warnings=tuple(redactor.text(one) for one in (*read.notes, *_warnings(read))),
    )


def _sealed(read: _Read, redactor: Redactor) -> Sealed:
    """Replace all secrets. Until that is done no message of a bug may be told: it may quote one."""
    try:
        return Seal(read.states, redactor).sealed()
    except Exception as error:  # noqa: BLE001  # as above
        name = type(error).__name__
        message = f"The secrets in the states can't be replaced ({name}), so nothing is told."
        raise DeclaredError(message, hint="This is a bug; please report it.") from None


def _read_stack(stack: Stack, options: PlaceOptions, clock: Clock, read: _Read) -> None:
    seen: set[str] = set()
    if not stack.places:
        read.problems.append(f"The stack {stack.name} names no place to read.")
    for place in stack.places:
        visit = Visit(
            place=place, options=options, access=options.access_of(stack.name), clock=clock
        )
        for found in _found(visit):
            if isinstance(found, Fetched):
                identity = found.identity or found.name
                if identity in seen:
                    continue  # the same file by a glob and by its name
                seen.add(identity)
            _take(stack, found, options, read)


def _found(visit: Visit) -> Iterator[Found]:
    """Yield what a place gives; what stops it is the last thing that it gives."""
    try:
        yield from _kind(visit.place).states(visit)
    except Interrupted:
        raise
    except DriftGuardError as error:
        yield error
    except Exception as error:  # noqa: BLE001  # a null byte, a library's bug: it hides no other
        yield DeclaredError(f"{_told(visit.place)!r} can't be read ({type(error).__name__}).")


def _told(place: str) -> str:
    """Return a place without what may be credentials: before an ``@``, after a ``?``."""
    return re.sub(r"(?<=://)[^/]*@", "", place.partition("?")[0]) if "://" in place else place


def _kind(place: str) -> Place:
    for kind in PLACES:
        if kind.claims(place):
            return kind
    raise DeclaredError(
        f"{place.partition('://')[0]}:// is not a kind of place that DriftGuard reads.",
        hint="Give a file, s3://, https://, hcp://, gs:// or azurerm://, or the Terraform working"
        " directory that uses this backend.",
    )


def _take(stack: Stack, found: Found, options: PlaceOptions, read: _Read) -> None:
    if isinstance(found, Remark):
        read.notes.append(found.text)
        return
    if isinstance(found, DriftGuardError):
        read.problems.append(str(found))
        return
    try:
        state = parse_state(found.data, place=found.name, max_bytes=options.max_bytes)
    except DeclaredError as error:
        read.problems.append(str(error))
        return
    except Exception as error:  # noqa: BLE001  # its message may quote the state, secrets and all
        name = type(error).__name__
        read.problems.append(f"{found.name} can't be understood ({name}); this is a bug.")
        return
    read.states.append((stack, state))
    read.notes += [found.note] if found.note else []


def _warnings(read: _Read) -> Iterator[str]:
    for _, state in read.states:
        if not (state.managed or state.unreadable):
            yield f"{state.provenance.place} declares nothing."
    told = (state.provenance for _, state in read.states)
    yield from same_lineage((one.lineage, one.serial, one.place) for one in told)


def _deposed(one: Declared) -> str:
    return (
        f"{one.address} left a deposed object behind ({one.id or 'no id'}, in"
        f" {one.provenance.place}): it still exists and is not compared; the next apply removes it."
    )
