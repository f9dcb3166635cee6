"""A side as rules see it: what is unknown is no key, and never an empty answer."""

from __future__ import annotations

import pytest

from driftguard.policy.sides import side_of_attributes, side_of_missing
from driftguard.resources import TABLE

SPLIT = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"}
MANY = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22}
SSH = {"protocol": "tcp", "from_port": 22, "to_port": 22, "peer": "0.0.0.0/0", "description": ""}


def test_a_rule_of_its_own_has_the_shape_of_a_groups_rules():
    split = side_of_attributes(TABLE["aws_vpc_security_group_ingress_rule"], SPLIT)
    many = {**MANY, "cidr_blocks": ["0.0.0.0/0"]}
    both = [split, side_of_attributes(TABLE["aws_security_group_rule"], many)]
    assert [([SSH], None)] * 2 == [(side["ingress"], side["egress"]) for side in both]


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("aws_vpc_security_group_ingress_rule", "cidr_ipv4"),
        ("aws_vpc_security_group_ingress_rule", "from_port"),
        ("aws_security_group_rule", "cidr_blocks"),
    ],
)
def test_a_rule_of_its_own_of_which_a_part_is_unknown_is_no_shut_door(name: str, unknown: str):
    side = side_of_attributes(TABLE[name], {**SPLIT, **MANY}, unknown=[unknown])
    assert not {"ingress", "egress", unknown} & side.keys()


def test_of_what_is_gone_an_odd_value_is_unknown_and_the_others_stay():
    side = side_of_missing(TABLE["aws_security_group"], {"name": "web", "ingress": "oops"})
    assert ("web", False) == (side["name"], "ingress" in side)
