"""The access logging of a bucket as a resource of its own.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_logging
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.parts.s3_access_control import GRANTS, by_grantee, declared_grants
from driftguard.parts.s3_bucket import (
    COLLECTION,
    EXPECTED_OWNER,
    IDENTITY,
    bucket_of,
    first,
    listed,
    owns,
    part,
)
from driftguard.resource_type import UNSET, Attribute, ResourceType

_SIMPLE = "simple_prefix"


def _enabled(raw: Mapping[str, object]) -> Mapping[str, object]:
    return first(first(raw.get("Logging")).get("LoggingEnabled"))


def _locate(declared: Declared, item: Item) -> Item | Unreadable | None:
    """Find it where logging is on: S3 answers for a bucket without logging, too."""
    found = part("Logging", always=True)(declared, item)
    return found if not isinstance(found, Item) or _enabled(found.raw) else None


def _live_grants(raw: Mapping[str, object]) -> object:
    grants = listed(_enabled(raw).get("TargetGrants"))
    return by_grantee(
        {
            "type": first(grant.get("Grantee")).get("Type"),
            "id": first(grant.get("Grantee")).get("ID"),
            "uri": first(grant.get("Grantee")).get("URI"),
            "permission": grant.get("Permission"),
        }
        for grant in grants
    )


def _declared_format(attributes: Mapping[str, object]) -> object:
    """Return the format as one word; an empty block comes as a list of None."""
    if "target_object_key_format" not in attributes:
        return UNSET
    block = first(attributes["target_object_key_format"])
    partitioned = first(block.get("partitioned_prefix")).get("partition_date_source")
    return _format(partitioned, simple=bool(block.get("simple_prefix")))


def _live_format(raw: Mapping[str, object]) -> object:
    block = first(_enabled(raw).get("TargetObjectKeyFormat"))
    partitioned = first(block.get("PartitionedPrefix")).get("PartitionDateSource")
    return _format(partitioned, simple="SimplePrefix" in block)


def _format(partitioned: object, *, simple: bool) -> str | None:
    if partitioned:
        return f"partitioned_prefix by {partitioned}"
    return _SIMPLE if simple else None


TYPE = ResourceType(
    name="aws_s3_bucket_logging",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=owns("logging.target_bucket", "logging.target_prefix"),
    locate=_locate,
    attributes=(
        Attribute(
            name="target_bucket",
            wire="Logging.LoggingEnabled.TargetBucket",
            kind=TEXT,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="target_prefix",
            wire="Logging.LoggingEnabled.TargetPrefix",
            kind=TEXT,
            severity=Severity.LOW,
        ),
        Attribute(
            name="target_grant",
            wire=_live_grants,
            needs=("Logging",),
            kind=GRANTS,
            declared=lambda attributes: declared_grants(attributes.get("target_grant")),
            severity=Severity.HIGH,
        ),
        Attribute(
            name="target_object_key_format",
            wire=_live_format,
            needs=("Logging",),
            kind=TEXT,
            declared=_declared_format,
            severity=Severity.LOW,
            default=_SIMPLE,
            default_source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
        ),
    ),
    not_compared={**IDENTITY, **EXPECTED_OWNER},
    doc=__doc__,
)
