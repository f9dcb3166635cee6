"""SNS topics: listed in bulk, read in detail only where declared.

https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html
https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
"""

from __future__ import annotations

from driftguard.live.in_detail import Detail, read_in_detail
from driftguard.live.reader import Listing, Reader, Wanted

_DETAILS = (
    Detail(
        key="Attributes",
        operation="GetTopicAttributes",
        params=lambda arn, listed: {"TopicArn": arn},
        absent=("NotFound", "NotFoundException"),
        inside="Attributes",
        must=True,
        proves=True,
    ),
    Detail(
        key="Tags",
        operation="ListTagsForResource",
        params=lambda arn, listed: {"ResourceArn": arn},
        absent=("ResourceNotFound", "ResourceNotFoundException"),
        inside="Tags",
    ),
)


class Topics:
    """Topics by ARN; declared ones have the keys ``Attributes`` and ``Tags``."""

    name = "sns.topics"
    is_global = False
    permissions = ("sns:ListTopics", "sns:GetTopicAttributes", "sns:ListTagsForResource")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List once; then two calls for each declared topic."""
        found = reader.pages("sns", "ListTopics", "Topics")
        listed = {str(topic["TopicArn"]): topic for topic in found.items}
        return read_in_detail(reader, "sns", listed, found.failure, wanted.ids, _DETAILS)
