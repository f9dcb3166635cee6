"""The changes of live documents that must be found, and what is found when one is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from driftguard.compare.everything import Comparison
from driftguard.live.recorded import Recorded
from tests.corpus.documents import Spot, must_be_found, spots
from tests.corpus.mutations import Mutation, at, mutations
from tests.corpus.pairs import Scan


def overlooked(scan: Scan) -> list[str]:
    """Return the changes that must be found and are not."""
    before = _changes(scan.compare())
    return [
        str(mutation)
        for spot, mutation in required_mutations(scan)
        if _changes(mutated(scan, spot, mutation)) == before
    ]


def drifts(compared: Comparison) -> dict[str, object]:
    """Return what differs, by address."""
    return {
        str(one.declared.address): one.drift.changes or one.drift.kind
        for one in compared.resources
        if one.drift is not None
    }


def _changes(compared: Comparison) -> set[tuple[str, str, str, str]]:
    return {
        (str(one.declared.address), one.drift.kind, change.path, repr(change.live))
        for one in compared.resources
        if one.drift is not None
        for change in one.drift.changes
    } | {
        (str(one.declared.address), one.drift.kind, "", "")
        for one in compared.resources
        if one.drift is not None
    }


def required_mutations(scan: Scan) -> Iterator[tuple[Spot, Mutation]]:
    """Yield each change that must be found, once, with the answer it is made in.

    Another id is left out: it makes another object, and of this one nothing is known.
    """
    done: set[tuple[object, ...]] = set()
    for compared in scan.compare().resources:
        for spot in spots(scan, compared):
            answer = _answer(scan, spot)
            for mutation in mutations(dict(answer.data), spot.path):
                once = (spot.operation, spot.number, str(mutation), repr(mutation.value))
                if once in done or at(dict(answer.data), mutation.path) == spot.item:
                    continue
                if must_be_found(compared, spot, mutation):
                    done.add(once)
                    yield spot, mutation


def _answer(scan: Scan, spot: Spot) -> Recorded:
    return next(one for one in scan.answers[spot.operation] if one.number == spot.number)


def mutated(scan: Scan, spot: Spot, mutation: Mutation) -> Comparison:
    """Compare as if a change had been made before the recording."""
    original = _answer(scan, spot)
    changed = replace(original, data=mutation.of(dict(original.data)))
    answers = tuple(changed if one is original else one for one in scan.answers[spot.operation])
    return scan.compare_with(spot.operation, answers)
