"""A bucket's default encryption: inline in the bucket, or a resource of its own.

Since January 2023 every bucket has SSE-S3 where nothing else was asked for, and
since April 2026 S3 blocks SSE-C on new buckets, and on old ones of accounts
that never used it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, TEXT, Arn, SetOf
from driftguard.model import Severity
from driftguard.parts.s3_bucket import first
from driftguard.resource_type import UNSET, Attribute

_BY_DEFAULT = "apply_server_side_encryption_by_default"


def encryption_attributes(prefix: str, *, mirror: bool) -> tuple[Attribute, ...]:
    """Return the attributes below ``prefix``, which is where the ``rule`` block stands.

    ``mirror`` is for the bucket's own copy, which a split resource may own.
    """
    rule = f"{prefix}rule"
    return (
        Attribute(
            name=f"{rule}.{_BY_DEFAULT}.sse_algorithm",
            wire="Encryption.Rules.ApplyServerSideEncryptionByDefault.SSEAlgorithm",
            kind=TEXT,
            part=mirror,
            severity=Severity.HIGH,
            accept=_sse_s3,
        ),
        Attribute(
            name=f"{rule}.{_BY_DEFAULT}.kms_master_key_id",
            wire="Encryption.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID",
            kind=Arn(),
            default="alias/aws/s3",
            default_source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html",
            part=mirror,
            severity=Severity.HIGH,
        ),
        Attribute(
            name=f"{rule}.bucket_key_enabled",
            wire="Encryption.Rules.BucketKeyEnabled",
            kind=BOOLEAN,
            part=mirror,
            severity=Severity.LOW,
        ),
    )


def blocked_types() -> Attribute:
    """Return ``rule.blocked_encryption_types``, which only the split resource has."""
    return Attribute(
        name="rule.blocked_encryption_types",
        wire="Encryption.Rules.BlockedEncryptionTypes.EncryptionType",
        kind=SetOf(),
        declared=_declared_blocked,
        severity=Severity.MEDIUM,
        accept=_sse_c_blocked,
    )


def _declared_blocked(attributes: Mapping[str, object]) -> object:
    return first(attributes.get("rule")).get("blocked_encryption_types", UNSET)


def _sse_s3(attributes: Mapping[str, object], declared: object, live: object) -> str | None:
    """Accept AWS's default over nothing; not nothing over a declared AES256."""
    if declared is None and live == "AES256":
        return "not set, and AWS encrypts every bucket with SSE-S3 since January 2023"
    return None


def _sse_c_blocked(attributes: Mapping[str, object], declared: object, live: object) -> str | None:
    if declared is None and live == ["SSE-C"]:
        return "not set, and AWS blocks SSE-C by itself since April 2026"
    if None in (declared, live) and ["NONE"] in (declared, live):
        return "`NONE` says in words that nothing is blocked"
    return None
