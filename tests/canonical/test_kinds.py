"""The canonical forms: what people mean by equal, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.canonical.freeze import MAX_DEPTH, freeze, thaw
from driftguard.canonical.kinds import (
    BOOLEAN,
    INTEGER,
    TAGS,
    TEXT,
    WORD,
    Arn,
    Blocks,
    Boolean,
    Cidr,
    Kind,
    ListOf,
    MapOf,
    SetOf,
)
from driftguard.canonical.rules import RULES
from driftguard.errors import CanonicalError
from driftguard.model import ChangeKind

TOKEN = "(sensitive 0123456789abcdef01234567)"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BLOCKS = Blocks(fields={"name": TEXT, "size": INTEGER}, key=("name",))
KINDS: tuple[Kind, ...] = (
    *(TEXT, WORD, INTEGER, BOOLEAN, TAGS, Cidr(), Arn(), RULES, BLOCKS),
    *(SetOf(), SetOf(kind=Cidr()), ListOf(), MapOf(), Blocks(fields={"name": TEXT}, ordered=True)),
)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@given(value=json_values, other=json_values)
def test_no_json_crashes_a_kind(kind: Kind, value: object, other: object):
    """A value has a canonical form or raises CanonicalError; unequal forms differ somewhere."""
    try:
        before, after = kind.canonical(value), kind.canonical(other)
    except CanonicalError:
        return
    hash(before)
    changes = list(kind.changes("path", before, after)) if before != after else []
    assert bool(changes) == (before != after)
    thaw(before)


@given(values=st.lists(st.text(min_size=1)), seed=st.randoms(use_true_random=False))
def test_the_order_of_a_set_means_nothing(values: list[str], seed):
    shuffled = [*values]
    seed.shuffle(shuffled)
    assert SetOf().canonical(values) == SetOf().canonical(shuffled)


@given(values=st.lists(st.text(min_size=1), min_size=2, unique=True))
def test_the_order_of_a_list_means_something(values: list[str]):
    assert ListOf().canonical(values) != ListOf().canonical(values[::-1])


@given(value=st.lists(st.fixed_dictionaries({"name": st.text(), "size": st.integers()})))
def test_blocks_are_a_multiset(value: list[dict[str, object]]):
    assert BLOCKS.canonical(value) == BLOCKS.canonical(value[::-1])


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (TEXT, None, ""),
        (WORD, "Optional", "OPTIONAL"),
        (INTEGER, "5", 5),
        (INTEGER, 5.0, 5),
        (INTEGER, None, 0),
        (INTEGER, "", 0),
        (BOOLEAN, "true", True),
        (BOOLEAN, None, False),
        (BOOLEAN, "Enabled", True),
        (BOOLEAN, "Suspended", False),
        (Cidr(), "10.0.0.5/24", "10.0.0.0/24"),
        (Cidr(), "2001:DB8::/32", "2001:db8::/32"),
        (Cidr(), "0000::/0", "::/0"),
        (Arn(), "arn:aws:kms:eu-west-1:111122223333:key/abc", "abc"),
        (Arn(), "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/abc", "abc"),
        (SetOf(), [], None),
        (SetOf(), ["a", "", None], ["a"]),
        (MapOf(), {}, None),
        (TAGS, [{"Key": "Name", "Value": "web"}], {"Name": "web"}),
        (TAGS, [{"TagKey": "Name", "TagValue": "web"}], {"Name": "web"}),
        (TAGS, {"Name": "web", "aws:cloudformation:stack-id": "x"}, {"Name": "web"}),
        (BLOCKS, [{"name": "a", "size": None}], [{"name": "a", "size": 0, "unread": True}]),
    ],
)
def test_spellings_of_one_value_are_equal(kind: Kind, one: object, other: object):
    assert kind.canonical(one) == kind.canonical(other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (TEXT, "a", "A"),
        (INTEGER, 5, 6),
        (Boolean(nothing=None), None, False),
        (Cidr(), "0.0.0.0/0", "0.0.0.0/1"),
        (Arn(), "arn:aws:kms:eu-west-1:111122223333:alias/a", "a"),
        (TAGS, {"Name": ""}, {}),
        (TAGS, {"name": "web"}, {"Name": "web"}),
        (TAGS, {"awscost": "1"}, {}),
        (BLOCKS, [{"name": "a"}], [{"name": "a"}, {"name": "a"}]),
    ],
)
def test_values_that_mean_something_else_differ(kind: Kind, one: object, other: object):
    assert kind.canonical(one) != kind.canonical(other)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (INTEGER, "five"),
        (INTEGER, 5.5),
        (INTEGER, True),
        (INTEGER, float("inf")),
        (BOOLEAN, "perhaps"),
        (TEXT, {"a": 1}),
        (MapOf(), "a"),
        (TAGS, ["a"]),
        (BLOCKS, ["a"]),
        (RULES, ["a"]),
    ],
)
def test_a_value_of_the_wrong_kind_has_no_canonical_form(kind: Kind, value: object):
    with pytest.raises(CanonicalError):
        kind.canonical(value)


@pytest.mark.parametrize("kind", [TEXT, WORD, INTEGER, BOOLEAN, Cidr(), Arn()], ids=repr)
def test_the_token_of_a_secret_passes_every_kind(kind: Kind):
    assert TOKEN == kind.canonical(TOKEN)


def test_nesting_has_a_bound():
    value: object = "deep"
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(CanonicalError, match="nested more than"):
        freeze(value)


def test_a_change_says_what_was_lost_and_gained():
    before, after = SetOf().canonical(["a", "b"]), SetOf().canonical(["b", "c"])
    found = [(c.kind, c.declared, c.live) for c in SetOf().changes("p", before, after)]
    assert [(ChangeKind.REMOVED, "a", None), (ChangeKind.ADDED, None, "c")] == found


def test_a_block_with_a_key_tells_the_field_that_changed():
    before = BLOCKS.canonical([{"name": "a", "size": 1}, {"name": "b", "size": 2}])
    after = BLOCKS.canonical([{"name": "b", "size": 3}, {"name": "a", "size": 1}])
    found = [(c.path, c.declared, c.live) for c in BLOCKS.changes("disk", before, after)]
    assert [('disk["b"].size', 2, 3)] == found


def test_tags_are_told_name_by_name():
    before, after = TAGS.canonical({"a": "1", "b": "2"}), TAGS.canonical({"a": "1", "b": "3"})
    found = [(c.path, c.declared, c.live) for c in TAGS.changes("tags", before, after)]
    assert [("tags.b", "2", "3")] == found


@given(value=json_values)
def test_thawing_a_frozen_value_gives_it_back(value: object):
    assert freeze(value) == freeze(thaw(freeze(value)))
