"""An SNS topic with its access policy, encryption and delivery settings.

A topic always has a policy: AWS's own (``__default_policy_ID``) stands in the
state as computed, so a policy widened by hand differs from it. A data
protection policy is a resource of another type and is not read.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic
https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.document import JsonDocument
from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, Kind
from driftguard.model import Declared, Severity
from driftguard.parts.own_names import reference_attribute
from driftguard.parts.sns_topic import COLLECTION, policy_attribute
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType

_API = "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"
_ENDPOINTS = {
    "application": "Application",
    "firehose": "Firehose",
    "http": "HTTP",
    "lambda": "Lambda",
    "sqs": "SQS",
}


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("arn") or declared.id)


def _signature_version(attributes: Mapping[str, object]) -> object:
    """Return the version; the provider writes 0 where AWS did not say one."""
    if "signature_version" not in attributes:
        return UNSET
    return attributes["signature_version"] or None


def _setting(
    name: str, wire: str, kind: Kind = TEXT, severity: Severity = Severity.LOW
) -> Attribute:
    return Attribute(name=name, wire=f"Attributes.{wire}", kind=kind, severity=severity)


def _feedback() -> tuple[Attribute, ...]:
    """Return where the delivery status is logged to, for each kind of endpoint."""
    return tuple(
        attribute
        for name, wire in _ENDPOINTS.items()
        for attribute in (
            _setting(f"{name}_failure_feedback_role_arn", f"{wire}FailureFeedbackRoleArn"),
            _setting(f"{name}_success_feedback_role_arn", f"{wire}SuccessFeedbackRoleArn"),
            _setting(
                f"{name}_success_feedback_sample_rate",
                f"{wire}SuccessFeedbackSampleRate",
                INTEGER,
            ),
        )
    )


TYPE = ResourceType(
    name="aws_sns_topic",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    attributes=(
        policy_attribute(part=True),
        reference_attribute(
            "kms_master_key_id",
            ("Attributes.KmsMasterKeyId",),
            "Attributes.TopicArn",
            Severity.HIGH,
        ),
        _setting("display_name", "DisplayName"),
        _setting("delivery_policy", "DeliveryPolicy", JsonDocument(stringly=True), Severity.MEDIUM),
        _setting("archive_policy", "ArchivePolicy", JsonDocument(stringly=True), Severity.MEDIUM),
        Attribute(
            name="fifo_topic",
            wire="Attributes.FifoTopic",
            kind=BOOLEAN,
            forces_replacement=True,
        ),
        _setting("content_based_deduplication", "ContentBasedDeduplication", BOOLEAN),
        _setting("fifo_throughput_scope", "FifoThroughputScope"),
        Attribute(
            name="signature_version",
            wire="Attributes.SignatureVersion",
            kind=INTEGER,
            declared=_signature_version,
            default=1,
            default_source=_API,
        ),
        Attribute(
            name="tracing_config",
            wire="Attributes.TracingConfig",
            kind=TEXT,
            severity=Severity.LOW,
            default="PassThrough",
            default_source=_API,
        ),
        *_feedback(),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "name_prefix": "configuration only: `name` holds what it made",
        "owner": "computed",
        "beginning_archive_time": "computed",
        "region": "identity",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
