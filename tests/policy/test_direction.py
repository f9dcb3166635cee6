"""Widened or narrowed: security group rules, policies, switches, and what says nothing."""

from __future__ import annotations

import pytest

from driftguard.model import Change, ChangeKind, Direction, DriftKind, Json
from driftguard.policy.direction import direction_of
from driftguard.resources import TABLE


def block(peer: str, first: int = 22, last: int = 22, protocol: str = "tcp") -> dict[str, Json]:
    """Return one rule of a group."""
    return {"protocol": protocol, "from_port": first, "to_port": last, "peer": peer}


def changed(name: str) -> list[Change]:
    """Return a change of an attribute."""
    return [Change(path=name, kind=ChangeKind.CHANGED)]


@pytest.mark.parametrize(
    ("declared", "live", "expected"),
    [
        ([], [block("0.0.0.0/0")], Direction.WIDENED),
        ([block("0.0.0.0/0")], [], Direction.NARROWED),
        ([block("0.0.0.0/0")], [block("10.0.0.0/8")], Direction.NARROWED),
        ([block("10.0.0.0/8")], [block("0.0.0.0/0")], Direction.WIDENED),
        ([block("10.0.0.0/8")], [block("11.0.0.0/8")], Direction.MIXED),
        ([block("10.0.0.0/8", 20, 30)], [block("10.0.0.0/8", 22, 22)], Direction.NARROWED),
        ([block("::/0", -1, -1, "-1")], [block("::/0")], Direction.NARROWED),
        ([block("sg-1")], [block("sg-1", 80, 80)], Direction.MIXED),
        (None, None, Direction.NEUTRAL),
    ],
)
def test_rules_of_a_group_are_compared_by_what_they_let_in(
    declared: Json, live: Json, expected: Direction
) -> None:
    """Networks, port ranges and protocols contain each other."""
    sides = {"ingress": declared}, {"ingress": live}
    kind = DriftKind.CHANGED
    group = TABLE["aws_security_group"]
    assert expected == direction_of(group, kind, changed("ingress[1]"), *sides)


def test_narrowing_beside_another_change_is_not_only_narrowing() -> None:
    """A changed description says nothing of access, so the whole is neutral."""
    changes = [*changed("ingress"), *changed("description")]
    sides = {"ingress": [block("::/0")], "description": "a"}, {"ingress": [], "description": "b"}
    found = direction_of(TABLE["aws_security_group"], DriftKind.CHANGED, changes, *sides)  # type: ignore[arg-type]
    assert Direction.NEUTRAL == found


ALLOW: dict[str, Json] = {"Effect": "Allow", "Action": ["s3:get*"], "Resource": ["*"]}
DENY: dict[str, Json] = {"Effect": "Deny", "Action": ["s3:*"], "Resource": ["*"]}


@pytest.mark.parametrize(
    ("declared", "live", "expected"),
    [
        ([ALLOW], [ALLOW, {**ALLOW, "Action": ["iam:*"]}], Direction.WIDENED),
        ([ALLOW], [], Direction.NARROWED),
        ([ALLOW, DENY], [ALLOW], Direction.WIDENED),
        ([ALLOW], [ALLOW, DENY], Direction.NARROWED),
        ([ALLOW], [{**ALLOW, "Resource": ["a"]}], Direction.NARROWED),
        ([{**ALLOW, "Condition": {"x": {"y": ["z"]}}}], [ALLOW], Direction.WIDENED),
        ([ALLOW], [{**ALLOW, "Condition": {"x": {"y": ["z"]}}}], Direction.NARROWED),
        ([{**ALLOW, "Principal": {"AWS": ["1"]}}], [ALLOW], Direction.MIXED),
    ],
)
def test_policies_are_compared_by_what_they_allow(
    declared: Json, live: Json, expected: Direction
) -> None:
    """Statement by statement; a Deny counts the other way round."""
    sides = {"policy": {"Statement": declared}}, {"policy": {"Statement": live}}
    role = TABLE["aws_iam_role_policy"]
    assert expected == direction_of(role, DriftKind.CHANGED, changed("policy.Statement"), *sides)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declared", "live", "expected"),
    [
        (True, False, Direction.WIDENED),
        (False, True, Direction.NARROWED),
        (None, False, Direction.NEUTRAL),
    ],
)
def test_switches_have_a_safe_position(declared: Json, live: Json, expected: Direction) -> None:
    """A public access block keeps out while it is on."""
    sides = {"block_public_acls": declared}, {"block_public_acls": live}
    block_type = TABLE["aws_s3_bucket_public_access_block"]
    changes = changed("block_public_acls")
    assert expected == direction_of(block_type, DriftKind.CHANGED, changes, *sides)


def test_a_rule_that_is_gone_lets_in_less() -> None:
    """Unlike a whole group that is gone."""
    rule = TABLE["aws_vpc_security_group_ingress_rule"]
    assert Direction.NARROWED == direction_of(rule, DriftKind.MISSING, (), {}, None)
    group = TABLE["aws_security_group"]
    assert Direction.NEUTRAL == direction_of(group, DriftKind.MISSING, (), {}, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (["cidr_ipv4"], Direction.NARROWED),
        (["cidr_ipv4", "tags.a"], Direction.NEUTRAL),
        (["tags.a"], Direction.NEUTRAL),
    ],
)
def test_a_rule_of_its_own_narrows_by_itself(changes: list[str], expected: Direction) -> None:
    """The other direction, which such a rule has none of, says nothing against it."""
    narrower = "10.0.0.0/8" if "cidr_ipv4" in changes else "0.0.0.0/0"
    sides = (
        {"ingress": [block("0.0.0.0/0")], "egress": None},
        {"ingress": [block(narrower)], "egress": None},
    )
    rule = TABLE["aws_vpc_security_group_ingress_rule"]
    told = [one for name in changes for one in changed(name)]
    assert expected == direction_of(rule, DriftKind.CHANGED, told, *sides)  # type: ignore[arg-type]
