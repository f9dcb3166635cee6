"""Whom the rules of a security group let in, taken together."""

from __future__ import annotations

import pytest

from driftguard.policy.functions.network import (
    covers_any_port,
    from_part_of_world,
    is_public_cidr,
    is_wider_than,
    opens_any_to_world,
    opens_other_to_world,
    opens_to_world,
    opens_wide_to_world,
    rules_about,
)
from driftguard.policy.functions.table import RefusedError
from driftguard.policy.steps import SpentError, budget


def rule(peer: str, start: int = 22, end: int | None = None, protocol: str = "tcp") -> object:
    """Return one rule as it stands in ``r.ingress``."""
    last = start if end is None else end
    return {"protocol": protocol, "from_port": start, "to_port": last, "peer": peer}


def test_any_of_some_ports_is_open() -> None:
    """A range covers the port that is asked for."""
    assert opens_any_to_world([rule("0.0.0.0/0", 20, 25)], [3389, 22]) is True


def test_other_ports_are_not_open() -> None:
    """The world comes in, elsewhere."""
    assert opens_any_to_world([rule("0.0.0.0/0", 443), rule("10.0.0.0/8", 22)], [22]) is False


def test_halves_of_the_internet_on_different_ports_are_not_the_world() -> None:
    """Each port is looked at by itself."""
    halves = [rule(f"{first}.0.0.0/8", 22 + first % 2) for first in range(11, 223)]

    assert opens_any_to_world(halves, [22, 23]) is False


def test_no_rules_and_no_ports_open_nothing() -> None:
    """An absent list is null."""
    assert opens_any_to_world(None, [22]) is False
    assert opens_any_to_world([rule("0.0.0.0/0")], None) is False
    assert covers_any_port(rule("0.0.0.0/0"), None) is False


def test_a_rule_is_about_any_of_some_ports() -> None:
    """And not about others."""
    assert covers_any_port(rule("sg-1", 20, 25), [80, 22]) is True
    assert covers_any_port(rule("sg-1", 20, 25), [80, 443]) is False


def test_a_port_that_is_no_number_is_refused() -> None:
    """A parameter of another type never passes."""
    with pytest.raises(RefusedError):
        opens_any_to_world([rule("0.0.0.0/0")], ["22"])


def test_what_is_not_known_is_refused() -> None:
    """A stand-in is neither public nor private."""
    with pytest.raises(RefusedError, match="not known"):
        opens_any_to_world([rule("(known after apply)")], [22])


def test_what_is_not_known_of_other_ports_does_not_matter() -> None:
    """Only SSH is asked for."""
    rules = [rule("(known after apply)", 443), rule("10.0.0.0/8", 22)]

    assert opens_any_to_world(rules, [22]) is False


def test_a_very_long_peer_is_no_network() -> None:
    """It is not remembered either."""
    assert is_public_cidr("1." * 100_000) is False


def test_many_rules_and_ports_are_given_up() -> None:
    """Rules times ports are counted."""
    many = [rule("0.0.0.0/0", 443)] * 1000

    with budget(20_000), pytest.raises(SpentError):
        opens_any_to_world(many, list(range(1000)))
    assert opens_to_world(many, 443, 443) is True


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.0.0.0/15", True),
        ("10.0.0.0/16", False),
        ("fd00::/47", True),
        ("fd00::/48", False),
        ("sg-1", False),
        ("pl-1", False),
    ],
)
def test_a_network_is_wider_than_a_prefix_of_its_version(cidr: str, *, expected: bool) -> None:
    """A group has no prefix."""
    assert is_wider_than(cidr, 16, 48) is expected


def test_rules_of_many_ports_open_wide() -> None:
    """All protocols are all ports, and each rule is counted by itself."""
    assert opens_wide_to_world([rule("0.0.0.0/0", -1, -1, "-1")], 65536) is True
    assert opens_wide_to_world([rule("0.0.0.0/0", 1, 65535)], 65535) is True
    assert opens_wide_to_world([rule("0.0.0.0/0", 2, 65535)], 65535) is False
    assert opens_wide_to_world([rule("10.0.0.0/8", 1, 65535)], 65535) is False
    assert opens_wide_to_world([rule("0.0.0.0/0", 1, 2), rule("0.0.0.0/0", 3, 4)], 3) is False


def test_rules_open_a_port_that_is_not_listed() -> None:
    """Of a range each port would have to be listed; a wide one is left to others."""
    assert opens_other_to_world([rule("0.0.0.0/0", 80, 81)], [80], 100) is True
    assert opens_other_to_world([rule("0.0.0.0/0", 80, 81)], [80, 81], 100) is False
    assert opens_other_to_world([rule("0.0.0.0/0", 80, 81)], [80], 1) is False
    assert opens_other_to_world([rule("0.0.0.0/0", -1, -1, "-1")], [80], 100) is False
    assert opens_other_to_world([rule("0.0.0.0/0", 8, 0, "icmp")], [80], 100) is False


def test_rules_about_ports_are_found() -> None:
    """Once each."""
    ssh, web = rule("sg-1", 20, 25), rule("sg-1", 443)

    assert rules_about([ssh, web], [21, 22]) == [ssh]
    assert rules_about(None, [22]) == []


def test_part_of_the_internet_is_neither_private_nor_all_of_it() -> None:
    """Nor a group."""
    part = rule("8.8.8.8/32")
    others = [rule("0.0.0.0/0"), rule("10.0.0.0/8"), rule("sg-1"), rule("pl-1")]

    assert from_part_of_world([part, *others]) == [part]


@pytest.mark.parametrize("count", ["22", None])
def test_counts_that_are_no_numbers_are_refused(count: object) -> None:
    """A parameter of another type never passes."""
    with pytest.raises(RefusedError):
        opens_wide_to_world([], count)
    with pytest.raises(RefusedError):
        opens_other_to_world([], [80], count)
    with pytest.raises(RefusedError):
        is_wider_than("10.0.0.0/8", count, 48)
