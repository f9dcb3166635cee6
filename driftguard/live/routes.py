"""Which subnets lead to an internet gateway, by the route tables of a scope. Pure.

A subnet is public where the table associated with it, or else its VPC's main
table, has a route to an internet gateway.
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

Raw: TypeAlias = "Mapping[str, object]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """For each subnet with a table of its own, and each VPC's main table: is it public."""

    of_subnets: Mapping[str, bool]
    of_vpcs: Mapping[str, bool]

    def is_public(self, subnet: str, vpc: str) -> bool | None:
        """Tell whether a subnet leads to an internet gateway; None where no table says so."""
        return self.of_subnets.get(subnet, self.of_vpcs.get(vpc))


def routes_of(tables: Iterable[Raw]) -> Routes:
    """Return what DescribeRouteTables says, table by table."""
    subnets: dict[str, bool] = {}
    vpcs: dict[str, bool] = {}
    for table in tables:
        public = any(_leads_out(route) for route in _each(table, "Routes"))
        for association in _each(table, "Associations"):
            if association.get("SubnetId"):
                subnets[str(association["SubnetId"])] = public
            elif association.get("Main") is True:
                vpcs[str(table.get("VpcId"))] = public
    return Routes(of_subnets=subnets, of_vpcs=vpcs)


def _leads_out(route: Raw) -> bool:
    """Tell whether a route ends at an internet gateway that is there (else it is a blackhole)."""
    return (
        str(route.get("GatewayId") or "").startswith("igw-") and route.get("State") != "blackhole"
    )


def _each(raw: Raw, key: str) -> Iterable[Raw]:
    return cast("Iterable[Raw]", raw.get(key) or ())
