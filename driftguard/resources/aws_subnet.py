"""A subnet: its addresses, and what an instance started in it is given.

A default VPC's subnets, and ones that another account shares, are not unmanaged.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/subnet
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, WORD, Cidr
from driftguard.model import Declared, Item, Severity
from driftguard.parts.networks import ipv6_association, shared
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _made_by_aws(item: Item) -> str | None:
    return "a subnet of the region's default VPC" if item.raw.get("DefaultForAz") else shared(item)


def _ipv6(raw: Mapping[str, object]) -> object:
    association = ipv6_association(raw)
    return association.get("Ipv6CidrBlock") if association else None


TYPE = ResourceType(
    name="aws_subnet",
    collection="ec2.subnets",
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.LOW,
    aws_default=_made_by_aws,
    adopted_by={"aws_default_subnet": "id"},
    describe=("vpc_id", "cidr_block", "availability_zone", "map_public_ip_on_launch", "tags"),
    attributes=(
        Attribute(name="vpc_id", wire="VpcId", kind=TEXT, forces_replacement=True),
        Attribute(name="cidr_block", wire="CidrBlock", kind=Cidr(), forces_replacement=True),
        Attribute(
            name="availability_zone", wire="AvailabilityZone", kind=TEXT, forces_replacement=True
        ),
        Attribute(
            name="map_public_ip_on_launch",
            wire="MapPublicIpOnLaunch",
            kind=BOOLEAN,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="assign_ipv6_address_on_creation",
            wire="AssignIpv6AddressOnCreation",
            kind=BOOLEAN,
        ),
        Attribute(
            name="ipv6_cidr_block",
            wire=_ipv6,
            needs=("Ipv6CidrBlockAssociationSet",),
            kind=Cidr(),
        ),
        Attribute(name="ipv6_native", wire="Ipv6Native", kind=BOOLEAN, forces_replacement=True),
        Attribute(name="enable_dns64", wire="EnableDns64", kind=BOOLEAN),
        Attribute(
            name="private_dns_hostname_type_on_launch",
            wire="PrivateDnsNameOptionsOnLaunch.HostnameType",
            kind=WORD,
            default="ip-name",
            default_source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-settings.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="enable_resource_name_dns_a_record_on_launch",
            wire="PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="enable_resource_name_dns_aaaa_record_on_launch",
            wire="PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="map_customer_owned_ip_on_launch", wire="MapCustomerOwnedIpOnLaunch", kind=BOOLEAN
        ),
        Attribute(name="customer_owned_ipv4_pool", wire="CustomerOwnedIpv4Pool", kind=TEXT),
        Attribute(name="enable_lni_at_device_index", wire="EnableLniAtDeviceIndex", kind=INTEGER),
        Attribute(name="outpost_arn", wire="OutpostArn", kind=TEXT, forces_replacement=True),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "owner_id": "identity",
        "region": "identity",
        "availability_zone_id": "compared as `availability_zone`",
        "ipv6_cidr_block_association_id": "computed",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
