"""CloudWatch Logs groups: DescribeLogGroups says all but their tags.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html
"""

from __future__ import annotations

from driftguard.live.in_detail import Detail, Raw, read_in_detail
from driftguard.live.reader import Listing, Reader, Wanted

_LIMIT = 50  # AWS's own maximum for one page


def _arn(name: str, listed: Raw) -> Raw:
    """Return the ARN that tags hang on: without the ``:*`` that stands for the streams."""
    return {"resourceArn": str(listed.get("arn") or "").removesuffix(":*")}


_DETAILS = (
    Detail(
        key="Tags",
        operation="ListTagsForResource",
        params=_arn,
        absent=("ResourceNotFoundException",),
        inside="tags",
    ),
)


class LogGroups:
    """Log groups by name; declared ones have the key ``Tags``."""

    name = "logs.log_groups"
    is_global = False
    permissions = ("logs:DescribeLogGroups", "logs:ListTagsForResource")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List once; then one call for each declared group."""
        found = reader.pages("logs", "DescribeLogGroups", "logGroups", {"limit": _LIMIT})
        listed = {str(group["logGroupName"]): group for group in found.items}
        return read_in_detail(reader, "logs", listed, found.failure, wanted.ids, _DETAILS)
