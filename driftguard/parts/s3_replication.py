"""A bucket's replication rules in the shape of ``aws_s3_bucket``'s ``rules`` block.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TAGS, TEXT, Arn, Blocks
from driftguard.parts.s3_bucket import first, listed

Raw = Mapping[str, object]

_TIMED = Blocks(fields={"status": BOOLEAN, "minutes": INTEGER})
REPLICATION = Blocks(
    key=("id",),
    fields={
        "id": TEXT,
        "priority": INTEGER,
        "prefix": TEXT,
        "status": BOOLEAN,
        "delete_marker_replication_status": BOOLEAN,
        "existing_object_replication": BOOLEAN,
        "replica_modifications": BOOLEAN,
        "filter": Blocks(fields={"prefix": TEXT, "tags": TAGS}),
        "source_selection_criteria": Blocks(
            fields={"sse_kms_encrypted_objects": Blocks(fields={"enabled": BOOLEAN})}
        ),
        "destination": Blocks(
            fields={
                "bucket": TEXT,
                "account_id": TEXT,
                "storage_class": TEXT,
                "replica_kms_key_id": Arn(),
                "access_control_translation": Blocks(fields={"owner": TEXT}),
                "metrics": _TIMED,
                "replication_time": _TIMED,
            }
        ),
    },
)
"""``existing_object_replication`` and ``replica_modifications`` have no place in the inline
block: live, they can only be somebody else's doing."""


def live_replication(raw: Raw) -> list[dict[str, object]]:
    """Return the live rules as ``rules`` blocks."""
    rules = first(raw.get("Replication")).get("Rules")
    return [_rule(rule) for rule in listed(rules)]


def _rule(rule: Raw) -> dict[str, object]:
    criteria = first(rule.get("SourceSelectionCriteria"))
    encrypted = criteria.get("SseKmsEncryptedObjects")
    return {
        "id": rule.get("ID"),
        "priority": rule.get("Priority"),
        "prefix": rule.get("Prefix"),
        "status": rule.get("Status"),
        "delete_marker_replication_status": _status(rule.get("DeleteMarkerReplication")),
        "existing_object_replication": _status(rule.get("ExistingObjectReplication")),
        "replica_modifications": _status(criteria.get("ReplicaModifications")),
        "filter": _filter(first(rule.get("Filter"))),
        "source_selection_criteria": {
            "sse_kms_encrypted_objects": {"enabled": _status(encrypted)} if encrypted else None
        },
        "destination": _destination(first(rule.get("Destination"))),
    }


def _status(block: object) -> object:
    return first(block).get("Status")


def _filter(outer: Raw) -> dict[str, object]:
    filtered = {**outer, **first(outer.get("And"))}
    tag = outer.get("Tag")
    return {
        "prefix": filtered.get("Prefix"),
        "tags": filtered.get("Tags") or ([tag] if tag else None),
    }


def _destination(place: Raw) -> dict[str, object]:
    translation = first(place.get("AccessControlTranslation"))
    encryption = first(place.get("EncryptionConfiguration"))
    return {
        "bucket": place.get("Bucket"),
        "account_id": place.get("Account"),
        "storage_class": place.get("StorageClass"),
        "replica_kms_key_id": encryption.get("ReplicaKmsKeyID"),
        "access_control_translation": {"owner": translation.get("Owner")},
        "metrics": _timed(first(place.get("Metrics")), "EventThreshold"),
        "replication_time": _timed(first(place.get("ReplicationTime")), "Time"),
    }


def _timed(block: Raw, key: str) -> dict[str, object] | None:
    if not block:
        return None
    return {"status": block.get("Status"), "minutes": first(block.get(key)).get("Minutes")}
