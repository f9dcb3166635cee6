"""An S3 bucket, with every part of it that no other resource declares.

A policy, a grant or a web site that was added by hand is drift of the bucket
unless a split resource declares that part, whose drift it then is.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT
from driftguard.canonical.policy import POLICY
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.parts.s3_access_control import GRANTS, canned, live_grants
from driftguard.parts.s3_bucket import COLLECTION, bucket_of, declared_by, first, whole
from driftguard.parts.s3_encryption import encryption_attributes
from driftguard.parts.s3_lifecycle import LIFECYCLE, live_lifecycle
from driftguard.parts.s3_replication import REPLICATION, live_replication
from driftguard.parts.s3_website import cors_attribute, website_attributes
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType

_RETENTION = "object_lock_configuration.rule.default_retention"
_LOCKED = declared_by("aws_s3_bucket_object_lock_configuration")
_REPLICATED = declared_by("aws_s3_bucket_replication_configuration")


def _locate(declared: Declared, item: Item) -> Item | Unreadable:
    """Add ``Grants``: they name the owner by id only where the declaration does."""
    found = whole(declared, item)
    if isinstance(found, Unreadable) or "Acl" not in found.raw:
        return found
    grants = live_grants(first(found.raw["Acl"]), named=bool(declared.attributes.get("grant")))
    return replace(found, raw={**found.raw, "Grants": grants})


def _grants(attributes: Mapping[str, object]) -> object:
    """Return the grants, which ``acl`` stands for where there are none."""
    return attributes.get("grant") or canned(str(attributes.get("acl") or ""))


def _object_lock(attributes: Mapping[str, object]) -> object:
    """Return the switch, which older providers kept in the block."""
    if not {"object_lock_enabled", "object_lock_configuration"} & attributes.keys():
        return UNSET
    block = first(attributes.get("object_lock_configuration"))
    return attributes.get("object_lock_enabled") or block.get("object_lock_enabled")


def _object_lock_attributes() -> tuple[Attribute, ...]:
    return (
        Attribute(
            name="object_lock_enabled",
            wire="ObjectLock.ObjectLockEnabled",
            kind=BOOLEAN,
            declared=_object_lock,
            part=True,
            owned_by=_LOCKED,
            severity=Severity.HIGH,
            forces_replacement=True,
        ),
        *(
            Attribute(
                name=f"{_RETENTION}.{name}",
                wire=f"ObjectLock.Rule.DefaultRetention.{name.title()}",
                kind=TEXT if name == "mode" else INTEGER,
                part=True,
                owned_by=_LOCKED,
                severity=Severity.HIGH,
            )
            for name in ("mode", "days", "years")
        ),
    )


def _versioning_and_logging() -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name=name, wire=wire, kind=kind, part=True, severity=severity)
        for name, wire, kind, severity in (
            ("versioning.enabled", "Versioning.Status", BOOLEAN, Severity.HIGH),
            ("versioning.mfa_delete", "Versioning.MFADelete", BOOLEAN, Severity.HIGH),
            ("logging.target_bucket", "Logging.LoggingEnabled.TargetBucket", TEXT, Severity.HIGH),
            ("logging.target_prefix", "Logging.LoggingEnabled.TargetPrefix", TEXT, Severity.LOW),
        )
    )


TYPE = ResourceType(
    name="aws_s3_bucket",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.MEDIUM,
    locate=_locate,
    unmanaged=lambda item: "Name" not in item.unread,
    describe=("bucket",),
    attributes=(
        Attribute(name="bucket", wire="Name", kind=TEXT, forces_replacement=True),
        Attribute(name="policy", wire="Policy", kind=POLICY, part=True, severity=Severity.HIGH),
        Attribute(
            name="grant",
            wire="Grants",
            needs=("Acl",),
            kind=GRANTS,
            declared=_grants,
            part=True,
            severity=Severity.HIGH,
            note="`acl` where the state holds no grants: then the owner is called `owner`.",
        ),
        *_versioning_and_logging(),
        *encryption_attributes("server_side_encryption_configuration.", mirror=True),
        Attribute(
            name="lifecycle_rule",
            wire=live_lifecycle,
            needs=("Lifecycle",),
            kind=LIFECYCLE,
            part=True,
            owned_by=declared_by("aws_s3_bucket_lifecycle_configuration"),
        ),
        Attribute(
            name="replication_configuration.role",
            wire="Replication.Role",
            kind=TEXT,
            part=True,
            owned_by=_REPLICATED,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="replication_configuration.rules",
            wire=live_replication,
            needs=("Replication",),
            kind=REPLICATION,
            part=True,
            owned_by=_REPLICATED,
            severity=Severity.HIGH,
        ),
        *_object_lock_attributes(),
        *website_attributes(),
        cors_attribute(),
        Attribute(
            name="acceleration_status",
            wire="Acceleration.Status",
            kind=TEXT,
            part=True,
            owned_by=declared_by("aws_s3_bucket_accelerate_configuration"),
            severity=Severity.LOW,
        ),
        Attribute(
            name="request_payer",
            wire="Payment.Payer",
            kind=TEXT,
            part=True,
            owned_by=declared_by("aws_s3_bucket_request_payment_configuration"),
            severity=Severity.LOW,
            default="BucketOwner",
            default_source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html",
        ),
        tags_attribute("Tagging.TagSet"),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "region": "identity: says where to look",
        "bucket_region": "identity: a bucket can't move",
        "acl": "compared as `grant`",
        "bucket_prefix": "configuration only: `bucket` holds what it made",
        "force_destroy": "configuration only",
        "timeouts": "configuration only",
        "bucket_domain_name": "made of the name",
        "bucket_regional_domain_name": "made of the name and the region",
        "hosted_zone_id": "made of the region",
        "website_domain": "made of the region",
        "website_endpoint": "made of the name and the region",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
