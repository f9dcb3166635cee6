"""Real states against real AWS answers: no difference is made up, and none is overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from driftguard.compare.everything import Comparison
from driftguard.declared.state import parse_state
from driftguard.live.recorded import Recorded
from driftguard.redact import Redactor
from tests.corpus.documents import Spot, must_be_found, spots
from tests.corpus.mutations import Mutation, at, mutations
from tests.corpus.pairs import (
    ABSENT,
    CORPUS,
    Pair,
    Scan,
    declared,
    pairs,
    report_of,
    states,
)

REAL_DIFFERENCES: dict[tuple[str, str], str] = {}
"""(pair, address) → why the live side of that recording is really not as declared."""

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=ABSENT)

every_pair = pytest.mark.parametrize("pair", pairs(), ids=str)


def test_the_corpus_has_states_and_pairs() -> None:
    assert states()
    assert pairs()


@pytest.mark.parametrize("state", states(), ids=lambda path: str(path.relative_to(CORPUS)))
def test_every_state_is_understood(state: Path) -> None:
    parsed = parse_state(state.read_bytes(), place=str(state), max_bytes=2**28)

    assert parsed.managed or not parsed.unreadable
    assert () == parsed.unreadable


@every_pair
def test_nothing_differs_where_live_was_as_declared(pair: Pair) -> None:
    report = report_of(pair)

    expected = {address for name, address in REAL_DIFFERENCES if name == str(pair)}
    found = {str(one.drift.address): one.drift.changes or one.drift.kind for one in report.findings}
    assert expected == set(found), found


@every_pair
def test_every_declared_resource_is_counted(pair: Pair) -> None:
    report = report_of(pair)

    unsupported = sum(report.unsupported.values())
    assert report.declared == report.checked + len(report.unreadable) + unsupported
    assert report.declared == len(declared(pair.state, Redactor()))


@every_pair
def test_every_change_of_what_is_compared_is_found(pair: Pair) -> None:
    scan = Scan(pair)
    before = _changes(scan.compare())

    overlooked = [
        str(mutation)
        for spot, mutation in _mutations(scan)
        if _changes(_mutated(scan, spot, mutation)) == before
    ]

    assert [] == overlooked


@every_pair
def test_an_opened_port_is_one_finding_on_its_group(pair: Pair) -> None:
    scan = Scan(pair)
    before = set(_drifts(scan.compare()))

    for spot, mutation in _mutations(scan):
        if mutation.what == "port opened":
            after = _mutated(scan, spot, mutation)
            found = set(_drifts(after)) - before
            assert 1 == len(found), f"{mutation}: {found}"


def test_enough_is_mutated_for_the_tests_to_mean_something() -> None:
    tried = Counter(
        mutation.what.split(" of ")[0].split(" at ")[0]
        for pair in pairs()
        for _, mutation in _mutations(Scan(pair))
    )

    assert {"port opened", "flag flipped", "tag added", "text changed"} <= tried.keys()
    assert tried.total() > 10 * len(pairs())


def _drifts(compared: Comparison) -> dict[str, object]:
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


def _mutations(scan: Scan) -> Iterator[tuple[Spot, Mutation]]:
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


def _mutated(scan: Scan, spot: Spot, mutation: Mutation) -> Comparison:
    original = _answer(scan, spot)
    changed = replace(original, data=mutation.of(dict(original.data)))
    answers = tuple(changed if one is original else one for one in scan.answers[spot.operation])
    return scan.compare_with(spot.operation, answers)
