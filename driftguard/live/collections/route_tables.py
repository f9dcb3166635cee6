"""Route tables: whether a subnet's way out is an internet gateway.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
"""

from __future__ import annotations

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item


class RouteTables:
    """Route tables by id, as AWS answers them."""

    name = "ec2.route_tables"
    is_global = False
    permissions = ("ec2:DescribeRouteTables",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call."""
        tables = reader.pages("ec2", "DescribeRouteTables", "RouteTables")
        items = {
            str(one["RouteTableId"]): Item(id=str(one["RouteTableId"]), raw=one)
            for one in tables.items
        }
        return Listing(items=items, failure=tables.failure)
