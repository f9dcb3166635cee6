from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.policy.syntax import Part, SyntaxNotUnderstood, take_apart


def shape(part: Part) -> object:
    """A part as nested tuples: what it is, its word, and what is within."""
    return (part.kind, part.word, *(shape(inner) for inner in part.parts))


A, B, C, X = (("name", letter) for letter in "abcx")
ONE, TWO, THREE = (("number", digit) for digit in "123")
R_A = ("select", "a", ("name", "r"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("r.a", R_A),
        ("true", ("word", "true")),
        ("!r.a", ("not", "!", R_A)),
        ("-1", ("minus", "-", ONE)),
        ("r.a == 1 || x", ("or", "||", ("relation", "==", R_A, ONE), X)),
        ("a || b && c", ("or", "||", A, ("and", "&&", B, C))),
        ('x in ["b"]', ("relation", "in", X, ("list", "", ("text", '"b"')))),
        ("a ? b : c", ("choice", "?", A, B, C)),
        ("f(1, 2)", ("call", "f", ONE, TWO)),
        ("r.a.exists(p, p)", ("call", "exists", R_A, ("name", "p"), ("name", "p"))),
        ("r.a['k']", ("index", "", R_A, ("text", "'k'"))),
        ("r.?a", R_A),
        ("r[?'k']", ("index", "", ("name", "r"), ("text", "'k'"))),
        ("{'a': 1, 'b': 2}", ("map", "", ("text", "'a'"), ONE, ("text", "'b'"), TWO)),
        ("[]", ("list", "")),
        ("(a)", ("group", "", A)),
        ("a // b\n", A),
        ("1 + 2 * 3", ("sum", "+", ONE, ("product", "*", TWO, THREE))),
        ("'a||b' == r'\\d'", ("relation", "==", ("text", "'a||b'"), ("text", "r'\\d'"))),
        ("'''it's'''", ("text", "'''it's'''")),
        ("'(' == '('", ("relation", "==", ("text", "'('"), ("text", "'('"))),
    ],
)  # fmt: skip
def test_an_expression_is_taken_apart(source: str, expected: object):
    assert expected == shape(take_apart(source))


def test_a_part_knows_its_place():
    source = "r.open &&  covers_port(p, 22)"
    call = take_apart(source).parts[1]
    assert "covers_port(p, 22)" == call.within(source)
    assert "covers_port" == source[call.word_start : call.word_start + len(call.word)]


@pytest.mark.parametrize(
    ("source", "offset"),
    [
        ("", 0),
        ("a &&", 4),
        ("a b", 2),
        ("f(a", 3),
        ("f(a b)", 4),
        ("a ? b", 5),
        ("a.1", 1),
        ("()", 0),
        ("'open", 0),
        ("a # b", 2),
        ("{1: 2: 3}", 5),
        (")", 0),
    ],
)
def test_what_is_no_expression_is_refused_where_it_breaks(source: str, offset: int):
    with pytest.raises(SyntaxNotUnderstood) as raised:
        take_apart(source)
    assert offset == raised.value.offset


@pytest.mark.parametrize(
    "source", ["(" * 5000, "!" * 5000 + "a", "[" * 300 + "]" * 300, "a?" * 9000]
)
def test_depth_is_bounded(source: str):
    with pytest.raises(SyntaxNotUnderstood):
        take_apart(source)


def test_length_is_bounded():
    with pytest.raises(SyntaxNotUnderstood, match="words"):
        take_apart(" + ".join(["a"] * 20_000))


@given(st.text(alphabet="ab.1 '\"()[]{}!?:,&|=<-+r", max_size=40))
def test_any_text_is_taken_apart_or_refused(source: str):
    try:
        whole = take_apart(source)
    except SyntaxNotUnderstood:
        return
    for part in whole.walk():
        assert 0 <= part.start < part.end <= len(source)
