"""Which rules of a group cover which: as one by one, and without looking at every pair."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.model import Change, ChangeKind, Direction, DriftKind
from driftguard.policy import direction, reach
from driftguard.policy.direction import direction_of
from driftguard.policy.reach import Reach
from driftguard.resources import TABLE

PEERS = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "10.128.0.0/9"]
PEERS += ["::/0", "2001:db8::/32", "2001:db8:1::/48", "sg-1", "pl-1"]
PORTS = st.sampled_from([-1, 0, 22, 80, 443])


def block(protocol: str, first: int, last: int, peer: str) -> dict[str, Any]:
    return {"protocol": protocol, "from_port": first, "to_port": last, "peer": peer}


BLOCKS = st.builds(
    block, st.sampled_from(["tcp", "udp", "-1", "icmp", "50"]), PORTS, PORTS, st.sampled_from(PEERS)
)


def one_covers(wide: dict[str, Any], narrow: dict[str, Any]) -> bool:
    """Say it of two rules, by the definition."""
    return _peer_covers(wide["peer"], narrow["peer"]) and _traffic_covers(wide, narrow)


def _peer_covers(wide: str, narrow: str) -> bool:
    try:
        outer, inner = ipaddress.ip_network(wide), ipaddress.ip_network(narrow)
    except ValueError:
        return wide == narrow
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _traffic_covers(wide: dict[str, Any], narrow: dict[str, Any]) -> bool:
    if wide["protocol"] in ("-1", narrow["protocol"]):
        (first, last), (start, end) = ((one["from_port"], one["to_port"]) for one in (wide, narrow))
        within = first <= start and end <= last and not wide["protocol"].startswith("ic")
        return wide["protocol"] == "-1" or (first, last) == (start, end) or within
    return False


@given(st.lists(BLOCKS, max_size=5), BLOCKS)
def test_rules_cover_a_rule_as_one_of_them_does(rules: list[dict[str, Any]], rule: dict[str, Any]):
    assert any(one_covers(one, rule) for one in rules) is Reach(rules).covers(rule)


def test_a_group_of_a_thousand_rules_is_not_compared_rule_by_rule(
    monkeypatch: pytest.MonkeyPatch,
):
    parsed: list[str] = []
    network = ipaddress.ip_network
    monkeypatch.setattr(
        reach.ipaddress, "ip_network", lambda text: parsed.append(text) or network(text)
    )
    rules = [block("tcp", port, port, f"10.{port // 250}.{port % 250}.0/24") for port in range(999)]
    sides = {"ingress": rules}, {"ingress": [*rules, block("tcp", 22, 22, "0.0.0.0/0")]}
    change = Change(path="ingress[1]", kind=ChangeKind.ADDED)
    group = TABLE["aws_security_group"]
    found = direction_of(group, DriftKind.CHANGED, [change], *sides)  # type: ignore[arg-type]
    assert Direction.WIDENED == found
    assert len(parsed) < 5 * len(rules)


def test_a_policy_of_an_enemys_length_is_not_compared_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch,
):
    compared: list[object] = []
    grants = direction._grants
    monkeypatch.setattr(direction, "_grants", lambda *pair: compared.append(pair) or grants(*pair))
    statements = [
        {"Effect": "Allow", "Action": [f"s3:{at}", "s3:*"], "Resource": [f"r{at}"]}
        for at in range(2_000)
    ]
    fewer = [{**one, "Action": ["s3:*"]} for one in statements]
    sides = ({"policy": {"Statement": one}} for one in (statements, fewer))
    change = Change(path="policy.Statement", kind=ChangeKind.CHANGED)
    policy = TABLE["aws_iam_role_policy"]
    found = direction_of(policy, DriftKind.CHANGED, [change], *sides)  # type: ignore[arg-type]
    assert Direction.MIXED == found
    assert len(compared) <= direction._PAIRS
