"""SQS queues: listed in bulk, read in detail only where declared.

ListQueues gives URLs whose host depends on the endpoint that was asked, so a
queue's id here is ``account/name``. It pages only where MaxResults is given,
and without it silently stops at 1,000 queues.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from driftguard.canonical.references import queue_id
from driftguard.live.in_detail import Detail, Raw, read_in_detail
from driftguard.live.reader import Listing, Reader, Wanted

MAX_RESULTS = 1000
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


class Queues:
    """Queues by ``account/name``; declared ones have the keys ``Attributes`` and ``Tags``."""

    name = "sqs.queues"
    is_global = False
    permissions = ("sqs:ListQueues", "sqs:GetQueueAttributes", "sqs:ListQueueTags")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List once; then two calls for each declared queue."""
        found = reader.pages("sqs", "ListQueues", "QueueUrls", {"MaxResults": MAX_RESULTS})
        urls = [str(one.get("")) for one in found.items]
        listed = {queue_id(url) or url: {"QueueUrl": url} for url in urls}
        return read_in_detail(reader, "sqs", listed, found.failure, wanted.ids, _details(reader))


def _details(reader: Reader) -> tuple[Detail, ...]:
    domain = "amazonaws.com.cn" if reader.partition == "aws-cn" else "amazonaws.com"

    def url(queue: str, listed: Raw) -> Raw:
        # SQS looks at the path alone, so a queue that isn't listed has a URL, too.
        made = f"https://sqs.{reader.scope.region}.{domain}/{queue}"
        return {"QueueUrl": listed.get("QueueUrl") or made}

    return (
        Detail(
            key="Attributes",
            operation="GetQueueAttributes",
            params=lambda queue, listed: {**url(queue, listed), "AttributeNames": ["All"]},
            absent=_GONE,
            inside="Attributes",
            must=True,
            proves=True,
        ),
        Detail(key="Tags", operation="ListQueueTags", params=url, absent=_GONE, inside="Tags"),
    )
