"""A VPC with its address blocks and its DNS switches.

A region's default VPC, and one that another account shares, are not unmanaged.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from driftguard.canonical.kinds import BOOLEAN, TEXT, WORD, Cidr
from driftguard.model import Declared, Item, Severity
from driftguard.parts.networks import ipv6_association, shared
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType

Raw = Mapping[str, object]

_IPV6_OWNERS = {"aws_vpc_ipv6_cidr_block_association": "vpc_id"}


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _locate(declared: Declared, item: Item) -> Item:
    """Choose the IPv6 block the state speaks of; a VPC may have several."""
    wanted = str(declared.attributes.get("ipv6_association_id") or "")
    return replace(item, raw={**item.raw, "Ipv6": ipv6_association(item.raw, wanted)})


def _made_by_aws(item: Item) -> str | None:
    return "the region's default VPC" if item.raw.get("IsDefault") else shared(item)


def _by_amazon(raw: Raw) -> object:
    block = raw.get("Ipv6")
    return isinstance(block, Mapping) and block.get("Ipv6Pool") == "Amazon"


def _where_ipv6(name: str) -> Callable[[Raw], object]:
    """Return how to read a detail of the IPv6 block; the provider leaves it null without one."""
    return lambda attributes: attributes.get(name) or UNSET


TYPE = ResourceType(
    name="aws_vpc",
    collection="ec2.vpcs",
    identify=_identify,
    locate=_locate,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.MEDIUM,
    aws_default=_made_by_aws,
    adopted_by={"aws_default_vpc": "id"},
    describe=("cidr_block", "tags"),
    attributes=(
        Attribute(name="cidr_block", wire="CidrBlock", kind=Cidr(), forces_replacement=True),
        Attribute(name="instance_tenancy", wire="InstanceTenancy", kind=WORD),
        Attribute(name="enable_dns_support", wire="EnableDnsSupport.Value", kind=BOOLEAN),
        Attribute(name="enable_dns_hostnames", wire="EnableDnsHostnames.Value", kind=BOOLEAN),
        Attribute(
            name="enable_network_address_usage_metrics",
            wire="EnableNetworkAddressUsageMetrics.Value",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="assign_generated_ipv6_cidr_block",
            wire=_by_amazon,
            needs=("Ipv6CidrBlockAssociationSet",),
            kind=BOOLEAN,
            part=True,
            owned_by=_IPV6_OWNERS,
        ),
        Attribute(
            name="ipv6_cidr_block",
            wire="Ipv6.Ipv6CidrBlock",
            needs=("Ipv6CidrBlockAssociationSet",),
            kind=Cidr(),
            part=True,
            owned_by=_IPV6_OWNERS,
        ),
        Attribute(
            name="ipv6_cidr_block_network_border_group",
            wire="Ipv6.NetworkBorderGroup",
            needs=("Ipv6CidrBlockAssociationSet",),
            declared=_where_ipv6("ipv6_cidr_block_network_border_group"),
            kind=TEXT,
        ),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "owner_id": "identity",
        "region": "identity",
        "default_network_acl_id": "computed",
        "default_route_table_id": "computed",
        "default_security_group_id": "computed",
        "dhcp_options_id": "computed: `aws_vpc_dhcp_options_association` declares it",
        "ipv6_association_id": "computed",
        "main_route_table_id": "computed: `aws_main_route_table_association` declares it",
        "ipv4_ipam_pool_id": "used when the address block is chosen, not shown after",
        "ipv4_netmask_length": "used when the address block is chosen, not shown after",
        "ipv6_ipam_pool_id": "used when the address block is chosen",
        "ipv6_netmask_length": "compared as `ipv6_cidr_block`",
        "enable_classiclink": "retired by AWS with EC2-Classic",
        "enable_classiclink_dns_support": "retired by AWS with EC2-Classic",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
