"""SQS queues and their policies."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, found, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
)
from tests.terraform_provider.wire import Values

_GONE = "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"
_NUMBERS = {
    "delay_seconds": "DelaySeconds",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "max_message_size": "MaximumMessageSize",
    "message_retention_seconds": "MessageRetentionPeriod",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "visibility_timeout_seconds": "VisibilityTimeout",
}
_TEXTS = {
    "deduplication_scope": "DeduplicationScope",
    "fifo_throughput_limit": "FifoThroughputLimit",
    "kms_master_key_id": "KmsMasterKeyId",
}
_DOCUMENTS = {
    "policy": "Policy",
    "redrive_allow_policy": "RedriveAllowPolicy",
    "redrive_policy": "RedrivePolicy",
}
_BOOLEANS = {
    "content_based_deduplication": "ContentBasedDeduplication",
    "fifo_queue": "FifoQueue",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
}


def queue_attributes(aws: Aws, url: str) -> dict[str, str] | None:
    """Return what SQS says of a queue, or None."""
    answer: Any = found(
        lambda: aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), *_GONE
    )
    return answer and dict(answer["Attributes"])


class Queue:
    name = "aws_sqs_queue"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "content_based_deduplication": optional(BOOL, default=False),
        "deduplication_scope": either(),
        "delay_seconds": optional(NUMBER, default=0),
        "fifo_queue": optional(BOOL, default=False),
        "fifo_throughput_limit": either(),
        "kms_data_key_reuse_period_seconds": either(NUMBER),
        "kms_master_key_id": optional(),
        "max_message_size": optional(NUMBER, default=262144),
        "message_retention_seconds": optional(NUMBER, default=345600),
        "name": either(),
        "name_prefix": either(),
        "policy": either(),
        "receive_wait_time_seconds": optional(NUMBER, default=0),
        "redrive_allow_policy": either(),
        "redrive_policy": either(),
        "sqs_managed_sse_enabled": either(BOOL),
        "url": computed(),
        "visibility_timeout_seconds": optional(NUMBER, default=30),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = {
            wire: str(int(wanted[name]))
            for name, wire in _NUMBERS.items()
            if wanted[name] is not None
        }
        texts = {**_TEXTS, **_DOCUMENTS}
        asked |= {wire: wanted[name] for name, wire in texts.items() if wanted[name]}
        asked |= {w: str(wanted[n]).lower() for n, w in _BOOLEANS.items() if wanted[n]}
        made = aws.sqs.create_queue(
            QueueName=wanted["name"], Attributes=asked, tags=wanted["tags_all"] or {}
        )
        return str(made["QueueUrl"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        url = state["id"]
        live = queue_attributes(aws, url)
        if live is None:
            return None
        tags = aws.sqs.list_queue_tags(QueueUrl=url).get("Tags") or {}
        return {
            **{n: int(live.get(w, 300)) for n, w in _NUMBERS.items()},
            **{n: live.get(w, "") for n, w in _TEXTS.items()},
            **{n: live.get(w) == "true" for n, w in _BOOLEANS.items()},
            **{n: _document(state.get(n), live.get(w)) for n, w in _DOCUMENTS.items()},
            "arn": live["QueueArn"],
            "name": live["QueueArn"].rpartition(":")[2],
            "name_prefix": "",
            "url": url,
            **aws.tags(tags),
        }


def _document(declared: object, live: str | None) -> str:
    return str(same_document(declared, live)) if live else ""


class QueuePolicy:
    name = "aws_sqs_queue_policy"
    schema: ClassVar[Schema] = {**ID, "policy": required(), "queue_url": required()}

    def create(self, aws: Aws, wanted: Values) -> str:
        url = wanted["queue_url"]
        aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": wanted["policy"]})
        return str(url)

    def read(self, aws: Aws, state: Values) -> Values | None:
        live = queue_attributes(aws, state["id"])
        policy = live and live.get("Policy")
        return {"policy": same_document(state["policy"], policy)} if policy else None


RESOURCES = (Queue(), QueuePolicy())
