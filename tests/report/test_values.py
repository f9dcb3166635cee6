from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.model import Json
from driftguard.report.neutral import neutral
from driftguard.report.values import LONGEST, sides, written

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "(nothing)"),
        (True, "true"),
        (22, "22"),
        ("22", '"22"'),
        ("true", '"true"'),
        ("", '""'),
        ("web", "web"),
        ("two words", "two words"),
        ("a, b", '"a, b"'),
        ("arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("a: b", '"a: b"'),
        ("(nothing)", '"(nothing)"'),
        ("a → b", '"a → b"'),
        ("(sensitive)", "(sensitive)"),
        ("grün", '"grün"'),
        ([], "[]"),
        ({"a": None, "b": [1, "x"]}, "{a: null, b: [1, x]}"),
    ],
)
def test_a_value_is_written_so_that_nothing_else_can_be_meant(value: Json, text: str):
    assert text == written(value)


@given(JSON)
def test_whatever_the_value_its_text_is_one_harmless_line(value: Json):
    assert written(value).isprintable()


@given(st.text())
def test_neutral_text_is_printable_and_plain_text_stays(text: str):
    assert neutral(text).isprintable()
    assert neutral(neutral(text)) == neutral(text)


@given(JSON, JSON)
def test_both_sides_are_bounded(declared: Json, live: Json):
    both = sides(declared, live)
    assert max(len(both.declared), len(both.live)) < LONGEST + 60
    assert both.cut or (both.declared, both.live) == (written(declared), written(live))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("tcp", 22, 22, "0.0.0.0/0", "temporary"), 'tcp 22, 0.0.0.0/0, "temporary"'),
        (("udp", 1000, 2000, "10.0.0.0/8", ""), "udp 1000-2000, 10.0.0.0/8"),
        (("-1", -1, -1, "sg-0123456789abcdef0", ""), "everything, sg-0123456789abcdef0"),
        (("icmp", -1, -1, "::/0", ""), "icmp, ::/0"),
        (("icmp", 8, 0, "pl-1", ""), "icmp 8-0, pl-1"),
        (("tcp", 1, 1, "a", "\x1b[2J"), 'tcp 1, a, "\\u001b[2J"'),
    ],
)
def test_a_rule_of_a_security_group_is_written_as_people_say_it(
    rule: tuple[str, int, int, str, str], expected: str
):
    names = ("protocol", "from_port", "to_port", "peer", "description")
    assert expected == written(dict(zip(names, rule, strict=True)))
