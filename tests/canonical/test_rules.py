from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from driftguard.canonical.freeze import thaw
from driftguard.canonical.rules import RULES, peer_of, ports_of, protocol_of
from driftguard.errors import CanonicalError
from driftguard.parts.security_group_rules import inline_rules, live_rules, rules_by_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    *("protocol", "from_port", "to_port", "description", "self"),
    *("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"),
)
NEARLY_RULES = st.dictionaries(st.sampled_from(KEYS), JSON) | JSON

relaxed = settings(deadline=None)  # a busy machine is no finding

PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6", "-1", "50")
SPELLINGS = {
    "tcp": ("tcp", "TCP", "6", 6),
    "udp": ("udp", "17", 17),
    "icmp": ("icmp", "1", 1),
    "icmpv6": ("icmpv6", "58", "ICMPv6"),
    "-1": ("-1", -1, "all", "ALL"),
    "50": ("50", 50),
}
NETWORKS = st.ip_addresses(v=4).flatmap(
    lambda address: st.integers(0, 32).map(lambda size: f"{address}/{size}")
)
NETWORKS6 = st.ip_addresses(v=6).flatmap(
    lambda address: st.integers(0, 128).map(lambda size: f"{address}/{size}")
)
GROUPS = st.integers(0, 2**68 - 1).map(lambda number: f"sg-{number:017x}")
PREFIXES = st.integers(0, 2**32 - 1).map(lambda number: f"pl-{number:08x}")


@st.composite
def blocks(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(st.integers(0, 65535)), draw(st.integers(0, 65535))))
    return {
        "protocol": draw(st.sampled_from(PROTOCOLS)),
        "from_port": start,
        "to_port": end,
        "description": draw(st.text(max_size=8)),
        "cidr_blocks": draw(st.lists(NETWORKS, max_size=3)),
        "ipv6_cidr_blocks": draw(st.lists(NETWORKS6, max_size=3)),
        "prefix_list_ids": draw(st.lists(PREFIXES, max_size=2)),
        "security_groups": draw(st.lists(GROUPS, max_size=2)),
    }


@relaxed
@given(st.lists(NEARLY_RULES, max_size=4) | JSON)
@example([{"cidr_blocks": 5}])
@example([{"cidr_blocks": [None]}])
@example([{"protocol": {"a": 1}, "cidr_blocks": ["10.0.0.0/8"]}])
@example([{"from_port": float("nan"), "cidr_blocks": ["10.0.0.0/8"]}])
@example("ingress")
def test_any_json_has_a_canonical_form_or_is_refused(value: object):
    try:
        canonical = RULES.canonical(value)
    except CanonicalError:
        return
    assert canonical is None or RULES.members(canonical)
    assert hash(canonical) == hash(RULES.canonical(value))


@relaxed
@given(NEARLY_RULES | st.lists(NEARLY_RULES, max_size=4))
@example("text")
@example([None])
@example([{"security_groups": 5}])
@example({"cidr_blocks": []})
def test_any_inline_rules_in_a_state_are_read_or_refused(value: object):
    attributes = {"id": "sg-1", "owner_id": "123456789012", "ingress": value}
    try:
        RULES.canonical(inline_rules(attributes, "ingress"))
    except CanonicalError:
        return


@relaxed
@given(st.lists(blocks(), max_size=4), st.randoms(use_true_random=False))
def test_order_makes_no_difference(rules: list[dict[str, Any]], order: Any):
    mixed = [
        {name: order.sample(part, len(part)) if isinstance(part, list) else part
         for name, part in block.items()}
        for block in rules
    ]  # fmt: skip
    order.shuffle(mixed)
    assert RULES.canonical(rules) == RULES.canonical(mixed)


@relaxed
@given(blocks(), st.data())
def test_spelling_makes_no_difference(block: dict[str, Any], data: st.DataObject):
    spelled = {
        **block,
        "protocol": data.draw(st.sampled_from(SPELLINGS[block["protocol"]])),
        "from_port": data.draw(st.sampled_from((block["from_port"], str(block["from_port"])))),
        "ipv6_cidr_blocks": [_long(network).upper() for network in block["ipv6_cidr_blocks"]],
        "description": block["description"] or None,
    }
    assert RULES.canonical([block]) == RULES.canonical([spelled])


