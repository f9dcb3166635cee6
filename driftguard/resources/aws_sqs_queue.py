"""An SQS queue with its access policy, redrive policies and encryption.

A queue is known by account and name: the host in its URL depends on which
endpoint was asked. Where a resource of its own declares the policy or a redrive
policy, the queue's copy in the state is a mirror and is not compared.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue
"""

from __future__ import annotations

from driftguard.canonical.kinds import BOOLEAN, TEXT, Integer, Kind
from driftguard.model import Severity
from driftguard.parts.own_names import reference_attribute
from driftguard.parts.sqs_queue import COLLECTION, document_attributes, identify
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType

_API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
_SSE = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
    "sqs-configure-sqs-sse-queue.html"
)
_NUMBER = Integer(nothing=None)


def _setting(
    name: str,
    wire: str,
    kind: Kind,
    severity: Severity = Severity.LOW,
    *,
    default: object = UNSET,
    source: str = _API,
) -> Attribute:
    return Attribute(
        name=name,
        wire=f"Attributes.{wire}",
        kind=kind,
        severity=severity,
        default=default,
        default_source="" if default is UNSET else source,
    )


TYPE = ResourceType(
    name="aws_sqs_queue",
    collection=COLLECTION,
    identify=identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    attributes=(
        *document_attributes(),
        reference_attribute(
            "kms_master_key_id",
            ("Attributes.KmsMasterKeyId",),
            "Attributes.QueueArn",
            Severity.HIGH,
        ),
        _setting(
            "sqs_managed_sse_enabled",
            "SqsManagedSseEnabled",
            BOOLEAN,
            Severity.HIGH,
            default=True,
            source=_SSE,
        ),
        _setting(
            "kms_data_key_reuse_period_seconds",
            "KmsDataKeyReusePeriodSeconds",
            _NUMBER,
            default=300,
        ),
        _setting("visibility_timeout_seconds", "VisibilityTimeout", _NUMBER, default=30),
        _setting(
            "message_retention_seconds",
            "MessageRetentionPeriod",
            _NUMBER,
            Severity.MEDIUM,
            default=345_600,
        ),
        _setting("max_message_size", "MaximumMessageSize", _NUMBER, default=1_048_576),
        _setting("delay_seconds", "DelaySeconds", _NUMBER, default=0),
        _setting("receive_wait_time_seconds", "ReceiveMessageWaitTimeSeconds", _NUMBER, default=0),
        Attribute(
            name="fifo_queue",
            wire="Attributes.FifoQueue",
            kind=BOOLEAN,
            forces_replacement=True,
        ),
        _setting("content_based_deduplication", "ContentBasedDeduplication", BOOLEAN),
        _setting("deduplication_scope", "DeduplicationScope", TEXT, default="queue"),
        _setting("fifo_throughput_limit", "FifoThroughputLimit", TEXT, default="perQueue"),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "url": "identity",
        "name": "identity",
        "name_prefix": "configuration only: `name` holds what it made",
        "region": "identity",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
