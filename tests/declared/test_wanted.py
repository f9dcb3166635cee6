from __future__ import annotations

import pytest

from driftguard.clock import SystemClock
from driftguard.declared.wanted import Wanted, matches


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [("a/*.tfstate", "a/b.tfstate", True), ("a/*.tfstate", "a/b/c.tfstate", False),
     ("**/x", "x", True), ("**/x", "a/b/x", True), ("a/**/x", "a/x", True), ("a/**", "a/b/c", True),
     ("a/**/b/**/c", "a/1/b/2/b/3/c", True), ("a/**/b/**/c", "a/1/2/3/c", False),
     ("a?b*", "a?bc", True), ("a?b*", "axbc", False), ("[a]*", "[a]x", True), ("[a]*", "ax", False),
     ("***", "abc", True), ("a*", "b", False), ("*", "", True)],
)  # fmt: skip
def test_only_stars_are_special(pattern, name, fits):
    assert fits is matches(name, pattern)


def test_a_pattern_made_to_be_slow_is_not():
    clock = SystemClock()
    began = clock.monotonic()
    assert not matches("a" * 1_000, "*a" * 200 + "b")
    assert not matches("/".join("a" * 500), "/".join(["**", "a"] * 100) + "/b")
    assert clock.monotonic() - began < 1


def test_what_is_one_name_what_a_prefix_and_what_a_glob():
    assert Wanted(name="a/b").is_one
    assert not any(Wanted(name=name).is_one for name in ("", "a/", "a/*"))
    assert "a/" == Wanted(name="a/*/b").prefix


def test_locks_and_backups_are_left_out_of_a_glob():
    wanted = Wanted(name="a/*")
    assert [] == [one for one in ("a/x.tflock", "a/x.tfstate.backup") if wanted.takes(one)]
    assert wanted.takes("a/any.name")
