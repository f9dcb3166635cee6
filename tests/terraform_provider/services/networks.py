"""VPCs and subnets."""

from __future__ import annotations

from typing import ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
)
from tests.terraform_provider.wire import Values


def tag_specification(kind: str, wanted: Values) -> list[Values]:
    """Return the tags of a new EC2 object, as its creation takes them."""
    tags = pairs(wanted["tags_all"])
    return [{"ResourceType": kind, "Tags": tags}] if tags else []


class Vpc:
    name = "aws_vpc"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "assign_generated_ipv6_cidr_block": optional(BOOL),
        "cidr_block": either(),
        "default_security_group_id": computed(),
        "enable_dns_hostnames": either(BOOL),
        "enable_dns_support": optional(BOOL, default=True),
        "instance_tenancy": optional(default="default"),
        "ipv6_association_id": computed(),
        "ipv6_cidr_block": either(),
        "owner_id": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        made = aws.ec2.create_vpc(
            CidrBlock=wanted["cidr_block"],
            InstanceTenancy=wanted["instance_tenancy"],
            TagSpecifications=tag_specification("vpc", wanted),
        )
        id_ = str(made["Vpc"]["VpcId"])
        for key, wire in (("enable_dns_support", "Support"), ("enable_dns_hostnames", "Hostnames")):
            setting = {f"EnableDns{wire}": {"Value": bool(wanted[key])}}
            aws.ec2.modify_vpc_attribute(VpcId=id_, **setting)
        return id_

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(lambda: aws.ec2.describe_vpcs(VpcIds=[id_]), "InvalidVpcID.NotFound")
        if answer is None:
            return None
        vpc = answer["Vpcs"][0]
        groups = aws.ec2.describe_security_groups(
            Filters=[
                {"Name": "vpc-id", "Values": [id_]},
                {"Name": "group-name", "Values": ["default"]},
            ]
        )["SecurityGroups"]
        return {
            "arn": aws.arn("ec2", f"vpc/{id_}"),
            "assign_generated_ipv6_cidr_block": False,
            "cidr_block": vpc["CidrBlock"],
            "default_security_group_id": groups[0]["GroupId"],
            "enable_dns_hostnames": self._dns(aws, id_, "Hostnames"),
            "enable_dns_support": self._dns(aws, id_, "Support"),
            "instance_tenancy": vpc["InstanceTenancy"],
            "ipv6_association_id": "",
            "ipv6_cidr_block": "",
            "owner_id": aws.account,
            **aws.tags(by_key(vpc.get("Tags"))),
        }

    def _dns(self, aws: Aws, id_: str, which: str) -> bool:
        answer = aws.ec2.describe_vpc_attribute(VpcId=id_, Attribute=f"enableDns{which}")
        return bool(answer[f"EnableDns{which}"]["Value"])


class Subnet:
    name = "aws_subnet"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "assign_ipv6_address_on_creation": optional(BOOL, default=False),
        "availability_zone": either(),
        "availability_zone_id": either(),
        "cidr_block": optional(),
        "ipv6_cidr_block": optional(),
        "ipv6_cidr_block_association_id": computed(),
        "map_public_ip_on_launch": optional(BOOL, default=False),
        "owner_id": computed(),
        "vpc_id": required(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        zone = wanted["availability_zone"]
        made = aws.ec2.create_subnet(
            VpcId=wanted["vpc_id"],
            CidrBlock=wanted["cidr_block"],
            TagSpecifications=tag_specification("subnet", wanted),
            **({"AvailabilityZone": zone} if zone else {}),
        )
        id_ = str(made["Subnet"]["SubnetId"])
        public = {"Value": wanted["map_public_ip_on_launch"]}
        aws.ec2.modify_subnet_attribute(SubnetId=id_, MapPublicIpOnLaunch=public)
        return id_

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(
            lambda: aws.ec2.describe_subnets(SubnetIds=[id_]), "InvalidSubnetID.NotFound"
        )
        if answer is None:
            return None
        subnet = answer["Subnets"][0]
        return {
            "arn": aws.arn("ec2", f"subnet/{id_}"),
            "assign_ipv6_address_on_creation": subnet["AssignIpv6AddressOnCreation"],
            "availability_zone": subnet["AvailabilityZone"],
            "availability_zone_id": subnet["AvailabilityZoneId"],
            "cidr_block": subnet["CidrBlock"],
            "ipv6_cidr_block": "",
            "ipv6_cidr_block_association_id": "",
            "map_public_ip_on_launch": subnet["MapPublicIpOnLaunch"],
            "owner_id": aws.account,
            "vpc_id": subnet["VpcId"],
            **aws.tags(by_key(subnet.get("Tags"))),
        }


RESOURCES = (Vpc(), Subnet())
