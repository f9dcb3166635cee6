"""DriftGuard against the real ``terraform``: both look at the same AWS."""

from __future__ import annotations

from tests.terraform_provider.changes.change import UNMANAGED
from tests.terraform_provider.differences import TOLD_ELSEWHERE
from tests.terraform_provider.judge import Trial, trial
from tests.terraform_provider.services import RESOURCES
from tests.terraform_provider.table import PAGE, TRIALS, page

NOT_COMPARED = {"aws_iam_group"}
"""Types that the configurations need and that DriftGuard does not read."""


def test_that_terraform_and_we_find_the_same(tmp_path):
    # One test, because each trial is worth ten seconds and workers share no fixtures.
    trials = [trial(name, changes, tmp_path / name) for name, changes in TRIALS.items()]
    for one in trials:
        _clean_before(one)
        _the_same_after(one)
    _every_listed_difference_occurs(trials)
    _every_type_was_tried(trials)
    told = page(trials)
    assert PAGE.read_text() == told, "run python -m tests.terraform_provider.table --write"


def _clean_before(one: Trial) -> None:
    assert one.untouched == set()
    for report in (one.just_applied, one.refreshed):
        assert [] == report["findings"]
        assert [] == report["unreadable"]
        assert report["complete"]
        assert {*(kind["type"] for kind in report["unsupported"])} <= NOT_COMPARED


def _the_same_after(one: Trial) -> None:
    tried = {(change.address, change.attribute) for change in one.changes}
    assert tried - one.ours == set(), "changed by hand, and we don't say so"
    assert one.ours - tried == set(), "we say so, and nobody did it"
    only_terraform = one.terraform - one.ours
    assert only_terraform - {*TOLD_ELSEWHERE} == set(), "only terraform says so"
    unsaid = {TOLD_ELSEWHERE[spot][0] for spot in only_terraform} - one.ours
    assert unsaid == set(), "a difference is listed as told elsewhere, and is not"
    assert {UNMANAGED} == {attribute for _, attribute in one.ours - one.terraform}


def _every_listed_difference_occurs(trials: list[Trial]) -> None:
    occurring = {spot for one in trials for spot in one.terraform - one.ours}
    assert {*TOLD_ELSEWHERE} - occurring == set(), "listed, and terraform doesn't say it"


def _every_type_was_tried(trials: list[Trial]) -> None:
    tried = {change.type for one in trials for change in one.changes}
    assert RESOURCES.keys() - NOT_COMPARED - tried == set()
