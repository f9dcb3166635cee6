"""What is known only after the apply: no key where it is all, a mark where it is a part."""

from __future__ import annotations

from typing import Any

import pytest

from driftguard.model import Verdict
from driftguard.policy.judge import Case, judge_rule
from driftguard.policy.load import parse_rules
from driftguard.policy.unknown import UNKNOWN, UNKNOWN_GROUP, PlannedSide, planned_side
from driftguard.resources import TABLE

(SSH,) = parse_rules(
    b"""
rules:
  - id: ACME-SG-001
    title: SSH open to the world
    resource: [aws_security_group, aws_security_group_rule, aws_vpc_security_group_ingress_rule]
    violation: opens_to_world(r.ingress, 22)
    severity: {base: high}
    why: It is scanned within minutes.
""",
    "rules.yaml",
)


def block(**more: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": [], **more}


def group(*blocks: Any, unknown: Any) -> PlannedSide:
    attributes = {"name": "web", "egress": [], "ingress": [*blocks]}
    return planned_side(TABLE["aws_security_group"], attributes, {"ingress": unknown, "id": True})


def says(type_name: str, side: PlannedSide) -> Verdict:
    planned = {"kind": "planned", "direction": "neutral"}
    case = Case(type=type_name, declared=None, live=side.side, drift=planned, ctx={})
    return judge_rule(SSH, case)[0]


OPEN, SHUT = block(cidr_blocks=["0.0.0.0/0"]), block(cidr_blocks=["10.0.0.0/8"])


@pytest.mark.parametrize(
    ("blocks", "unknown", "expected"),
    [
        # A peer that is a group yet to be made is no network, so it opens nothing to the world.
        ([block(security_groups=[None])], [{"security_groups": [True]}], Verdict.PASS),
        ([block()], [{"security_groups": True}], Verdict.PASS),
        ([block(prefix_list_ids=[None])], [{"prefix_list_ids": [True]}], Verdict.PASS),
        ([block(self=True)], [{}], Verdict.PASS),
        # ... and it hides no other peer, wherever it stands.
        ([block(security_groups=[None]), OPEN], [{"security_groups": [True]}, {}],
         Verdict.INTRODUCED),
        ([block(security_groups=[None], cidr_blocks=["0.0.0.0/0"])], [{"security_groups": [True]}],
         Verdict.INTRODUCED),
        # A network that nobody knows yet may be the world: never a pass.
        ([block(cidr_blocks=[None])], [{"cidr_blocks": [True]}], Verdict.ERROR),
        ([block()], [{"cidr_blocks": True}], Verdict.ERROR),
        ([block(cidr_blocks=[None]), OPEN], [{"cidr_blocks": [True]}, {}], Verdict.INTRODUCED),
        ([OPEN, block(cidr_blocks=[None])], [{}, {"cidr_blocks": [True]}], Verdict.INTRODUCED),
        ([block(cidr_blocks=["10.0.0.0/8", None])], [{"cidr_blocks": [False, True]}],
         Verdict.ERROR),
        # Nor are ports, a protocol or a whole block.
        ([{**SHUT, "from_port": None}], [{"from_port": True}], Verdict.ERROR),
        ([{**SHUT, "protocol": None}], [{"protocol": True}], Verdict.ERROR),
        ([None, SHUT], [True, {}], Verdict.ERROR),
        ([None, OPEN], [True, {}], Verdict.INTRODUCED),
        ([], True, Verdict.ERROR),
        # A description matters to nobody.
        ([{**SHUT, "description": None}], [{"description": True}], Verdict.PASS),
    ],
)  # fmt: skip
def test_what_is_unknown_of_a_group_s_rules_is_never_a_pass_and_hides_nothing(
    blocks: Any, unknown: Any, expected: Verdict
):
    assert expected == says("aws_security_group", group(*blocks, unknown=unknown))


SPLIT = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": None}
MANY = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22}


