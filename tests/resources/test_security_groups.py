"""Security groups whole: inline, standalone and split rules, on moto."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import Declared, Severity
from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.moto_reader import ACCOUNT, MotoReader, client
from tests.scanned import declared, scan

OPEN_OUT = {
    "cidr_blocks": ["0.0.0.0/0"], "description": "", "from_port": 0, "ipv6_cidr_blocks": [],
    "prefix_list_ids": [], "protocol": "-1", "security_groups": [], "self": False, "to_port": 0,
}  # fmt: skip
SSH = {
    "cidr_blocks": ["10.0.0.0/8"], "description": "office", "from_port": 22,
    "ipv6_cidr_blocks": [], "prefix_list_ids": [], "protocol": "tcp", "security_groups": [],
    "self": False, "to_port": 22,
}  # fmt: skip


class Cloud:
    """One VPC with one group that lets SSH in from the office."""

    def __init__(self) -> None:
        self.ec2 = client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.group = self.make("web")
        self.rule = self.allow(22, "10.0.0.0/8", "office")

    def make(self, name: str) -> str:
        """Make a group."""
        made = self.ec2.create_security_group(GroupName=name, Description="x", VpcId=self.vpc)
        return str(made["GroupId"])

    def allow(self, port: int, cidr: str, description: str = "", protocol: str = "tcp") -> str:
        """Let a network in; return the rule's id."""
        peer = {"CidrIp": cidr, **({"Description": description} if description else {})}
        return self.allow_peer(port, protocol, IpRanges=[peer])

    def allow_peer(self, port: int, protocol: str = "tcp", **peers: object) -> str:
        """Let any peers in; return the rule's id."""
        permission = {"IpProtocol": protocol, "FromPort": port, "ToPort": port, **peers}
        answer = self.ec2.authorize_security_group_ingress(
            GroupId=self.group, IpPermissions=[permission]
        )
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def revoke(self, rule: str) -> None:
        """Take a rule away."""
        self.ec2.revoke_security_group_ingress(GroupId=self.group, SecurityGroupRuleIds=[rule])

    @property
    def default(self) -> str:
        """The VPC's default group."""
        filters = [
            {"Name": "vpc-id", "Values": [self.vpc]},
            {"Name": "group-name", "Values": ["default"]},
        ]
        (group,) = self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
        return str(group["GroupId"])

    def state(self, **other: object) -> dict[str, Any]:
        """Return the group's state in the shape of provider 6, with no inline ingress."""
        return {
            "arn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/{self.group}",
            "description": "x",
            "egress": [OPEN_OUT],
            "id": self.group,
            "ingress": [],
            "name": "web",
            "name_prefix": "",
            "owner_id": ACCOUNT,
            "region": "eu-west-1",
            "revoke_rules_on_delete": False,
            "tags": None,
            "tags_all": {},
            "timeouts": None,
            "vpc_id": self.vpc,
            **other,
        }

    def standalone(self, /, **other: object) -> Declared:
        """Declare the rule as `aws_security_group_rule`."""
        attributes = {
            "cidr_blocks": ["10.0.0.0/8"],
            "description": "office",
            "from_port": 22,
            "id": "sgrule-1",
            "ipv6_cidr_blocks": None,
            "prefix_list_ids": None,
            "protocol": "tcp",
            "security_group_id": self.group,
            "security_group_rule_id": self.rule,
            "self": False,
            "source_security_group_id": None,
            "timeouts": None,
            "to_port": 22,
            "type": "ingress",
        }
        return declared("aws_security_group_rule", {**attributes, **other})

    def split(self, **other: object) -> Declared:
        """Declare the rule as `aws_vpc_security_group_ingress_rule`."""
        attributes = {
            "cidr_ipv4": "10.0.0.0/8",
            "cidr_ipv6": None,
            "description": "office",
            "from_port": 22,
            "id": self.rule,
            "ip_protocol": "tcp",
            "prefix_list_id": None,
            "referenced_security_group_id": None,
            "region": "eu-west-1",
            "security_group_id": self.group,
            "security_group_rule_id": self.rule,
            "tags": None,
            "tags_all": {},
            "to_port": 22,
        }
        return declared("aws_vpc_security_group_ingress_rule", {**attributes, **other})

    def inline(self, *rules: Mapping[str, object], **other: object) -> Declared:
        """Declare the group with inline rules."""
        return declared("aws_security_group", self.state(ingress=list(rules), **other))


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud()


