"""Parts of a bucket that moto can't hold in full: states against answers in AWS's own shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

from driftguard.compare.attribute import Status, compare_attribute
from driftguard.model import Item
from driftguard.resources.aws_s3_bucket import TYPE
from tests.resources.s3_states import BUCKET, inline
from tests.scanned import Plain

REPLICA_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b"
REPLICATION: Any = {
    "Role": "arn:aws:iam::111122223333:role/replicate",
    "Rules": [
        {
            "ID": "orders",
            "Priority": 1,
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "orders/", "Tags": [{"Key": "copy", "Value": "yes"}]}},
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {
                "Bucket": "arn:aws:s3:::acme-copy",
                "Account": "444455556666",
                "StorageClass": "STANDARD_IA",
                "AccessControlTranslation": {"Owner": "Destination"},
                "EncryptionConfiguration": {"ReplicaKmsKeyID": REPLICA_KEY},
                "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
            },
        }
    ],
}
REPLICATED = [
    {
        "role": "arn:aws:iam::111122223333:role/replicate",
        "rules": [
            {
                "delete_marker_replication_status": "",
                "destination": [
                    {
                        "access_control_translation": [{"owner": "Destination"}],
                        "account_id": "444455556666",
                        "bucket": "arn:aws:s3:::acme-copy",
                        "metrics": [{"minutes": 15, "status": "Enabled"}],
                        "replica_kms_key_id": REPLICA_KEY,
                        "replication_time": [{"minutes": 15, "status": "Enabled"}],
                        "storage_class": "STANDARD_IA",
                    }
                ],
                "filter": [{"prefix": "orders/", "tags": {"copy": "yes"}}],
                "id": "orders",
                "prefix": "",
                "priority": 1,
                "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"enabled": True}]}],
                "status": "Enabled",
            }
        ],
    }
]


def paths(raw: dict[str, object], **attributes: object) -> list[str]:
    """Return the changed paths of the bucket's parts that ``raw`` holds."""
    item = Item(id=BUCKET, raw=raw)
    read = {"Website", "Cors", "Lifecycle", "Replication", "ObjectLock"} & raw.keys()
    found = [
        compare_attribute(one, inline(**attributes), item, (), Plain())
        for one in TYPE.attributes
        if ({*one.needs, one.wire.partition(".")[0] if isinstance(one.wire, str) else ""}) & read
    ]
    assert found
    assert all(one.status is not Status.UNREAD for one in found)
    return [change.path for one in found for change in one.changes]


def test_replication_as_declared_has_no_drift():
    assert paths({"Replication": REPLICATION}, replication_configuration=REPLICATED) == []


def test_data_replicated_elsewhere_is_drift():
    rule = REPLICATION["Rules"][0]
    for changed in (
        {"Destination": {**rule["Destination"], "Bucket": "arn:aws:s3:::exfiltrated"}},
        {"Status": "Disabled"},
        {"Filter": {"Prefix": ""}},
        {"DeleteMarkerReplication": {"Status": "Enabled"}},
        {"ExistingObjectReplication": {"Status": "Enabled"}},
    ):
        live = {**REPLICATION, "Rules": [{**rule, **changed}]}
        found = paths({"Replication": live}, replication_configuration=REPLICATED)
        assert found
        assert all('rules["orders"].' in path for path in found)


def test_another_role_is_drift():
    live = {**REPLICATION, "Role": "arn:aws:iam::111122223333:role/other"}
    found = paths({"Replication": live}, replication_configuration=REPLICATED)
    assert ["replication_configuration.role"] == found


def test_object_lock_in_the_old_and_the_new_shape():
    retention = {"Mode": "GOVERNANCE", "Days": 30}
    live = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    rule = [{"default_retention": [{"days": 30, "mode": "GOVERNANCE", "years": 0}]}]
    old = [{"object_lock_enabled": "Enabled", "rule": rule}]
    assert paths({"ObjectLock": live}, object_lock_configuration=old) == []
    assert (
        paths({"ObjectLock": live}, object_lock_configuration=old, object_lock_enabled=True) == []
    )
    shorter = {**live, "Rule": {"DefaultRetention": {**retention, "Days": 1}}}
    where = "object_lock_configuration.rule.default_retention"
    assert [f"{where}.days"] == paths({"ObjectLock": shorter}, object_lock_configuration=old)
    without = {"ObjectLockEnabled": "Enabled"}
    found = paths({"ObjectLock": without}, object_lock_configuration=old)
    assert [f"{where}.mode", f"{where}.days"] == found
    assert ["object_lock_enabled"] == paths({"ObjectLock": without})


def test_a_redirecting_website_in_both_spellings():
    for protocol, declared in (("https", "https://example.com"), (None, "example.com")):
        live = {"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": protocol}}
        site = [{"redirect_all_requests_to": declared, "index_document": "", "routing_rules": ""}]
        assert paths({"Website": live}, website=site) == []
        assert ["website.redirect_all_requests_to"] == paths({"Website": live})


def test_cors_rules_differ_by_order_but_not_by_the_order_of_methods():
    first = {"AllowedMethods": ["PUT", "GET"], "AllowedOrigins": ["https://a"]}
    second = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 60}
    empty: dict[str, object] = {"allowed_headers": [], "expose_headers": [], "max_age_seconds": 0}
    rules = [
        {**empty, "allowed_methods": ["GET", "PUT"], "allowed_origins": ["https://a"]},
        {**empty, "allowed_methods": ["GET"], "allowed_origins": ["*"], "max_age_seconds": 60},
    ]
    assert paths({"Cors": {"CORSRules": [first, second]}}, cors_rule=rules) == []
    assert ["cors_rule"] == paths({"Cors": {"CORSRules": [second, first]}}, cors_rule=rules)


def test_a_lifecycle_rule_by_date_and_one_that_the_inline_block_cannot_say():
    date = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    rule = {"ID": "end", "Status": "Enabled", "Prefix": "", "Expiration": {"Date": date}}
    expiration = [{"date": "2030-01-01", "days": 0, "expired_object_delete_marker": False}]
    declared = [{"id": "end", "enabled": True, "expiration": expiration, "prefix": "", "tags": {}}]
    assert paths({"Lifecycle": {"Rules": [rule]}}, lifecycle_rule=declared) == []
    sized = {**rule, "Filter": {"ObjectSizeGreaterThan": 1}}
    found = paths({"Lifecycle": {"Rules": [sized]}}, lifecycle_rule=declared)
    assert ['lifecycle_rule["end"].object_size_greater_than'] == found
