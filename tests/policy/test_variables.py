"""What a rule may name is what it is given."""

from __future__ import annotations

from driftguard.findings import Judged, context_of
from driftguard.model import Address, Direction, Drift, DriftKind, Scope
from driftguard.policy.variables import CTX, DRIFT, drift_variable, tags_of

GROUP = Drift(
    address=Address(type="aws_security_group", name="web"),
    scope=Scope(account="111122223333", region="eu-central-1"),
    kind=DriftKind.CHANGED,
    id="sg-1",
)


def test_all_that_can_be_named_is_given_and_nothing_else():
    judged = Judged(drift=GROUP, declared={}, live={}, live_id="sg-1")
    assert CTX == context_of(judged, {}).keys()
    assert DRIFT == drift_variable(GROUP, Direction.NEUTRAL).keys()


def test_the_tags_are_those_that_are_live_else_those_that_were_declared():
    declared, live = {"tags": {"a": "declared"}}, {"tags": {"a": "live"}}
    assert [{"a": "live"}, {"a": "declared"}, {"a": "declared"}, {}] == [
        tags_of(*sides)
        for sides in ((live, declared), (None, declared), ({"tags": None}, declared), ({}, None))
    ]