@pytest.mark.parametrize(
    ("type_name", "attributes", "unknown", "expected"),
    [
        ("ingress", SPLIT, {"referenced_security_group_id": True}, Verdict.PASS),
        ("ingress", SPLIT, {"security_group_id": True, "id": True}, Verdict.PASS),
        ("ingress", SPLIT, {"cidr_ipv4": True}, Verdict.ERROR),
        ("ingress", SPLIT, {"ip_protocol": True}, Verdict.ERROR),
        ("ingress", {**SPLIT, "cidr_ipv4": "10.0.0.0/8"}, {"to_port": True}, Verdict.ERROR),
        ("ingress", {**SPLIT, "cidr_ipv4": "0.0.0.0/0"}, {"id": True}, Verdict.INTRODUCED),
        ("many", MANY, {"source_security_group_id": True}, Verdict.PASS),
        ("many", MANY, {"cidr_blocks": True}, Verdict.ERROR),
        ("many", {**MANY, "cidr_blocks": [None]}, {"cidr_blocks": [True]}, Verdict.ERROR),
        ("many", {**MANY, "cidr_blocks": ["10.0.0.0/8"]}, {"from_port": True}, Verdict.ERROR),
        ("many", {**MANY, "cidr_blocks": ["0.0.0.0/0"]}, {"id": True}, Verdict.INTRODUCED),
        ("many", {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]},
         {"type": True}, Verdict.ERROR),
        ("many", {**MANY, "type": "egress", "cidr_blocks": [None]}, {"cidr_blocks": [True]},
         Verdict.PASS),
    ],
)  # fmt: skip
def test_the_same_holds_for_a_rule_that_is_a_resource_of_its_own(
    type_name: str, attributes: Any, unknown: Any, expected: Verdict
):
    name = "aws_vpc_security_group_ingress_rule" if type_name == "ingress" else _MANY
    assert expected == says(name, planned_side(TABLE[name], attributes, unknown))


_MANY = "aws_security_group_rule"


TOKEN = "(sensitive 0123456789abcdef01234567)"
HIDDEN = {"protocol": TOKEN, "from_port": TOKEN, "to_port": TOKEN, "cidr_blocks": [TOKEN]}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([HIDDEN], Verdict.ERROR),
        ([{**SHUT, "cidr_blocks": [TOKEN]}], Verdict.ERROR),
        ([HIDDEN, OPEN], Verdict.INTRODUCED),
        ([OPEN, HIDDEN], Verdict.INTRODUCED),
    ],
)
def test_a_secret_rule_is_never_a_pass_and_hides_nothing(blocks: Any, expected: Verdict):
    assert expected == says("aws_security_group", group(*blocks, unknown=[]))


def test_a_value_that_is_unknown_as_a_whole_is_no_key():
    attributes = {"tags": {}, "ami": "ami-1"}
    unknown = {"monitoring": True, "metadata_options": True, "tags": {"Name": True}}
    planned = planned_side(TABLE["aws_instance"], attributes, unknown)
    assert "monitoring" not in planned.side
    assert {} == planned.side.get("metadata_options", {})
    assert {"Name": UNKNOWN} == planned.side["tags"]
    assert {"monitoring", "metadata_options", "tags"} <= planned.unknown
    assert "ami" not in planned.unknown


def test_a_policy_that_is_not_known_yet_is_no_policy_without_statements():
    planned = planned_side(TABLE["aws_s3_bucket_policy"], {"bucket": "b"}, {"policy": True})
    assert ({}, {"policy"}) == (planned.side, planned.unknown)


def test_one_field_of_a_block_is_unknown_and_the_others_stay():
    options = [{"http_tokens": None, "http_endpoint": "enabled"}]
    unknown = {"metadata_options": [{"http_tokens": True}]}
    planned = planned_side(TABLE["aws_instance"], {"metadata_options": options}, unknown)
    found = planned.side["metadata_options"]
    assert isinstance(found, dict)
    assert "http_tokens" not in found
    assert "http_endpoint" in found


def test_the_group_itself_is_a_group_before_it_has_an_id():
    side = group(block(self=True), unknown=[{}]).side
    assert [UNKNOWN_GROUP] == [one["peer"] for one in side["ingress"]]  # type: ignore[index,union-attr,call-overload]  # JSON


@pytest.mark.parametrize("unknown", [False, None, {}, {"ingress": [{}]}, {"ingress": False}])
def test_nothing_unknown_changes_nothing(unknown: Any):
    attributes = {"name": "web", "ingress": [OPEN], "egress": []}
    planned = planned_side(TABLE["aws_security_group"], attributes, unknown)
    assert frozenset() == planned.unknown
    assert Verdict.INTRODUCED == says("aws_security_group", planned)
