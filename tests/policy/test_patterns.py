"""The work of a regular expression, told before it runs."""

from __future__ import annotations

import pytest

from driftguard.policy.patterns import MOST, instructions


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("", 0, 1),
        ("abc", 3, 6),
        ("^[0-9]{12}/sg-$", 24, 40),
        ("(a{0,90}){0,10}", 900, 4000),
        ("((a{0,10}){0,10}){0,10}", 1000, 5000),
        ("(a?){0,900}(a?){0,900}", 1800, 8000),
        ("a{1000}", 1000, 2000),
        ("a{5,}", 5, 20),
        (r"\pL", 1000, 5000),
        (r"[a\pL]{10}", 10_000, 60_000),
        (r"\p{Greek}", 1000, 5000),
        (".{100}", 500, 2000),
        ("[^a]{100}", 500, 2000),
        ("(?i)abcdef", 12, 20),
        (r"\Qa{900}\E", 6, 12),
        (r"a\{900}", 5, 12),
        ("[{]{3}", 3, 10),
        ("(?P<name>a|b){20}", 40, 200),
        ("a{99999999999999999999}", MOST, MOST),
        ("((a{1000}){1000}){1000}", MOST, MOST),
    ],
)
def test_instructions_are_bounded_from_the_text(pattern, least, most):
    assert least <= instructions(pattern) <= most


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[", "{3}", "*", "a**", "\\", "(?", "[]a]{2}", "[^]]"]
)
def test_what_is_no_pattern_is_no_trouble(pattern):
    assert instructions(pattern) <= 100


def test_a_long_pattern_is_counted_soon():
    assert instructions("(a|b)?" * 3000) >= 9000
