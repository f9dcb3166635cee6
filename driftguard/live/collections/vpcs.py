"""VPCs, shared ones included; their switches exist only one call per VPC and attribute.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html
"""

from __future__ import annotations

from driftguard.live.ec2_details import Detail, Details
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.live.sharing import owned_item

_DETAILS = tuple(
    Detail(
        operation="DescribeVpcAttribute",
        id_parameter="VpcId",
        attribute=key[0].lower() + key[1:],
        key=key,
    )
    for key in ("EnableDnsHostnames", "EnableDnsSupport", "EnableNetworkAddressUsageMetrics")
)


class Vpcs:
    """VPCs by id, each with its switches under their own keys, and ``SharedBy``."""

    name = "ec2.vpcs"
    is_global = False
    permissions = ("ec2:DescribeVpcAttribute", "ec2:DescribeVpcs")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call, then three calls for each declared VPC."""
        vpcs = reader.pages("ec2", "DescribeVpcs", "Vpcs")
        items = {str(vpc["VpcId"]): owned_item(reader, vpc, "VpcId") for vpc in vpcs.items}
        details = Details()
        declared = items.keys() & wanted.ids
        for detail in _DETAILS if declared else ():
            details.ask(reader, detail, declared, among=len(items))
        items |= {one: details.add_to(items[one]) for one in declared}
        return Listing(items=items, failure=vpcs.failure)
