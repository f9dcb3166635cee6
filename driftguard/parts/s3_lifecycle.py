"""A bucket's lifecycle rules in the shape of ``aws_s3_bucket``'s ``lifecycle_rule``.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TAGS, TEXT, Blocks
from driftguard.parts.s3_bucket import first, listed

Raw = Mapping[str, object]

_DAYS = Blocks(fields={"days": INTEGER, "newer_noncurrent_versions": INTEGER})
LIFECYCLE = Blocks(
    key=("id",),
    fields={
        "id": TEXT,
        "enabled": BOOLEAN,
        "prefix": TEXT,
        "tags": TAGS,
        "object_size_greater_than": INTEGER,
        "object_size_less_than": INTEGER,
        "abort_incomplete_multipart_upload_days": INTEGER,
        "expiration": Blocks(
            fields={"date": TEXT, "days": INTEGER, "expired_object_delete_marker": BOOLEAN}
        ),
        "noncurrent_version_expiration": _DAYS,
        "transition": Blocks(fields={"date": TEXT, "days": INTEGER, "storage_class": TEXT}),
        "noncurrent_version_transition": Blocks(fields={**_DAYS.fields, "storage_class": TEXT}),
    },
)
"""The two sizes and ``newer_noncurrent_versions`` have no place in the inline block: live, they
can only be somebody else's doing."""


def live_lifecycle(raw: Raw) -> list[dict[str, object]]:
    """Return the live rules as ``lifecycle_rule`` blocks."""
    rules = first(raw.get("Lifecycle")).get("Rules")
    return [_rule(rule) for rule in listed(rules)]


def _rule(rule: Raw) -> dict[str, object]:
    outer = first(rule.get("Filter"))
    filtered = {**outer, **first(outer.get("And"))}
    tag = outer.get("Tag")
    abort = first(rule.get("AbortIncompleteMultipartUpload"))
    return {
        "id": rule.get("ID"),
        "enabled": rule.get("Status"),
        "prefix": filtered.get("Prefix") or rule.get("Prefix"),
        "tags": filtered.get("Tags") or ([tag] if tag else None),
        "object_size_greater_than": filtered.get("ObjectSizeGreaterThan"),
        "object_size_less_than": filtered.get("ObjectSizeLessThan"),
        "abort_incomplete_multipart_upload_days": abort.get("DaysAfterInitiation"),
        "expiration": _actions(rule.get("Expiration")),
        "noncurrent_version_expiration": _actions(rule.get("NoncurrentVersionExpiration")),
        "transition": _actions(rule.get("Transitions")),
        "noncurrent_version_transition": _actions(rule.get("NoncurrentVersionTransitions")),
    }


def _actions(value: object) -> list[dict[str, object]]:
    actions = [value] if isinstance(value, Mapping) else value
    return [_action(action) for action in listed(actions)]


def _action(action: Raw) -> dict[str, object]:
    return {
        "date": str(action.get("Date") or "")[:10],  # midnight UTC; Terraform holds the day
        "days": action.get("Days") or action.get("NoncurrentDays"),
        "expired_object_delete_marker": action.get("ExpiredObjectDeleteMarker"),
        "newer_noncurrent_versions": action.get("NewerNoncurrentVersions"),
        "storage_class": action.get("StorageClass"),
    }
