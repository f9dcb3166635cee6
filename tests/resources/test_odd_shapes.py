"""Answers and states that anybody may have written break nothing but their own resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from driftguard.compare.everything import compare_everything
from driftguard.compare.unmanaged import find_unmanaged
from driftguard.model import Absent, Item, Scope, Unreadable
from driftguard.resources import TABLE
from tests.moto_reader import ACCOUNT, REGION
from tests.resources import test_aws_db_instance, test_aws_instance, test_aws_network
from tests.scanned import Plain, declared

ODD: tuple[object, ...] = (
    *(
        "text",
        5,
        True,
        ["text"],
        [None],
        [[]],
        {"": None},
        [{"": 1}],
        {},
        [{"Key": [], "Value": {}}],
    ),
    [{"Status": {}, "Groups": 5, "Ebs": "x", "Attachment": [1], "Ipv6CidrBlockState": 1}],
)
GROUP: Mapping[str, Any] = {
    "GroupId": "sg-1", "GroupName": "default", "OwnerId": ACCOUNT, "VpcId": "vpc-1",
    "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
    "IpPermissionsEgress": [],
    "Rules": [{"SecurityGroupRuleId": "sgr-1", "IpProtocol": "tcp", "CidrIpv4": "10.0.0.0/8"}],
}  # fmt: skip
RULE = {"security_group_id": "sg-1", "security_group_rule_id": "sgr-1", "cidr_ipv4": "10.0.0.0/8",
        "cidr_blocks": ["10.0.0.0/8"], "ip_protocol": "tcp", "protocol": "tcp"}  # fmt: skip
INSTANCE = {
    **test_aws_instance.LIVE,
    "Volumes": test_aws_instance.VOLUMES,
    "UserData": {"Value": "eA=="},
}
ATTACHMENT = {"instance_id": test_aws_instance.ID, "volume_id": test_aws_instance.DATA}
CASES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "aws_db_instance": (test_aws_db_instance.STATE, test_aws_db_instance.LIVE),
    "aws_default_security_group": ({"id": "sg-1", "ingress": []}, GROUP),
    "aws_ebs_encryption_by_default": ({"enabled": True}, {"EbsEncryptionByDefault": True}),
    "aws_ebs_volume": (test_aws_network.VOLUME_STATE, test_aws_network.VOLUME),
    "aws_instance": (test_aws_instance.STATE, INSTANCE),
    "aws_security_group": ({"id": "sg-1", "ingress": []}, GROUP),
    "aws_security_group_rule": ({**RULE, "type": "ingress"}, GROUP),
    "aws_subnet": (test_aws_network.SUBNET_STATE, test_aws_network.SUBNET),
    "aws_volume_attachment": (ATTACHMENT, INSTANCE),
    "aws_vpc": (test_aws_network.VPC_STATE, test_aws_network.VPC),
    "aws_vpc_security_group_egress_rule": (RULE, GROUP),
    "aws_vpc_security_group_ingress_rule": (RULE, GROUP),
}
SCOPE = Scope(account=ACCOUNT, region=REGION)


class _One:
    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._item = Item(id="x", raw=raw)

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        return self._item


def _compare(name: str, state: Mapping[str, Any], raw: Mapping[str, Any]) -> None:
    compared = compare_everything(TABLE, [declared(name, state)], _One(raw), Plain())
    assert len(compared.resources) == 1
    list(find_unmanaged(TABLE[name], SCOPE, {"x": Item(id="x", raw=raw)}, (), Plain()))


def test_every_type_of_ec2_and_rds_is_tried():
    tried = {name for name, one in TABLE.items() if one.collection.startswith(("ec2.", "rds."))}
    assert tried == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_an_answer_of_another_shape_breaks_nothing(name: str):
    state, raw = CASES[name]
    for key, value in raw.items():
        for odd in ODD:
            _compare(name, state, {**raw, key: odd})
            if isinstance(value, list) and value and isinstance(value[0], dict):
                for inner in value[0]:
                    _compare(name, state, {**raw, key: [{**value[0], inner: odd}]})
            if isinstance(value, dict):
                for inner in value:
                    _compare(name, state, {**raw, key: {**value, inner: odd}})


@pytest.mark.parametrize("name", CASES)
def test_a_state_of_another_shape_breaks_nothing(name: str):
    state, raw = CASES[name]
    for key in {*state, *(one.name.partition(".")[0] for one in TABLE[name].attributes)}:
        for odd in ODD:
            _compare(name, {**state, key: odd}, raw)
