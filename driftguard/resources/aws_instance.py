"""An EC2 instance with the volumes and interfaces declared inside it.

Whether it runs or is stopped is not compared (``aws_ec2_instance_state``
declares that); one that is terminated is missing. Instances that an Auto
Scaling group or a fleet made are theirs, not unmanaged.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, WORD, Arn
from driftguard.model import Declared, Item, Severity
from driftguard.parts import block_devices, instance_interfaces, user_data
from driftguard.parts.blocks import known
from driftguard.parts.shapes import an_object
from driftguard.parts.tagging import aws_made_by_tag, tags_attribute
from driftguard.resource_type import Attribute, ResourceType

Raw = Mapping[str, object]

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_BURSTABLE = re.compile(r"t(?!1\.)\d")  # t1.micro has no choice of credits
_OWNERS = {
    "aws:autoscaling:groupName": "an Auto Scaling group's instance",
    "aws:ec2spot:fleet-request-id": "a Spot fleet's instance",
    "aws:ec2:fleet-id": "an EC2 fleet's instance",
    "aws:elasticmapreduce:job-flow-id": "an EMR cluster's instance",
}


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _locate(declared: Declared, item: Item) -> Item:
    raw = item.raw
    for part in (block_devices, instance_interfaces, user_data):
        raw = part.located(declared.attributes, raw)
    return replace(item, raw=raw)


def _made_by_aws(item: Item) -> str | None:
    return aws_made_by_tag(item, _OWNERS)


def _cpu_credits(raw: Raw) -> object:
    return raw.get("CpuCredits") if _BURSTABLE.match(str(raw.get("InstanceType"))) else None


def _monitored(raw: Raw) -> object:
    state = an_object(raw.get("Monitoring")).get("State")
    return state in ("enabled", "pending")


TYPE = ResourceType(
    name="aws_instance",
    collection=block_devices.INSTANCES,
    identify=_identify,
    locate=_locate,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.MEDIUM,
    aws_default=_made_by_aws,
    adopted_by={"aws_spot_instance_request": "spot_instance_id"},
    describe=("ami", "instance_type", "subnet_id", "vpc_security_group_ids", "tags"),
    attributes=(
        Attribute(name="ami", wire="ImageId", kind=TEXT, forces_replacement=True),
        Attribute(name="instance_type", wire="InstanceType", kind=TEXT),
        Attribute(name="subnet_id", wire="SubnetId", kind=TEXT, forces_replacement=True),
        Attribute(name="private_ip", wire="PrivateIpAddress", kind=TEXT, forces_replacement=True),
        *instance_interfaces.interface_attributes(),
        Attribute(
            name="iam_instance_profile",
            wire="IamInstanceProfile.Arn",
            kind=Arn(),
            severity=Severity.HIGH,
            note="By name; AWS shows the ARN.",
        ),
        Attribute(name="key_name", wire="KeyName", kind=TEXT, forces_replacement=True),
        *user_data.user_data_attributes(),
        Attribute(
            name="metadata_options.http_endpoint",
            wire="MetadataOptions.HttpEndpoint",
            kind=WORD,
            default="enabled",
            default_source=f"{_API}API_InstanceMetadataOptionsRequest.html",
        ),
        Attribute(
            name="metadata_options.http_tokens",
            wire="MetadataOptions.HttpTokens",
            declared=known("metadata_options.http_tokens"),
            kind=WORD,
            severity=Severity.HIGH,
            note="`optional` lets IMDSv1 in, the classic way to steal a role's credentials.",
        ),
        Attribute(
            name="metadata_options.http_put_response_hop_limit",
            wire="MetadataOptions.HttpPutResponseHopLimit",
            declared=known("metadata_options.http_put_response_hop_limit"),
            kind=INTEGER,
        ),
        Attribute(
            name="metadata_options.http_protocol_ipv6",
            wire="MetadataOptions.HttpProtocolIpv6",
            kind=WORD,
            default="disabled",
            default_source=f"{_API}API_InstanceMetadataOptionsRequest.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="metadata_options.instance_metadata_tags",
            wire="MetadataOptions.InstanceMetadataTags",
            kind=WORD,
            default="disabled",
            default_source=f"{_API}API_InstanceMetadataOptionsRequest.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="disable_api_termination",
            wire="DisableApiTermination.Value",
            kind=BOOLEAN,
            severity=Severity.MEDIUM,
        ),
        Attribute(name="disable_api_stop", wire="DisableApiStop.Value", kind=BOOLEAN),
        Attribute(
            name="instance_initiated_shutdown_behavior",
            wire="InstanceInitiatedShutdownBehavior.Value",
            kind=WORD,
            default="stop",
            default_source=f"{_API}API_RunInstances.html",
        ),
        *block_devices.block_device_attributes(),
        Attribute(name="monitoring", wire=_monitored, needs=("Monitoring",), kind=BOOLEAN),
        Attribute(name="ebs_optimized", wire="EbsOptimized", kind=BOOLEAN, severity=Severity.LOW),
        Attribute(
            name="credit_specification.cpu_credits",
            wire=_cpu_credits,
            needs=("CpuCredits", "InstanceType"),
            declared=known("credit_specification.cpu_credits"),
            kind=WORD,
            severity=Severity.LOW,
        ),
        Attribute(
            name="availability_zone",
            wire="Placement.AvailabilityZone",
            kind=TEXT,
            forces_replacement=True,
        ),
        Attribute(name="tenancy", wire="Placement.Tenancy", kind=WORD),
        Attribute(name="host_id", wire="Placement.HostId", kind=TEXT),
        Attribute(name="host_resource_group_arn", wire="Placement.HostResourceGroupArn", kind=TEXT),
        Attribute(name="placement_group", wire="Placement.GroupName", kind=TEXT),
        Attribute(name="placement_group_id", wire="Placement.GroupId", kind=TEXT),
        Attribute(
            name="placement_partition_number", wire="Placement.PartitionNumber", kind=INTEGER
        ),
        Attribute(
            name="capacity_reservation_specification.capacity_reservation_preference",
            wire="CapacityReservationSpecification.CapacityReservationPreference",
            kind=WORD,
            default="open",
            default_source=f"{_API}API_CapacityReservationSpecification.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="capacity_reservation_specification.capacity_reservation_target"
            ".capacity_reservation_id",
            wire="CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId",
            kind=TEXT,
            severity=Severity.LOW,
        ),
        Attribute(
            name="capacity_reservation_specification.capacity_reservation_target"
            ".capacity_reservation_resource_group_arn",
            wire="CapacityReservationSpecification.CapacityReservationTarget"
            ".CapacityReservationResourceGroupArn",
            kind=TEXT,
            severity=Severity.LOW,
        ),
        Attribute(
            name="cpu_core_count",
            wire="CpuOptions.CoreCount",
            declared=known("cpu_core_count"),
            kind=INTEGER,
        ),
        Attribute(
            name="cpu_threads_per_core",
            wire="CpuOptions.ThreadsPerCore",
            declared=known("cpu_threads_per_core"),
            kind=INTEGER,
        ),
        Attribute(
            name="cpu_options.core_count",
            wire="CpuOptions.CoreCount",
            declared=known("cpu_options.core_count"),
            kind=INTEGER,
        ),
        Attribute(
            name="cpu_options.threads_per_core",
            wire="CpuOptions.ThreadsPerCore",
            declared=known("cpu_options.threads_per_core"),
            kind=INTEGER,
        ),
        Attribute(
            name="cpu_options.amd_sev_snp",
            wire="CpuOptions.AmdSevSnp",
            declared=known("cpu_options.amd_sev_snp"),
            kind=WORD,
            default="disabled",
            default_source=f"{_API}API_CpuOptionsRequest.html",
        ),
        Attribute(
            name="cpu_options.nested_virtualization",
            wire="CpuOptions.NestedVirtualization",
            declared=known("cpu_options.nested_virtualization"),
            kind=WORD,
            default="disabled",
            default_source=f"{_API}API_CpuOptionsRequest.html",
        ),
        Attribute(
            name="enclave_options.enabled",
            wire="EnclaveOptions.Enabled",
            kind=BOOLEAN,
            forces_replacement=True,
        ),
        Attribute(
            name="hibernation",
            wire="HibernationOptions.Configured",
            kind=BOOLEAN,
            forces_replacement=True,
            severity=Severity.LOW,
        ),
        Attribute(
            name="maintenance_options.auto_recovery",
            wire="MaintenanceOptions.AutoRecovery",
            kind=WORD,
            default="default",
            default_source=f"{_API}API_InstanceMaintenanceOptionsRequest.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="private_dns_name_options.hostname_type",
            wire="PrivateDnsNameOptions.HostnameType",
            declared=known("private_dns_name_options.hostname_type"),
            kind=WORD,
            severity=Severity.LOW,
        ),
        Attribute(
            name="private_dns_name_options.enable_resource_name_dns_a_record",
            wire="PrivateDnsNameOptions.EnableResourceNameDnsARecord",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="private_dns_name_options.enable_resource_name_dns_aaaa_record",
            wire="PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "region": "identity",
        "outpost_arn": "computed: where it was launched",
        "primary_network_interface_id": "computed: an instance keeps its primary interface",
        "instance_state": "computed: running it is `aws_ec2_instance_state`'s",
        "instance_lifecycle": "computed",
        "spot_instance_request_id": "computed",
        "private_dns": "computed",
        "public_dns": "computed: AWS gives another one at each start",
        "public_ip": "computed: AWS gives another one at each start",
        "password_data": "computed, and a secret",
        "ipv6_address_count": "compared as `ipv6_addresses`",
        "instance_market_options": "used at launch and not changeable",
        "launch_template": "used at launch; AWS does not show what became of it",
        "ephemeral_block_device": "used at launch; AWS does not show it",
        "secondary_network_interface": "used at launch and not changeable",
        "get_password_data": "configuration only",
        "user_data_replace_on_change": "configuration only",
        "force_destroy": "configuration only",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