def _long(network: str) -> str:
    address, _, size = network.partition("/")
    return f"{ipaddress.ip_address(address).exploded}/{size}"


@relaxed
@given(blocks())
def test_one_block_of_many_peers_equals_many_blocks_of_one(block: dict[str, Any]):
    names = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
    head = {name: value for name, value in block.items() if name not in names}
    split = [{**head, name: [peer]} for name in names for peer in block[name]]
    assert RULES.canonical([block]) == RULES.canonical(split)


@relaxed
@given(st.lists(blocks(), max_size=4))
def test_the_canonical_form_is_its_own_canonical_form(rules: list[dict[str, Any]]):
    canonical = RULES.canonical(rules)
    shown = thaw(canonical) or []
    again = [{**rule, "security_groups": [rule["peer"]]} for rule in shown]  # type: ignore[dict-item, call-overload, union-attr, index]
    assert RULES.canonical(again) == canonical


@relaxed
@given(blocks(), blocks())
def test_different_rules_stay_different(one: dict[str, Any], other: dict[str, Any]):
    opened = {**other, "cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 22,
              "to_port": 22}  # fmt: skip
    before = RULES.members(RULES.canonical([one]))
    after = RULES.members(RULES.canonical([one, opened]))
    assert before <= after
    assert any(rule.get("peer") == "0.0.0.0/0" for rule in after)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("spelling", "protocol"),
    [(6, "tcp"), ("TCP", "tcp"), ("17", "udp"), ("all", "-1"), (None, "-1"), ("58", "icmpv6"),
     ("icmp6", "icmpv6"), (1, "icmp"), ("50", "50"), ("ESP", "esp")],
)  # fmt: skip
def test_protocols_have_one_name(spelling: object, protocol: str):
    assert protocol_of(spelling) == protocol


@pytest.mark.parametrize(
    ("protocol", "start", "end", "ports"),
    [
        ("tcp", 22, 22, (22, 22)),
        ("tcp", None, None, (0, 65535)),
        ("tcp", -1, -1, (0, 65535)),
        ("tcp", 0, 0, (0, 0)),
        ("-1", 0, 0, (-1, -1)),
        ("-1", None, None, (-1, -1)),
        ("icmp", 8, -1, (8, -1)),
        ("icmp", 0, 0, (0, 0)),
        ("50", 0, 65535, (-1, -1)),
    ],
)
def test_ports_are_canonical_for_their_protocol(
    protocol: str, start: object, end: object, ports: tuple[int, int]
):
    assert ports_of(protocol, start, end) == ports


@pytest.mark.parametrize(
    ("spelling", "peer"),
    [
        ("10.0.0.5/24", "10.0.0.0/24"),
        ("10.0.0.5", "10.0.0.5/32"),
        ("2001:DB8:0:0::/64", "2001:db8::/64"),
        ("::/0", "::/0"),
        ("pl-12345678", "pl-12345678"),
        ("123456789012/sg-1", "123456789012/sg-1"),
    ],
)
def test_peers_have_one_spelling(spelling: str, peer: str):
    assert peer_of(spelling) == peer


def test_a_group_that_aws_names_without_its_id_keeps_its_name():
    raw = {
        "OwnerId": "123456789012",
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80,
             "UserIdGroupPairs": [{"UserId": "amazon-elb", "GroupName": "amazon-elb-sg"}]}
        ],
    }  # fmt: skip
    (block,) = live_rules(raw, "ingress")
    assert block["security_groups"] == ["amazon-elb/amazon-elb-sg"]


def test_rules_by_id_are_those_of_one_direction():
    rule = {"GroupOwnerId": "1", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1,
            "CidrIpv4": "10.0.0.0/8"}  # fmt: skip
    raw = {"Rules": [{**rule, "SecurityGroupRuleId": "sgr-in", "IsEgress": False},
                     {**rule, "SecurityGroupRuleId": "sgr-out", "IsEgress": True}]}  # fmt: skip
    assert list(rules_by_id(raw, egress=False)) == ["sgr-in"]
    assert list(rules_by_id(raw, egress=True)) == ["sgr-out"]
