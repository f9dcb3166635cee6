"""The company's network: a VPC, a subnet, and groups in both styles of declaring rules."""

from __future__ import annotations

from typing import cast

from driftguard.demo.cloud import ACCOUNT, REGION, Answer, Cloud
from driftguard.demo.state import State

TAGS = {"Team": "shop", "Environment": "production"}


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags as AWS's list of pairs."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tagged(kind: str, tags: dict[str, str]) -> list[dict[str, object]]:
    """Return EC2's way of tagging what is being made."""
    return [{"ResourceType": kind, "Tags": tag_list(tags)}]


def ec2_arn(kind: str, object_id: str) -> str:
    """Return the ARN of an EC2 object."""
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{kind}/{object_id}"


def build_network(cloud: Cloud, state: State) -> dict[str, str]:
    """Make the network; return the ids that the rest of the company needs."""
    vpc = _vpc(cloud, state)
    subnets = [_subnet(cloud, state, vpc, zone) for zone in ("a", "b")]
    web = _web_group(cloud, state, vpc)
    database, rule = _database_group(cloud, state, vpc, web)
    return {
        "vpc": vpc,
        "subnet": subnets[0],
        "subnet_b": subnets[1],
        "web": web,
        "db": database,
        "db_rule": rule,
    }


def _vpc(cloud: Cloud, state: State) -> str:
    tags = {**TAGS, "Name": "shop"}
    answer = cloud.call(
        "ec2", "create_vpc", CidrBlock="10.20.0.0/16", TagSpecifications=tagged("vpc", tags)
    )
    vpc = str(cast("Answer", answer["Vpc"])["VpcId"])
    cloud.call("ec2", "modify_vpc_attribute", VpcId=vpc, EnableDnsHostnames={"Value": True})
    attributes = {
        "id": vpc,
        "arn": ec2_arn("vpc", vpc),
        "cidr_block": "10.20.0.0/16",
        "instance_tenancy": "default",
        "enable_dns_hostnames": True,
        "enable_dns_support": True,
        "owner_id": ACCOUNT,
        "tags": tags,
        "tags_all": tags,
    }
    state.declare("aws_vpc", "shop", attributes)
    return vpc


def _subnet(cloud: Cloud, state: State, vpc: str, zone: str) -> str:
    tags = {**TAGS, "Name": f"shop-{zone}"}
    block = f"10.20.{'ab'.index(zone)}.0/24"
    answer = cloud.call(
        "ec2",
        "create_subnet",
        VpcId=vpc,
        CidrBlock=block,
        AvailabilityZone=f"{REGION}{zone}",
        TagSpecifications=tagged("subnet", tags),
    )
    subnet = str(cast("Answer", answer["Subnet"])["SubnetId"])
    attributes = {
        "id": subnet,
        "arn": ec2_arn("subnet", subnet),
        "vpc_id": vpc,
        "cidr_block": block,
        "availability_zone": f"{REGION}{zone}",
        "map_public_ip_on_launch": False,
        "assign_ipv6_address_on_creation": False,
        "owner_id": ACCOUNT,
        "tags": tags,
        "tags_all": tags,
    }
    state.declare("aws_subnet", zone, attributes)
    return subnet


def _group(cloud: Cloud, vpc: str, name: str, description: str) -> tuple[str, dict[str, object]]:
    """Make a group without rules; return its id and the attributes every group has."""
    tags = {**TAGS, "Name": name}
    answer = cloud.call(
        "ec2",
        "create_security_group",
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=tagged("security-group", tags),
    )
    group = str(answer["GroupId"])
    attributes: dict[str, object] = {
        "id": group,
        "arn": ec2_arn("security-group", group),
        "name": name,
        "description": description,
        "vpc_id": vpc,
        "owner_id": ACCOUNT,
        "tags": tags,
        "tags_all": tags,
    }
    return group, attributes


def _block(port: int, cidr: str, description: str, protocol: str = "tcp") -> dict[str, object]:
    """Return one inline rule as the provider stores it."""
    return {
        "protocol": protocol,
        "from_port": port,
        "to_port": port,
        "cidr_blocks": [cidr],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        "description": description,
    }


def permission(port: int, cidr: str, description: str = "") -> dict[str, object]:
    """Return one TCP rule as EC2's calls take it."""
    peer = {"CidrIp": cidr, **({"Description": description} if description else {})}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [peer]}


def _web_group(cloud: Cloud, state: State, vpc: str) -> str:
    """Make a group whose rules are inline."""
    group, attributes = _group(cloud, vpc, "web", "The shop's web servers")
    rules = [(443, "0.0.0.0/0", "the shop"), (8443, "10.20.0.0/16", "health checks")]
    cloud.call(
        "ec2",
        "authorize_security_group_ingress",
        GroupId=group,
        IpPermissions=[permission(*rule) for rule in rules],
    )
    inline = {
        "ingress": [_block(*rule) for rule in rules],
        "egress": [_block(0, "0.0.0.0/0", "", "-1")],
    }
    state.declare("aws_security_group", "web", {**attributes, **inline})
    return group


def _database_group(cloud: Cloud, state: State, vpc: str, web: str) -> tuple[str, str]:
    """Make a group whose one rule is a resource of its own; return both ids."""
    group, attributes = _group(cloud, vpc, "database", "The shop's database")
    peer = {"UserId": ACCOUNT, "GroupId": web}
    answer = cloud.call(
        "ec2",
        "authorize_security_group_ingress",
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [peer]}
        ],
    )
    rule = str(cast("list[Answer]", answer["SecurityGroupRules"])[0]["SecurityGroupRuleId"])
    egress = [_block(0, "0.0.0.0/0", "", "-1")]
    state.declare("aws_security_group", "database", {**attributes, "ingress": [], "egress": egress})
    standalone = {
        "id": rule,
        "arn": ec2_arn("security-group-rule", rule),
        "security_group_rule_id": rule,
        "security_group_id": group,
        "ip_protocol": "tcp",
        "from_port": 5432,
        "to_port": 5432,
        "cidr_ipv4": None,
        "cidr_ipv6": None,
        "prefix_list_id": None,
        "referenced_security_group_id": web,
        "description": "",
        "tags": None,
        "tags_all": {},
    }
    state.declare("aws_vpc_security_group_ingress_rule", "database_from_web", standalone)
    return group, rule
