"""One attribute: equal, different, suppressed, owned, unread, and never a secret told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TAGS, TEXT, Kind, SetOf
from driftguard.compare.attribute import Status, compare_attribute
from driftguard.model import Address, ChangeKind, Declared, Item, Provenance, Scope, Unreadable
from driftguard.ownership import Claim
from driftguard.redact import Redactor
from driftguard.resource_type import Attribute

SECRET = "correct-horse-battery-staple"
ROTATED = "hunter2-hunter2-hunter2"
OTHER = Address(type="aws_other", name="o")


def declared(sensitive: frozenset[str] = frozenset(), **attributes: object) -> Declared:
    return Declared(
        address=Address(type="aws_thing", name="t"),
        scope=Scope(account="111122223333", region="eu-west-1"),
        id="t-1",
        attributes=attributes,
        sensitive=sensitive,
        provenance=Provenance(place="test.tfstate"),
    )


def item(unread: Mapping[str, Unreadable] | None = None, **raw: object) -> Item:
    return Item(id="t-1", raw=raw, unread=unread or {})


def attribute(kind: Kind = TEXT, **more: object) -> Attribute:
    base = Attribute(name="a", wire="A", kind=kind)
    return dataclasses.replace(base, **more)  # type: ignore[arg-type]  # a test's shorthand


def owner(members: object = None) -> tuple[Address, Claim]:
    return OTHER, Claim(collection="x.things", id="t-1", attribute="a", members=members)


def test_equal_values_are_equal(redact: Redactor):
    found = compare_attribute(attribute(), declared(a="x"), item(A="x"), (), redact)
    assert (Status.EQUAL, ()) == (found.status, found.changes)


def test_different_values_are_a_change_with_both_sides(redact: Redactor):
    found = compare_attribute(attribute(), declared(a="x"), item(A="y"), (), redact)
    assert [("a", ChangeKind.CHANGED, "x", "y")] == [
        (c.path, c.kind, c.declared, c.live) for c in found.changes
    ]


def test_an_attribute_the_state_does_not_hold_is_not_compared(redact: Redactor):
    found = compare_attribute(attribute(), declared(), item(A="y"), (), redact)
    assert Status.NOT_IN_STATE == found.status


def test_a_part_the_state_does_not_hold_is_declared_empty(redact: Redactor):
    found = compare_attribute(attribute(part=True), declared(), item(A="y"), (), redact)
    assert Status.DIFFERENT == found.status


def test_what_was_not_read_is_unknown_and_not_different(redact: Redactor):
    unread = {"A": Unreadable(reason="access denied", retryable=False)}
    found = compare_attribute(attribute(), declared(a="x"), item(unread), (), redact)
    assert (Status.UNREAD, "access denied") == (found.status, found.reason)


def test_a_computed_wire_is_unknown_where_what_it_needs_was_not_read(redact: Redactor):
    computed = attribute(wire=lambda raw: raw["A"], needs=("A",))
    unread = {"A": Unreadable(reason="throttled", retryable=True)}
    found = compare_attribute(computed, declared(a="x"), item(unread), (), redact)
    assert (Status.UNREAD, True) == (found.status, found.retryable)


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_a_documented_default_is_suppressed_where_nothing_is_declared(
    nothing: object, redact: Redactor
):
    defaulted = attribute(default="AES256", default_source="https://aws.example/")
    found = compare_attribute(defaulted, declared(a=nothing), item(A="AES256"), (), redact)
    assert Status.SUPPRESSED == found.status
    assert "https://aws.example/" in found.reason


def test_only_the_exact_default_is_suppressed(redact: Redactor):
    defaulted = attribute(default="AES256")
    found = compare_attribute(defaulted, declared(a=None), item(A="AES257"), (), redact)
    assert Status.DIFFERENT == found.status


def test_a_flag_declared_off_is_not_excused_by_a_default_of_on(redact: Redactor):
    defaulted = attribute(BOOLEAN, default=True)
    found = compare_attribute(defaulted, declared(a=False), item(A=True), (), redact)
    assert Status.DIFFERENT == found.status


def test_a_flag_switched_off_is_not_excused_by_a_default_of_on(redact: Redactor):
    defaulted = attribute(BOOLEAN, default=True)
    found = compare_attribute(defaulted, declared(a=True), item(A=False), (), redact)
    assert Status.DIFFERENT == found.status


def test_a_difference_that_aws_makes_itself_is_suppressed_with_the_reason(redact: Redactor):
    grown = attribute(INTEGER, accept=lambda *_: "storage autoscaling")
    found = compare_attribute(grown, declared(a=20), item(A=25), (), redact)
    assert (Status.SUPPRESSED, "storage autoscaling") == (found.status, found.reason)


def test_a_whole_part_that_another_resource_declares_is_left_to_it(redact: Redactor):
    part = attribute(part=True)
    found = compare_attribute(part, declared(a="x"), item(A="y"), [owner("y")], redact)
    assert Status.OWNED == found.status
    assert str(OTHER) in found.reason


def test_a_claim_without_members_takes_a_part_with_members_whole(redact: Redactor):
    part = attribute(SetOf(), part=True)
    found = compare_attribute(part, declared(a=["x"]), item(A=["y"]), [owner()], redact)
    assert Status.OWNED == found.status


def test_claimed_members_are_left_to_their_owner(redact: Redactor):
    part = attribute(SetOf(), part=True)
    sides = (declared(a=["x"]), item(A=["x", "y", "z"]))
    found = compare_attribute(part, *sides, [owner(["y"])], redact)
    assert [("z", ChangeKind.ADDED)] == [(c.live, c.kind) for c in found.changes]


def test_a_claimed_member_that_is_gone_is_not_told_twice(redact: Redactor):
    part = attribute(SetOf(), part=True)
    found = compare_attribute(part, declared(a=["x"]), item(A=["x"]), [owner(["y"])], redact)
    assert Status.EQUAL == found.status


def test_a_marked_secret_that_did_not_change_is_equal(redact: Redactor):
    marked = declared(frozenset({"a"}), a=redact.mark(SECRET))
    found = compare_attribute(attribute(), marked, item(A=SECRET), (), redact)
    assert Status.EQUAL == found.status
    assert SECRET not in repr(found)


def test_a_marked_secret_that_changed_is_told_without_either_value(redact: Redactor):
    marked = declared(frozenset({"a"}), a=redact.mark(SECRET))
    found = compare_attribute(attribute(), marked, item(A=ROTATED), (), redact)
    assert Status.DIFFERENT == found.status
    assert SECRET not in repr(found)
    assert ROTATED not in repr(found)


@pytest.mark.parametrize("value", [5, True, "5", "true"])
def test_a_marked_number_or_flag_stays_comparable(value: object, redact: Redactor):
    kind = BOOLEAN if value in (True, "true") else INTEGER
    marked = declared(frozenset({"a"}), a=redact.mark(value))
    found = compare_attribute(attribute(kind), marked, item(A=value), (), redact)
    assert Status.EQUAL == found.status


def test_a_copy_of_a_secret_is_equal_and_untold(redact: Redactor):
    redact.learn(SECRET)
    copied = declared(a=redact.value(f"password is {SECRET}!"))
    found = compare_attribute(attribute(), copied, item(A=f"password is {SECRET}!"), (), redact)
    assert Status.EQUAL == found.status
    assert SECRET not in repr(found)


def test_a_new_value_where_a_copied_secret_stood_is_hidden_too(redact: Redactor):
    redact.learn(SECRET)
    copied = declared(a=redact.value(SECRET))
    found = compare_attribute(attribute(), copied, item(A=ROTATED), (), redact)
    assert Status.DIFFERENT == found.status
    assert ROTATED not in repr(found)


def test_only_the_secret_tag_is_hidden(redact: Redactor):
    redact.learn(SECRET)
    copied = declared(a={"db": redact.value(SECRET), "env": "prod"})
    live = item(A=[{"Key": "db", "Value": ROTATED}, {"Key": "env", "Value": "dev"}])
    found = compare_attribute(attribute(TAGS), copied, live, (), redact)
    assert {"a.db", "a.env"} == {change.path for change in found.changes}
    assert ROTATED not in repr(found)
    assert ("prod", "dev") in [(c.declared, c.live) for c in found.changes]


def test_a_secret_that_only_aws_shows_is_not_told_where_the_table_says_so(redact: Redactor):
    sensitive = attribute(sensitive=True)
    found = compare_attribute(sensitive, declared(a="x"), item(A=ROTATED), (), redact)
    assert Status.DIFFERENT == found.status
    assert ROTATED not in repr(found)
