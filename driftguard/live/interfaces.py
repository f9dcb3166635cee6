"""What an EC2 network interface says of exposure: its groups, its instance, its addresses. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

Raw: TypeAlias = "Mapping[str, object]"

_NOT_PUBLIC = tuple(ipaddress.IPv6Network(one) for one in ("fc00::/7", "fe80::/10"))
"""IPv6 that no gateway routes: a VPC may have unique local addresses.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One interface, as far as exposure goes."""

    groups: frozenset[str]
    instance: str
    """Empty where it is attached to none, or to something of AWS's own (a load balancer)."""
    public: frozenset[str]
    """Public IPv4 and IPv6 addresses and IPv6 prefixes."""
    subnet: str
    vpc: str


def interface_of(raw: Raw) -> Interface:
    """Return an interface from AWS's answer. May raise for an answer of another shape."""
    attachment = cast("Raw", raw.get("Attachment") or {})
    return Interface(
        groups=frozenset(str(one["GroupId"]) for one in _each(raw, "Groups")),
        instance=str(attachment.get("InstanceId") or ""),
        public=frozenset((*_ipv4(raw), *_ipv6(raw))),
        subnet=str(raw["SubnetId"]),
        vpc=str(raw["VpcId"]),
    )


def _ipv4(raw: Raw) -> Iterator[str]:
    """Yield the public address of the interface, and of each of its further private ones."""
    for one in (raw, *_each(raw, "PrivateIpAddresses")):
        association = cast("Raw", one.get("Association") or {})
        if association.get("PublicIp"):
            yield str(association["PublicIp"])


def _ipv6(raw: Raw) -> Iterator[str]:
    told = [one["Ipv6Address"] for one in _each(raw, "Ipv6Addresses")]
    told += [one["Ipv6Prefix"] for one in _each(raw, "Ipv6Prefixes")]
    for text in told:
        network = ipaddress.IPv6Network(str(text), strict=False)
        if not any(network.subnet_of(one) for one in _NOT_PUBLIC):
            yield str(network)


def _each(raw: Raw, key: str) -> Iterable[Raw]:
    return cast("Iterable[Raw]", raw.get(key) or ())
