"""A CloudTrail trail: whether it logs, what, and where to.

A trail stopped or deleted by hand is what somebody does who wants no witnesses,
so both are critical. A trail is compared in its home region; its replicas in
other regions and an organization's trail seen from a member account are not
trails of their own.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, TEXT, Boolean
from driftguard.model import Declared, Item, Severity
from driftguard.parts.event_selectors import selector_attributes
from driftguard.parts.own_names import reference_attribute
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType


def _identify(declared: Declared) -> str:
    """Return the ARN; before version 5.45 of the provider, ``id`` was the name."""
    references = (declared.attributes.get("arn"), declared.id)
    return next((str(one) for one in references if str(one or "").startswith("arn:")), "")


def _is_no_replica(item: Item) -> bool:
    return item.raw.get("Shadow") != "region"


def _of_the_organization(item: Item) -> str | None:
    if item.raw.get("Shadow") == "organization":
        return "the organization's trail, which belongs to another account"
    return None


def _log_group(value: object) -> object:
    """Return a log group's ARN without the ``:*`` that stands for its streams."""
    return value.removesuffix(":*") if isinstance(value, str) else value


def _declared_log_group(attributes: Mapping[str, object]) -> object:
    return _log_group(attributes.get("cloud_watch_logs_group_arn", UNSET))


TYPE = ResourceType(
    name="aws_cloudtrail",
    collection="cloudtrail.trails",
    identify=_identify,
    severity=Severity.HIGH,
    severity_missing=Severity.CRITICAL,
    severity_unmanaged=Severity.MEDIUM,
    unmanaged=_is_no_replica,
    aws_default=_of_the_organization,
    describe=("s3_bucket_name", "is_multi_region_trail", "is_organization_trail"),
    attributes=(
        Attribute(
            name="enable_logging",
            wire="Status.IsLogging",
            kind=Boolean(nothing=None),
            severity=Severity.CRITICAL,
        ),
        Attribute(name="s3_bucket_name", wire="S3BucketName", kind=TEXT),
        Attribute(name="s3_key_prefix", wire="S3KeyPrefix", kind=TEXT, severity=Severity.MEDIUM),
        Attribute(
            name="include_global_service_events", wire="IncludeGlobalServiceEvents", kind=BOOLEAN
        ),
        Attribute(name="is_multi_region_trail", wire="IsMultiRegionTrail", kind=BOOLEAN),
        Attribute(name="is_organization_trail", wire="IsOrganizationTrail", kind=BOOLEAN),
        Attribute(name="enable_log_file_validation", wire="LogFileValidationEnabled", kind=BOOLEAN),
        reference_attribute("kms_key_id", ("KmsKeyId",), "TrailARN", Severity.HIGH),
        Attribute(
            name="cloud_watch_logs_group_arn",
            wire=lambda raw: _log_group(raw.get("CloudWatchLogsLogGroupArn")),
            declared=_declared_log_group,
            kind=TEXT,
        ),
        Attribute(
            name="cloud_watch_logs_role_arn",
            wire="CloudWatchLogsRoleArn",
            kind=TEXT,
            severity=Severity.MEDIUM,
        ),
        reference_attribute(
            "sns_topic_name", ("SnsTopicARN", "SnsTopicName"), "TrailARN", Severity.MEDIUM
        ),
        *selector_attributes(),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "home_region": "identity",
        "region": "identity",
        "sns_topic_arn": "compared as `sns_topic_name`",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
