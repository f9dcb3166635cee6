"""Subnets, the ones that other accounts share with this one included.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
"""

from __future__ import annotations

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.live.sharing import owned_item


class Subnets:
    """Subnets by id, each with ``SharedBy``."""

    name = "ec2.subnets"
    is_global = False
    permissions = ("ec2:DescribeSubnets",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call."""
        subnets = reader.pages("ec2", "DescribeSubnets", "Subnets")
        items = {
            str(subnet["SubnetId"]): owned_item(reader, subnet, "SubnetId")
            for subnet in subnets.items
        }
        return Listing(items=items, failure=subnets.failure)