def test_the_three_styles_declare_the_same_group(cloud: Cloud):
    for resources in (
        [cloud.inline(SSH)],
        [cloud.inline(), cloud.standalone()],
        [cloud.inline(), cloud.split()],
        [cloud.inline(SSH), cloud.standalone(), cloud.split()],
    ):
        found = scan(resources, MotoReader())
        assert (set(found.kinds), found.unknown, found.suppressed) == ({"none"}, [], [])
        assert found.unmanaged_ids == []


def test_a_rule_nobody_declared_is_drift_of_the_group_in_every_style(cloud: Cloud):
    cloud.allow(22, "0.0.0.0/0")
    for resources in (
        [cloud.inline(SSH)],
        [cloud.inline(), cloud.standalone()],
        [cloud.inline(), cloud.split()],
    ):
        found = scan(resources, MotoReader())
        assert found.paths == ["ingress"]
        assert found.kinds[0] == "changed"
        drift = found.resources[0].drift
        assert drift is not None
        assert rate(TABLE, drift).severity is Severity.HIGH


def test_a_standalone_rule_that_is_gone_is_missing_and_not_the_groups_drift(cloud: Cloud):
    cloud.revoke(cloud.rule)
    for rule in (cloud.standalone(), cloud.split()):
        assert scan([cloud.inline(), rule], MotoReader()).kinds == ["none", "missing"]
    assert scan([cloud.inline(SSH)], MotoReader()).paths == ["ingress"]


def test_a_split_rule_edited_by_hand_is_told_as_changed(cloud: Cloud):
    cloud.ec2.modify_security_group_rules(
        GroupId=cloud.group,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": cloud.rule,
                "SecurityGroupRule": {
                    "IpProtocol": "tcp", "FromPort": 22, "ToPort": 3389,
                    "CidrIpv4": "0.0.0.0/0", "Description": "office",
                },
            }
        ],
    )  # fmt: skip
    found = scan([cloud.inline(), cloud.split()], MotoReader())
    assert found.kinds == ["none", "changed"]
    assert found.paths == ["to_port", "cidr_ipv4"]


def test_one_of_many_peers_taken_away_is_a_change_of_its_rule(cloud: Cloud):
    rule = cloud.standalone(cidr_blocks=["10.0.0.0/8", "192.168.0.0/16"])
    found = scan([cloud.inline(), rule], MotoReader())
    assert (found.kinds, found.paths) == (["none", "changed"], ["cidr_blocks"])


def test_a_description_edited_by_hand_is_told_low(cloud: Cloud):
    for rule in (cloud.standalone(description="before"), cloud.split(description="before")):
        found = scan([cloud.inline(), rule], MotoReader())
        assert found.paths == ["description"]
        drift = found.resources[1].drift
        assert drift is not None
        assert rate(TABLE, drift).severity is Severity.INFO


@pytest.mark.parametrize("spelling", ["{group}", "{account}/{group}"])
def test_a_group_of_the_same_account_may_be_spelled_with_it(cloud: Cloud, spelling: str):
    other = cloud.make("db")
    cloud.revoke(cloud.rule)
    cloud.rule = cloud.allow_peer(5432, UserIdGroupPairs=[{"GroupId": other}])
    peer = spelling.format(account=ACCOUNT, group=other)
    ports = {"from_port": 5432, "to_port": 5432, "description": ""}
    block = {**SSH, **ports, "cidr_blocks": [], "security_groups": [peer]}
    for resources in (
        [cloud.inline(block)],
        [cloud.inline(),
         cloud.standalone(**ports, cidr_blocks=None, source_security_group_id=peer)],
        [cloud.inline(),
         cloud.split(**ports, cidr_ipv4=None, referenced_security_group_id=peer)],
    ):  # fmt: skip
        found = scan(resources, MotoReader())
        assert (set(found.kinds), found.paths) == ({"none"}, [])


