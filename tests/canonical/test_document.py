"""JSON documents: what is equal, what is told, and that nothing costs too much."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftguard.canonical.document import MAX_NODES, JsonDocument
from driftguard.canonical.freeze import MAX_DEPTH, thaw
from driftguard.errors import CanonicalError
from driftguard.model import Change, ChangeKind

EXACT = JsonDocument()
STRINGLY = JsonDocument(stringly=True)
TOKEN = "(sensitive 0123456789abcdef01234567)"

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=16,
)
documents = st.dictionaries(st.text(), json_values, max_size=5) | st.lists(json_values, max_size=5)
kinds = st.sampled_from([EXACT, STRINGLY, JsonDocument(unordered=frozenset({"a"}))])


def changes(kind: JsonDocument, declared: object, live: object) -> list[Change]:
    before, after = kind.canonical(declared), kind.canonical(live)
    return list(kind.changes("p", before, after)) if before != after else []


def paths(declared: object, live: object) -> list[str]:
    return [change.path for change in changes(EXACT, declared, live)]


@settings(deadline=None)  # the first difference imports DeepDiff
@given(kind=kinds, declared=json_values, live=json_values)
def test_no_json_crashes_it_and_unequal_documents_differ_somewhere(kind, declared, live):
    try:
        before, after = kind.canonical(declared), kind.canonical(live)
    except CanonicalError:
        return
    hash(before)
    told = list(kind.changes("p", before, after)) if before != after else []
    assert bool(told) == (before != after)
    assert all(change.path.startswith("p") for change in told)
    json.dumps([thaw(before), *((change.declared, change.live) for change in told)])


@given(kind=kinds, text=st.text())
def test_no_text_crashes_it(kind: JsonDocument, text: str):
    with contextlib.suppress(CanonicalError):
        kind.canonical(text)


@given(kind=kinds, document=documents)
def test_the_canonical_form_is_its_own_canonical_form(kind: JsonDocument, document: object):
    try:
        once = kind.canonical(document)
    except CanonicalError:
        return
    assert once == kind.canonical(thaw(once))


@given(
    document=st.dictionaries(st.text(), json_values, min_size=2, max_size=5),
    indent=st.none() | st.integers(0, 3),
)
def test_order_of_keys_and_spelling_mean_nothing(document: dict[str, object], indent: int | None):
    try:
        expected = EXACT.canonical(document)
    except CanonicalError:
        return
    backwards = dict(reversed(document.items()))
    assert expected == EXACT.canonical(json.dumps(backwards, indent=indent))


@pytest.mark.parametrize("nothing", [None, "", "  ", "{}", "[]", "null", {}, [], {"a": None}])
def test_nothing_has_many_spellings(nothing: object):
    assert EXACT.canonical(nothing) is None


def test_a_number_is_equal_to_its_text_only_where_asked():
    declared, live = '{"maxReceiveCount": "5"}', '{"maxReceiveCount": 5}'
    assert STRINGLY.canonical(declared) == STRINGLY.canonical(live)
    assert EXACT.canonical(declared) != EXACT.canonical(live)


def test_true_is_not_one_and_five_is_five():
    assert EXACT.canonical('{"a": true}') != EXACT.canonical('{"a": 1}')
    assert EXACT.canonical('{"a": 5.0}') == EXACT.canonical('{"a": 5}')
    assert STRINGLY.canonical('{"a": true}') == STRINGLY.canonical('{"a": "true"}')
    assert {"a": True} == thaw(EXACT.canonical('{"a": true}'))


def test_lists_have_an_order_unless_told_otherwise():
    declared, live = {"arns": ["b", "a"], "steps": [1, 2]}, {"arns": ["a", "b"], "steps": [1, 2]}
    assert EXACT.canonical(declared) != EXACT.canonical(live)
    kind = JsonDocument(unordered=frozenset({"arns"}))
    assert kind.canonical(declared) == kind.canonical(live)
    assert kind.canonical({"steps": [2, 1]}) != kind.canonical({"steps": [1, 2]})


@pytest.mark.parametrize(
    "text", ["{", "5", '"text"', "true", '{"a": NaN}', '{"a": 1e999}', '{"a": 1, "a": 2}']
)
def test_what_is_no_document_has_no_form(text: str):
    with pytest.raises(CanonicalError):
        EXACT.canonical(text)


def test_a_secret_document_is_compared_by_its_token():
    assert TOKEN == EXACT.canonical(TOKEN)
    assert [Change(path="p", kind=ChangeKind.CHANGED, declared=TOKEN, live={"a": 1})] == changes(
        EXACT, TOKEN, {"a": 1}
    )


def test_the_deepest_path_is_told():
    declared = {"http": {"retry": {"numRetries": 3, "steps": [{"wait": 1}, {"wait": 2}]}}}
    live = {"http": {"retry": {"numRetries": 50, "steps": [{"wait": 1}, {"wait": 9}]}}}
    assert [
        Change(path="p.http.retry.numRetries", kind=ChangeKind.CHANGED, declared=3, live=50),
        Change(path="p.http.retry.steps[1].wait", kind=ChangeKind.CHANGED, declared=2, live=9),
    ] == changes(EXACT, declared, live)


def test_what_came_and_went_is_told_as_such():
    assert [
        Change(path="p.gone", kind=ChangeKind.REMOVED, declared=1),
        Change(path="p.new", kind=ChangeKind.ADDED, live=[True]),
    ] == changes(EXACT, {"same": 0, "gone": 1}, {"same": 0, "new": [True]})
    assert [Change(path="p", kind=ChangeKind.ADDED, live={"a": 1})] == changes(
        EXACT, None, {"a": 1}
    )


def test_keys_that_look_like_pythons_own_hide_nothing():
    assert ["p.__private", "p.x"] == paths({"__private": 1, "x": 1}, {"__private": 2, "x": 2})


def test_a_key_that_looks_like_a_path_is_quoted():
    assert ['p["a.b"]["c d"]'] == paths({"a.b": {"c d": 1}}, {"a.b": {"c d": 2}})


def test_a_document_above_the_budget_is_told_by_its_top_level():
    declared = {"big": list(range(MAX_NODES)), "small": {"deep": 1}, "same": 1}
    live = {"big": list(range(MAX_NODES)), "small": {"deep": 2}, "same": 1}
    assert ["p.small"] == paths(declared, live)
    assert ["p"] == paths(declared["big"], [0, *range(MAX_NODES)])


def test_a_megabyte_costs_a_bounded_time():
    """Generous for a busy machine; DeepDiff alone would take minutes on the second pair."""
    start = perf_counter()
    for declared in (
        {"k": ["line\n" * 40] * 5000},
        {"k": "a\nb\n" * 250_000},
        list(range(150_000)),
    ):
        live = json.dumps(declared).replace("a", "b").replace("0", "1")
        assert changes(EXACT, json.dumps(declared), live) or "l" in live
    assert perf_counter() - start < 20


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_hostile_nesting_is_refused(opening: str):
    with pytest.raises(CanonicalError):
        EXACT.canonical(opening * 500_000)
    closing = "]" if opening == "[" else "}"
    with pytest.raises(CanonicalError):
        EXACT.canonical(opening * (MAX_DEPTH + 2) + "1" + closing * (MAX_DEPTH + 2))


def test_the_deepest_document_allowed_is_told_at_its_leaf():
    declared: object = 1
    live: object = 2
    for _ in range(MAX_DEPTH):
        declared, live = {"a": declared}, {"a": live}
    assert ["p" + ".a" * MAX_DEPTH] == paths(declared, live)


def test_deepdiff_is_not_imported_until_it_is_needed():
    code = "import sys, driftguard.canonical.document; sys.exit('deepdiff' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
