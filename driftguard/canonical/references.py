"""Names that AWS spells in several ways: queue URLs, and ARNs against the names inside them."""

from __future__ import annotations

from urllib.parse import urlsplit

_ARN_PARTS = 6  # arn:partition:service:region:account:resource


def queue_id(reference: str) -> str:
    """Return ``account/name`` for a queue's URL or ARN; "" where it is neither.

    The host tells only which endpoint was asked: ``sqs.us-east-2.amazonaws.com``
    and the older ``us-east-2.queue.amazonaws.com`` name the same queue.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    """
    arn = reference.split(":")
    if arn[0] == "arn":
        return f"{arn[4]}/{arn[5]}" if len(arn) == _ARN_PARTS else ""
    try:
        path = urlsplit(reference).path
    except ValueError:
        return ""
    account, _, name = path.strip("/").rpartition("/")
    return f"{account.rpartition('/')[2]}/{name}" if account and name else ""


def local_name(reference: object, own_arn: object) -> object:
    """Return the name in an ARN of the account and region that ``own_arn`` lies in.

    AWS takes a name there for such an ARN (``alias/queues``, a key's id, a
    topic's name). An ARN of another account or region stays whole: a key with
    the same alias in a foreign account is another key.
    """
    if not isinstance(reference, str) or not isinstance(own_arn, str):
        return reference
    theirs, ours = reference.split(":", 5), own_arn.split(":", 5)
    if len(theirs) != _ARN_PARTS or len(ours) != _ARN_PARTS or theirs[0] != "arn":
        return reference
    if (theirs[1], *theirs[3:5]) != (ours[1], *ours[3:5]):
        return reference
    return theirs[5].removeprefix("key/")