def test_self_is_the_groups_own_id(cloud: Cloud):
    cloud.revoke(cloud.rule)
    cloud.rule = cloud.allow_peer(443, UserIdGroupPairs=[{"GroupId": cloud.group}])
    ports = {"from_port": 443, "to_port": 443, "description": ""}
    own = {"cidr_blocks": None, "self": True}
    for resources in (
        [cloud.inline({**SSH, **ports, **own, "cidr_blocks": []})],
        [cloud.inline(), cloud.standalone(**ports, **own)],
        [cloud.inline(),
         cloud.standalone(**ports, **own, source_security_group_id=cloud.group)],
        [cloud.inline(),
         cloud.split(**ports, cidr_ipv4=None, referenced_security_group_id=cloud.group)],
    ):  # fmt: skip
        assert set(scan(resources, MotoReader()).kinds) == {"none"}


def test_without_rule_ids_split_rules_are_found_by_value_and_their_tags_are_unknown(cloud: Cloud):
    reader = MotoReader(broken={"ec2.DescribeSecurityGroupRules": "UnauthorizedOperation"})
    found = scan([cloud.inline(), cloud.split()], reader)
    assert found.kinds == ["none", "none"]
    assert found.unknown == ["tags: UnauthorizedOperation"]


def test_groups_that_cannot_be_read_are_unknown_not_missing(cloud: Cloud):
    reader = MotoReader(broken={"ec2.DescribeSecurityGroups": "UnauthorizedOperation"})
    found = scan([cloud.inline(SSH), cloud.split()], reader)
    assert found.kinds == ["none", "none"]
    assert found.unknown == ["UnauthorizedOperation"] * 2


def test_tags_of_a_group_and_of_a_split_rule_are_compared(cloud: Cloud):
    cloud.ec2.create_tags(
        Resources=[cloud.group, cloud.rule], Tags=[{"Key": "owner", "Value": "me"}]
    )
    found = scan([cloud.inline(), cloud.split()], MotoReader())
    assert found.paths == ["tags.owner", "tags.owner"]


def test_egress_opened_by_hand_is_told(cloud: Cloud):
    found = scan([cloud.inline(SSH, egress=[])], MotoReader())
    assert found.paths == ["egress"]


def test_a_group_that_is_gone_is_missing_and_one_made_by_hand_unmanaged(cloud: Cloud):
    by_hand = cloud.make("by-hand")
    resources = [cloud.inline(SSH)]
    assert scan(resources, MotoReader()).unmanaged_ids == [by_hand]
    cloud.ec2.delete_security_group(GroupId=cloud.group)
    assert scan(resources, MotoReader()).kinds == ["missing"]


def test_a_default_group_is_aws_own_until_a_rule_is_hidden_in_it(cloud: Cloud):
    default = cloud.default
    resources = [cloud.inline(SSH)]
    assert scan(resources, MotoReader()).unmanaged_ids == []
    assert default in scan(resources, MotoReader(), aws_defaults=True).unmanaged_ids
    cloud.group = default
    cloud.allow(22, "0.0.0.0/0")
    (hidden,) = scan(resources, MotoReader()).unmanaged
    assert (hidden.id, hidden.address.type) == (default, "aws_default_security_group")
    assert rate(TABLE, hidden).severity is Severity.HIGH


def test_an_adopted_default_group_is_compared_whole(cloud: Cloud):
    default = cloud.default
    cloud.ec2.authorize_security_group_ingress(
        GroupId=default,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": default}]}],
    )  # as in AWS; moto makes it without
    own = {**OPEN_OUT, "cidr_blocks": [], "self": True}
    state = cloud.state(id=default, name="default", ingress=[own])
    resource = declared("aws_default_security_group", state)
    assert scan([resource, cloud.inline(SSH)], MotoReader()).kinds == ["none", "none"]
    emptied = declared("aws_default_security_group", {**state, "ingress": [], "egress": []})
    assert scan([emptied], MotoReader()).paths == ["ingress", "egress"]


def test_two_bulk_calls_read_all_groups(cloud: Cloud):
    reader = MotoReader()
    scan([cloud.inline(), cloud.split(), cloud.standalone()], reader)
    assert dict(reader.calls) == {
        "ec2.DescribeSecurityGroups": 1,
        "ec2.DescribeSecurityGroupRules": 1,
    }


@pytest.mark.parametrize("ingress", ["text", [None], [{"security_groups": 5}]])
def test_malformed_rules_in_a_state_make_the_group_unreadable(cloud: Cloud, ingress: object):
    state = declared("aws_security_group", cloud.state(ingress=ingress))
    found = scan([state], MotoReader())
    assert found.kinds == ["none"]
    assert "can't be compared" in found.unknown[0]
