"""A CloudWatch Logs group: how long it keeps what, under which key.

AWS's services make log groups of their own on first use, under names that they
document. A log group grants nothing, so an undeclared one is worth no more than
a word, and one of a service's none at all unless asked for.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_log_group
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
"""

from __future__ import annotations

import re

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT
from driftguard.model import Declared, Item, Severity
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType

_SERVICES = re.compile(
    r"/aws/.+"  # Lambda, RDS, EKS, CodeBuild, vended logs and most others
    r"|/aws-glue/.+"
    r"|API-Gateway-Execution-Logs_.+"
    r"|RDSOSMetrics"  # enhanced monitoring
    r"|sns/[a-z0-9-]+/(\d{12}/.+|DirectPublishToPhoneNumber(/.+)?)"  # delivery status
)


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("name") or declared.id)


def _made_by_a_service(item: Item) -> str | None:
    if _SERVICES.fullmatch(item.id):
        return "a log group with a name that an AWS service makes on first use"
    return None


TYPE = ResourceType(
    name="aws_cloudwatch_log_group",
    collection="logs.log_groups",
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.INFO,
    aws_default=_made_by_a_service,
    describe=("retention_in_days", "kms_key_id"),
    attributes=(
        Attribute(
            name="retention_in_days",
            wire="retentionInDays",
            kind=INTEGER,
            note="0 keeps everything for ever, and AWS shows nothing then.",
        ),
        Attribute(name="kms_key_id", wire="kmsKeyId", kind=TEXT, severity=Severity.HIGH),
        Attribute(
            name="log_group_class",
            wire="logGroupClass",
            kind=TEXT,
            forces_replacement=True,
            default="STANDARD",
            default_source=(
                "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
                "API_CreateLogGroup.html"
            ),
        ),
        Attribute(
            name="deletion_protection_enabled", wire="deletionProtectionEnabled", kind=BOOLEAN
        ),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "name_prefix": "configuration only: `name` holds what it made",
        "region": "identity",
        "skip_destroy": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
