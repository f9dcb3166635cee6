"""The network interfaces of an instance: the primary one, and the ones declared in blocks.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterface.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, Blocks, Cidr, SetOf
from driftguard.model import Severity
from driftguard.parts.shapes import an_object, objects
from driftguard.resource_type import UNSET, Attribute

Raw = Mapping[str, object]

_INTERFACES = "NetworkInterfaces"
_BLOCKS = Blocks(
    fields={
        "device_index": INTEGER,
        "network_card_index": INTEGER,
        "network_interface_id": TEXT,
        "delete_on_termination": BOOLEAN,
    },
    key=("device_index", "network_card_index"),
)


def interface_attributes() -> Iterator[Attribute]:
    """Yield what an instance declares of its interfaces and their addresses."""
    yield Attribute(
        name="vpc_security_group_ids",
        wire=_group_ids,
        needs=("SecurityGroups", _INTERFACES),
        kind=SetOf(),
        severity=Severity.HIGH,
        note="The primary interface's groups.",
    )
    yield Attribute(
        name="security_groups",
        wire=lambda raw: [group.get("GroupName") for group in _groups(raw)],
        needs=("SecurityGroups", _INTERFACES),
        declared=_group_names,
        kind=SetOf(),
        severity=Severity.HIGH,
        note="By name, only where `vpc_security_group_ids` is empty (EC2-Classic).",
    )
    yield Attribute(
        name="source_dest_check",
        wire=_source_dest_check,
        needs=("SourceDestCheck", _INTERFACES),
        kind=BOOLEAN,
        severity=Severity.MEDIUM,
    )
    yield Attribute(
        name="associate_public_ip_address",
        wire=_has_public_address,
        needs=(_INTERFACES,),
        kind=BOOLEAN,
        severity=Severity.HIGH,
        accept=_address_released,
        note="An address of Amazon's pool; an Elastic IP is a resource of its own.",
    )
    yield Attribute(
        name="secondary_private_ips", wire=_secondary_ips, needs=(_INTERFACES,), kind=SetOf()
    )
    yield Attribute(
        name="ipv6_addresses",
        wire=lambda raw: [address.get("Ipv6Address") for address in _ipv6(raw)],
        needs=(_INTERFACES,),
        kind=SetOf(kind=Cidr()),
    )
    yield Attribute(
        name="enable_primary_ipv6",
        wire=lambda raw: any(address.get("IsPrimaryIpv6") for address in _ipv6(raw)),
        needs=(_INTERFACES,),
        kind=BOOLEAN,
        severity=Severity.LOW,
    )
    yield Attribute(
        name="network_interface",
        wire="DeclaredInterfaces",
        needs=(_INTERFACES,),
        declared=lambda attributes: attributes.get("network_interface") or UNSET,
        kind=_BLOCKS,
        note="The interfaces at the declared device indexes; others are attached by others.",
    )
    yield Attribute(
        name="primary_network_interface.delete_on_termination",
        wire=lambda raw: _attachment(primary(raw)).get("DeleteOnTermination"),
        needs=(_INTERFACES,),
        declared=_in_primary,
        kind=BOOLEAN,
        severity=Severity.LOW,
    )


def _in_primary(attributes: Raw) -> object:
    blocks = objects(attributes.get("primary_network_interface"))
    return blocks[0].get("delete_on_termination") if blocks else UNSET


def located(attributes: Raw, raw: Raw) -> Raw:
    """Return the live item with the interfaces that its declaration asks about."""
    asked = {_place(block) for block in objects(attributes.get("network_interface"))}
    shown = [_block(interface) for interface in _interfaces(raw)]
    return {**raw, "DeclaredInterfaces": [block for block in shown if _place(block) in asked]}


def _place(block: Raw) -> tuple[object, object]:
    return INTEGER.canonical(block.get("device_index")), INTEGER.canonical(
        block.get("network_card_index")
    )


def _block(interface: Raw) -> Raw:
    attachment = _attachment(interface)
    return {
        "device_index": attachment.get("DeviceIndex"),
        "network_card_index": attachment.get("NetworkCardIndex"),
        "network_interface_id": interface.get("NetworkInterfaceId"),
        "delete_on_termination": attachment.get("DeleteOnTermination"),
    }


def _interfaces(raw: Raw) -> list[Raw]:
    return objects(raw.get(_INTERFACES))


def _attachment(interface: Raw) -> Raw:
    return an_object(interface.get("Attachment"))


def primary(raw: Raw) -> Raw:
    """Return the interface with device index 0 on the first card; empty where there is none."""
    found = (one for one in _interfaces(raw) if _place(_block(one)) == (0, 0))
    return next(found, {})


def _groups(raw: Raw) -> list[Raw]:
    """Return the instance's own list; an empty one is no reason to look elsewhere."""
    own = raw.get("SecurityGroups")
    return objects(primary(raw).get("Groups") if own is None else own)


def _group_ids(raw: Raw) -> object:
    return [group.get("GroupId") for group in _groups(raw)]


def _group_names(attributes: Raw) -> object:
    if attributes.get("vpc_security_group_ids"):
        return UNSET  # the names only mirror the ids
    return attributes.get("security_groups") or UNSET


def _source_dest_check(raw: Raw) -> object:
    """AWS leaves it out of an instance with several interfaces; then the primary one's counts."""
    value = raw.get("SourceDestCheck")
    return primary(raw).get("SourceDestCheck", True) if value is None else value


def _has_public_address(raw: Raw) -> object:
    association = an_object(primary(raw).get("Association"))
    return association.get("IpOwnerId") == "amazon"


def _address_released(attributes: Raw, declared: object, live: object) -> str | None:
    """AWS takes the address back while the instance is stopped or has an Elastic IP.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    if declared is True and live is False:
        return "AWS releases the address when the instance stops or gets an Elastic IP"
    return None


def _ipv6(raw: Raw) -> list[Raw]:
    return objects(primary(raw).get("Ipv6Addresses"))


def _secondary_ips(raw: Raw) -> object:
    addresses = objects(primary(raw).get("PrivateIpAddresses"))
    return [one.get("PrivateIpAddress") for one in addresses if not one.get("Primary")]
