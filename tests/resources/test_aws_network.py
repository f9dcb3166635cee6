"""VPCs, subnets, volumes and the encryption switch, on moto and on answers in AWS's shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import Unreadable
from tests.canned_reader import CannedReader, changed
from tests.moto_reader import ACCOUNT, MotoReader, client
from tests.scanned import Scanned, declared, scan

VPC: Mapping[str, Any] = {
    "VpcId": "vpc-1",
    "CidrBlock": "10.0.0.0/16",
    "DhcpOptionsId": "dopt-1",
    "State": "available",
    "OwnerId": ACCOUNT,
    "InstanceTenancy": "default",
    "Ipv6CidrBlockAssociationSet": [
        {
            "AssociationId": "vpc-cidr-assoc-0",
            "Ipv6CidrBlock": "2001:db8:0:ff00::/56",
            "Ipv6CidrBlockState": {"State": "disassociated"},
        },
        {
            "AssociationId": "vpc-cidr-assoc-1",
            "Ipv6CidrBlock": "2001:db8:1234:1a00::/56",
            "Ipv6CidrBlockState": {"State": "associated"},
            "NetworkBorderGroup": "eu-west-1",
            "Ipv6Pool": "Amazon",
        },
    ],
    "IsDefault": False,
    "Tags": [{"Key": "Name", "Value": "main"}],
}
SWITCHES = {
    "vpc-1/enableDnsSupport": {"VpcId": "vpc-1", "EnableDnsSupport": {"Value": True}},
    "vpc-1/enableDnsHostnames": {"VpcId": "vpc-1", "EnableDnsHostnames": {"Value": False}},
    "vpc-1/enableNetworkAddressUsageMetrics": {
        "VpcId": "vpc-1",
        "EnableNetworkAddressUsageMetrics": {"Value": False},
    },
}
VPC_STATE: Mapping[str, Any] = {
    "arn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-1",
    "assign_generated_ipv6_cidr_block": True,
    "cidr_block": "10.0.0.0/16",
    "dhcp_options_id": "dopt-1",
    "enable_dns_hostnames": False,
    "enable_dns_support": True,
    "enable_network_address_usage_metrics": False,
    "id": "vpc-1",
    "instance_tenancy": "default",
    "ipv4_ipam_pool_id": None,
    "ipv4_netmask_length": None,
    "ipv6_association_id": "vpc-cidr-assoc-1",
    "ipv6_cidr_block": "2001:db8:1234:1a00::/56",
    "ipv6_cidr_block_network_border_group": "eu-west-1",
    "ipv6_ipam_pool_id": "",
    "ipv6_netmask_length": 0,
    "owner_id": ACCOUNT,
    "tags": {"Name": "main"},
    "tags_all": {"Name": "main"},
}


def look_at_vpc(
    live: Mapping[str, Any] = VPC,
    state: Mapping[str, Any] = VPC_STATE,
    switches: Mapping[str, Any] = SWITCHES,
    others: tuple[Mapping[str, Any], ...] = (),
) -> Scanned:
    answers = {"ec2.DescribeVpcs": [live, *others], "ec2.DescribeVpcAttribute": switches}
    return scan([declared("aws_vpc", state)], CannedReader(answers=answers))


def test_a_vpc_as_declared_has_no_drift():
    found = look_at_vpc()
    assert (found.kinds, found.unknown, found.suppressed) == (["none"], [], [])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("CidrBlock", "10.1.0.0/16", "cidr_block"),
        ("InstanceTenancy", "dedicated", "instance_tenancy"),
        ("Ipv6CidrBlockAssociationSet.1.Ipv6CidrBlock", "2001:db8::/56", "ipv6_cidr_block"),
        ("Ipv6CidrBlockAssociationSet.1.Ipv6Pool", "ipam-1", "assign_generated_ipv6_cidr_block"),
        (
            "Ipv6CidrBlockAssociationSet.1.NetworkBorderGroup",
            "eu-west-1-wl1",
            "ipv6_cidr_block_network_border_group",
        ),
        ("Tags", [{"Key": "Name", "Value": "other"}], "tags.Name"),
    ],
)
def test_a_vpc_changed_by_hand_is_told_at_that_path(path: str, value: object, told: str):
    assert look_at_vpc(changed(VPC, path, value)).paths == [told]


@pytest.mark.parametrize(
    ("switch", "value", "told"),
    [
        ("enableDnsSupport.EnableDnsSupport", False, "enable_dns_support"),
        ("enableDnsHostnames.EnableDnsHostnames", True, "enable_dns_hostnames"),
        (
            "enableNetworkAddressUsageMetrics.EnableNetworkAddressUsageMetrics",
            True,
            "enable_network_address_usage_metrics",
        ),
    ],
)
def test_a_switch_of_a_vpc_is_told(switch: str, value: object, told: str):
    switches = changed(SWITCHES, f"vpc-1/{switch}.Value", value)
    assert look_at_vpc(switches=switches).paths == [told]


def test_a_vpc_whose_ipv6_block_is_taken_away_is_told():
    told = look_at_vpc(changed(VPC, "Ipv6CidrBlockAssociationSet", [])).paths
    assert told == [
        "assign_generated_ipv6_cidr_block",
        "ipv6_cidr_block",
        "ipv6_cidr_block_network_border_group",
    ]


def test_unread_switches_are_unknown_and_the_rest_is_compared():
    denied = Unreadable(reason="access denied: grant ec2:DescribeVpcAttribute")
    found = look_at_vpc(
        changed(VPC, "InstanceTenancy", "dedicated"), switches=dict.fromkeys(SWITCHES, denied)
    )
    assert found.paths == ["instance_tenancy"]
    assert "grant ec2:DescribeVpcAttribute" in found.unknown[0]


def test_default_and_shared_vpcs_are_not_unmanaged():
    others = (
        {**VPC, "VpcId": "vpc-default", "IsDefault": True},
        {**VPC, "VpcId": "vpc-shared", "OwnerId": "999999999999"},
        {**VPC, "VpcId": "vpc-hand"},
    )
    assert look_at_vpc(others=others).unmanaged_ids == ["vpc-hand"]


def test_adopted_default_networks_are_not_unmanaged_even_with_all():
    answers = {
        "ec2.DescribeVpcs": [VPC, {**VPC, "VpcId": "vpc-default", "IsDefault": True}],
        "ec2.DescribeVpcAttribute": SWITCHES,
    }
    resources = [
        declared("aws_vpc", VPC_STATE),
        declared("aws_default_vpc", {"id": "vpc-default"}),
    ]
    found = scan(resources, CannedReader(answers=answers), aws_defaults=True)
    assert found.unmanaged_ids == []


def test_an_ipv6_block_associated_by_a_resource_of_its_own_is_that_resources():
    state = {**VPC_STATE, "assign_generated_ipv6_cidr_block": False, "ipv6_association_id": "",
             "ipv6_cidr_block": "", "ipv6_cidr_block_network_border_group": ""}  # fmt: skip
    answers = {"ec2.DescribeVpcs": [VPC], "ec2.DescribeVpcAttribute": SWITCHES}
    association = declared("aws_vpc_ipv6_cidr_block_association", {"vpc_id": "vpc-1"})
    alone = scan([declared("aws_vpc", state)], CannedReader(answers=answers))
    owned = scan([declared("aws_vpc", state), association], CannedReader(answers=answers))
    assert alone.paths == ["assign_generated_ipv6_cidr_block", "ipv6_cidr_block"]
    assert owned.paths == []


SUBNET: Mapping[str, Any] = {
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "OwnerId": ACCOUNT,
    "AvailabilityZone": "eu-west-1a",
    "AvailabilityZoneId": "euw1-az1",
    "CidrBlock": "10.0.1.0/24",
    "DefaultForAz": False,
    "MapPublicIpOnLaunch": False,
    "MapCustomerOwnedIpOnLaunch": False,
    "AssignIpv6AddressOnCreation": False,
    "Ipv6CidrBlockAssociationSet": [],
    "EnableDns64": False,
    "Ipv6Native": False,
    "PrivateDnsNameOptionsOnLaunch": {
        "HostnameType": "ip-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": False,
    },
    "State": "available",
}
SUBNET_STATE: Mapping[str, Any] = {
    "assign_ipv6_address_on_creation": False,
    "availability_zone": "eu-west-1a",
    "availability_zone_id": "euw1-az1",
    "cidr_block": "10.0.1.0/24",
    "customer_owned_ipv4_pool": "",
    "enable_dns64": False,
    "enable_lni_at_device_index": 0,
    "enable_resource_name_dns_a_record_on_launch": False,
    "enable_resource_name_dns_aaaa_record_on_launch": False,
    "id": "subnet-1",
    "ipv6_cidr_block": "",
    "ipv6_cidr_block_association_id": "",
    "ipv6_native": False,
    "map_customer_owned_ip_on_launch": False,
    "map_public_ip_on_launch": False,
    "outpost_arn": "",
    "owner_id": ACCOUNT,
    "private_dns_hostname_type_on_launch": "ip-name",
    "region": "eu-west-1",
    "tags": None,
    "tags_all": {},
    "timeouts": None,
    "vpc_id": "vpc-1",
}


def look_at_subnet(
    live: Mapping[str, Any] = SUBNET,
    state: Mapping[str, Any] = SUBNET_STATE,
    others: tuple[Mapping[str, Any], ...] = (),
) -> Scanned:
    answers = {"ec2.DescribeSubnets": [live, *others]}
    return scan([declared("aws_subnet", state)], CannedReader(answers=answers))


def test_a_subnet_as_declared_has_no_drift():
    found = look_at_subnet()
    assert (found.kinds, found.unknown, found.suppressed) == (["none"], [], [])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("VpcId", "vpc-2", "vpc_id"),
        ("CidrBlock", "10.0.2.0/24", "cidr_block"),
        ("AvailabilityZone", "eu-west-1b", "availability_zone"),
        ("MapPublicIpOnLaunch", True, "map_public_ip_on_launch"),
        ("MapCustomerOwnedIpOnLaunch", True, "map_customer_owned_ip_on_launch"),
        ("CustomerOwnedIpv4Pool", "pool-1", "customer_owned_ipv4_pool"),
        ("AssignIpv6AddressOnCreation", True, "assign_ipv6_address_on_creation"),
        (
            "Ipv6CidrBlockAssociationSet",
            [
                {
                    "Ipv6CidrBlock": "2001:db8::/64",
                    "Ipv6CidrBlockState": {"State": "associated"},
                }
            ],
            "ipv6_cidr_block",
        ),
        ("EnableDns64", True, "enable_dns64"),
        ("EnableLniAtDeviceIndex", 1, "enable_lni_at_device_index"),
        ("Ipv6Native", True, "ipv6_native"),
        ("OutpostArn", "arn:x", "outpost_arn"),
        (
            "PrivateDnsNameOptionsOnLaunch.HostnameType",
            "resource-name",
            "private_dns_hostname_type_on_launch",
        ),
        (
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
            True,
            "enable_resource_name_dns_a_record_on_launch",
        ),
        (
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
            True,
            "enable_resource_name_dns_aaaa_record_on_launch",
        ),
        ("Tags", [{"Key": "a", "Value": "b"}], "tags.a"),
    ],
)
def test_a_subnet_changed_by_hand_is_told_at_that_path(path: str, value: object, told: str):
    assert look_at_subnet(changed(SUBNET, path, value)).paths == [told]


def test_the_subnet_of_an_old_provider_is_compared_in_what_it_holds():
    old = ("id", "vpc_id", "cidr_block", "map_public_ip_on_launch", "tags")
    state = {name: SUBNET_STATE[name] for name in old}
    assert look_at_subnet(state=state).kinds == ["none"]


def test_default_and_shared_subnets_are_not_unmanaged():
    others = (
        {**SUBNET, "SubnetId": "subnet-default", "DefaultForAz": True},
        {**SUBNET, "SubnetId": "subnet-shared", "OwnerId": "999999999999"},
        {**SUBNET, "SubnetId": "subnet-hand"},
    )
    assert look_at_subnet(others=others).unmanaged_ids == ["subnet-hand"]


VOLUME: Mapping[str, Any] = {
    "VolumeId": "vol-1",
    "AvailabilityZone": "eu-west-1a",
    "Attachments": [],
    "Encrypted": True,
    "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/1",
    "Iops": 3000,
    "MultiAttachEnabled": False,
    "Size": 8,
    "SnapshotId": "",
    "State": "available",
    "Throughput": 125,
    "VolumeType": "gp3",
    "Tags": [{"Key": "Name", "Value": "data"}],
}
VOLUME_STATE: Mapping[str, Any] = {
    "availability_zone": "eu-west-1a",
    "create_time": "2025-12-16T19:32:15Z",
    "encrypted": True,
    "final_snapshot": False,
    "id": "vol-1",
    "iops": 3000,
    "kms_key_id": "arn:aws:kms:eu-west-1:1:key/1",
    "multi_attach_enabled": False,
    "outpost_arn": "",
    "region": "eu-west-1",
    "size": 8,
    "snapshot_id": "",
    "tags": {"Name": "data"},
    "tags_all": {"Name": "data"},
    "throughput": 125,
    "timeouts": None,
    "type": "gp3",
    "volume_initialization_rate": 0,
}


def look_at_volume(
    live: Mapping[str, Any] = VOLUME,
    state: Mapping[str, Any] = VOLUME_STATE,
    others: tuple[Mapping[str, Any], ...] = (),
) -> Scanned:
    answers = {"ec2.DescribeVolumes": [live, *others]}
    return scan([declared("aws_ebs_volume", state)], CannedReader(answers=answers))


def test_a_volume_as_declared_has_no_drift():
    found = look_at_volume()
    assert (found.kinds, found.unknown, found.suppressed) == (["none"], [], [])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("Size", 16, "size"),
        ("VolumeType", "gp2", "type"),
        ("Iops", 3900, "iops"),
        ("Throughput", 250, "throughput"),
        ("Encrypted", False, "encrypted"),
        ("KmsKeyId", "arn:aws:kms:eu-west-1:1:key/2", "kms_key_id"),
        ("MultiAttachEnabled", True, "multi_attach_enabled"),
        ("AvailabilityZone", "eu-west-1b", "availability_zone"),
        ("SnapshotId", "snap-1", "snapshot_id"),
        ("OutpostArn", "arn:x", "outpost_arn"),
        ("Tags", [], "tags.Name"),
    ],
)
def test_a_volume_changed_by_hand_is_told_at_that_path(path: str, value: object, told: str):
    assert look_at_volume(changed(VOLUME, path, value)).paths == [told]


def test_undeclared_performance_at_its_default_is_suppressed_and_above_it_told():
    state = {**VOLUME_STATE, "iops": None, "throughput": None}
    usual = look_at_volume(state=state)
    assert (usual.kinds, usual.suppressed) == (["none"], ["iops", "throughput"])
    assert look_at_volume(changed(VOLUME, "Iops", 3001), state).paths == ["iops"]


def test_a_deleting_volume_is_missing_and_an_attached_one_is_told_with_its_instance():
    assert look_at_volume(changed(VOLUME, "State", "deleting")).kinds == ["missing"]
    attached = {**VOLUME, "VolumeId": "vol-2", "Attachments": [{"InstanceId": "i-1"}]}
    by_hand = {**VOLUME, "VolumeId": "vol-3"}
    assert look_at_volume(others=(attached, by_hand)).unmanaged_ids == ["vol-3"]


@pytest.mark.parametrize(("live", "kind"), [(True, "none"), (False, "changed")])
def test_the_encryption_switch_is_compared_and_never_unmanaged(*, live: bool, kind: str):
    answers = {"ec2.GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": live}}
    state = {"enabled": True, "id": "terraform-20220328091515068500000001"}
    found = scan([declared("aws_ebs_encryption_by_default", state)], CannedReader(answers=answers))
    assert (found.kinds, found.unmanaged_ids) == ([kind], [])


@pytest.mark.parametrize("answer", [Unreadable(reason="denied"), {}])
def test_an_unread_encryption_switch_is_unknown_not_missing(answer: object):
    reader = CannedReader(answers={"ec2.GetEbsEncryptionByDefault": answer})
    found = scan([declared("aws_ebs_encryption_by_default", {"enabled": True, "id": "x"})], reader)
    assert found.kinds == ["none"]
    assert len(found.unknown) == 1


@mock_aws
def test_on_moto_a_network_changed_by_hand_is_told():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]
    volume = ec2.create_volume(Size=8, AvailabilityZone="eu-west-1a")["VolumeId"]
    network = {"vpc_id": vpc, "id": subnet["SubnetId"], "cidr_block": "10.0.1.0/24",
               "availability_zone": subnet["AvailabilityZone"]}  # fmt: skip
    resources = [
        declared("aws_vpc", {**VPC_STATE, "id": vpc, "assign_generated_ipv6_cidr_block": False,
                             "ipv6_association_id": "", "ipv6_cidr_block": "",
                             "ipv6_cidr_block_network_border_group": "",
                             "tags_all": {}}),
        declared("aws_subnet", {**SUBNET_STATE, **network}),
        declared("aws_ebs_volume", {"id": volume, "size": 8, "availability_zone": "eu-west-1a"}),
        declared("aws_ebs_encryption_by_default", {"id": "x", "enabled": False}),
    ]  # fmt: skip
    clean = scan(resources, MotoReader())
    assert (clean.kinds, clean.unknown, clean.unmanaged_ids) == (["none"] * 4, [], [])
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ec2.modify_subnet_attribute(SubnetId=subnet["SubnetId"], MapPublicIpOnLaunch={"Value": True})
    ec2.delete_volume(VolumeId=volume)
    ec2.enable_ebs_encryption_by_default()
    by_hand = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    drifted = scan(resources, MotoReader())
    assert drifted.kinds == ["changed", "changed", "missing", "changed"]
    assert drifted.paths == ["enable_dns_hostnames", "map_public_ip_on_launch", "enabled"]
    assert drifted.unmanaged_ids == [by_hand]
