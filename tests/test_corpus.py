"""Real states against real AWS answers: no difference is made up, and none is overlooked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from driftguard.declared.state import parse_state
from driftguard.redact import Redactor
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
from tests.corpus.required import drifts, mutated, overlooked, required_mutations

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
    assert [] == overlooked(Scan(pair))


@every_pair
def test_an_opened_port_is_one_finding_on_its_group(pair: Pair) -> None:
    scan = Scan(pair)
    before = set(drifts(scan.compare()))

    for spot, mutation in required_mutations(scan):
        if mutation.what == "port opened":
            after = mutated(scan, spot, mutation)
            found = set(drifts(after)) - before
            assert 1 == len(found), f"{mutation}: {found}"


def test_enough_is_mutated_for_the_tests_to_mean_something() -> None:
    tried = Counter(
        mutation.what.split(" of ")[0].split(" at ")[0]
        for pair in pairs()
        for _, mutation in required_mutations(Scan(pair))
    )

    assert {"port opened", "flag flipped", "tag added", "text changed"} <= tried.keys()
    assert tried.total() > 10 * len(pairs())
