"""The flat attributes of Terraform 0.11."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from driftguard.declared.flatmap import UNKNOWN, FlatmapError, unflatten


def test_lists_keep_their_order_and_blocks_nest():
    flat = {"l.#": "11", **{f"l.{n}": str(n) for n in range(11)}}
    flat |= {"b.#": "1", "b.0.inner.#": "1", "b.0.inner.0.x": "y", "b.0.m.%": "0"}
    assert unflatten(flat) == {
        "l": [str(n) for n in range(11)],
        "b": [{"inner": [{"x": "y"}], "m": {}}],
    }


def test_empty_collections_and_unknown_values():
    assert unflatten({"a.#": "0", "b.%": "0", "c": UNKNOWN, "d.#": UNKNOWN}) == {
        "a": [],
        "b": {},
        "c": None,
        "d": [],
    }


@given(st.dictionaries(st.text("ab.#%0", max_size=8), st.text("01ab", max_size=2), max_size=8))
def test_any_flat_map_is_nested_or_refused(flat):
    with contextlib.suppress(FlatmapError):
        assert isinstance(unflatten(flat), dict)
