"""Every change that could be made by hand in a recorded company is found, whatever its type."""

from __future__ import annotations

from collections import Counter

from tests.corpus.pairs import Pair, Scan
from tests.corpus.required import overlooked, required_mutations
from tests.recorded_company import Recorded


def test_no_change_of_what_is_compared_is_overlooked(recorded_company: Recorded) -> None:
    scan = Scan(Pair(state=recorded_company.state, recording=recorded_company.folder))

    assert [] == overlooked(scan)


def test_the_changes_are_of_many_kinds(recorded_company: Recorded) -> None:
    scan = Scan(Pair(state=recorded_company.state, recording=recorded_company.folder))

    tried = Counter(mutation.what.split(" at ")[0] for _, mutation in required_mutations(scan))

    assert {
        "everything allowed",
        "flag flipped",
        "policy attached",
        "port opened",
        "tag added",
    } <= tried.keys()
    assert tried.total() > 100
