"""Bounds of values: never below what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.policy.sizes import MAX_WEIGHT, Sizes, UnfitError, measure

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=80),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=40), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_a_value_is_measured():
    found = measure({"a": [1, "x" * 100, [2, 3]], "b": None})
    assert Sizes(weight=16, many=3, member=7, text=7) == found


@given(value=json, other=json)
def test_a_value_within_another_is_no_bigger(value, other):
    whole = measure([value, other])
    assert measure(value).within(whole)
    assert measure(value).weight <= whole.member


@given(value=json, other=json)
def test_bounds_hold_beside_and_either_and_rounded(value, other):
    one, two = measure(value), measure(other)
    assert one.within(one.either(two))
    assert one.either(two).within(one.beside(two))
    assert one.within(one.rounded())


@pytest.mark.parametrize("value", [object(), {1: 2}, b"x", {"a": {1, 2}}])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(UnfitError):
        measure(value)


def test_what_is_too_big_or_too_deep_is_refused():
    deep = []
    for _ in range(5000):
        deep = [deep]
    for value in ([0] * (MAX_WEIGHT + 1), deep):
        with pytest.raises(UnfitError):
            measure(value)
