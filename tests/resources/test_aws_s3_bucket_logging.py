from driftguard.compare.everything import compare_everything
from driftguard.model import Absent, Item, Scope, Unreadable
from driftguard.resources import TABLE
from tests.resources.s3_states import BUCKET, part_of, split
from tests.scanned import Plain

ENABLED = {
    "TargetBucket": "acme-logs",
    "TargetPrefix": "orders/",
    "TargetGrants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": "f" * 64}, "Permission": "READ"},
        {"Grantee": {"Type": "CanonicalUser", "ID": "f" * 64}, "Permission": "WRITE"},
    ],
    "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
}
GRANTEE = {"display_name": "", "email_address": "", "id": "f" * 64, "type": "CanonicalUser"}
STATE = {
    "target_bucket": "acme-logs",
    "target_prefix": "orders/",
    "target_grant": [
        {"grantee": [{**GRANTEE, "uri": ""}], "permission": permission}
        for permission in ("WRITE", "READ")
    ],
    "target_object_key_format": [
        {"partitioned_prefix": [{"partition_date_source": "EventTime"}], "simple_prefix": []}
    ],
}


class _One:
    def __init__(self, item: Item) -> None:
        self._item = item

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        return self._item


def _compare(enabled: object, **attributes: object):
    logging = part_of("aws_s3_bucket_logging", **{**STATE, **attributes})
    raw = {"Name": BUCKET, "Logging": {"LoggingEnabled": enabled} if enabled else {}}
    live = _One(Item(id=BUCKET, raw=raw))
    return compare_everything(TABLE, [split(), logging], live, Plain()).resources


def _paths(enabled: object, **attributes: object) -> list[str]:
    drift = _compare(enabled, **attributes)[1].drift
    return [change.path for change in drift.changes] if drift else []


def test_logging_as_declared_has_no_drift_and_owns_the_mirror():
    bucket, logging = _compare(ENABLED)
    assert logging.drift is None
    assert bucket.drift is None or "logging" not in str(bucket.drift)


def test_logging_that_is_switched_off_is_missing():
    drift = _compare(None)[1].drift
    assert drift is not None
    assert drift.kind.value == "missing"


def test_each_changed_setting_is_told():
    assert ["target_bucket"] == _paths({**ENABLED, "TargetBucket": "elsewhere"})
    assert ["target_prefix"] == _paths({**ENABLED, "TargetPrefix": ""})
    assert ["target_grant"] == _paths({**ENABLED, "TargetGrants": []})
    by_delivery = {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}}
    changed = {**ENABLED, "TargetObjectKeyFormat": by_delivery}
    assert ["target_object_key_format"] == _paths(changed)


def test_the_simple_prefix_is_the_default_and_unknown_to_old_states():
    simple = {**ENABLED, "TargetObjectKeyFormat": {"SimplePrefix": {}}}
    declared = [{"partitioned_prefix": [], "simple_prefix": [{}]}]
    assert _paths(simple, target_object_key_format=declared) == []
    assert _paths(simple, target_object_key_format=[]) == []
    assert ["target_object_key_format"] == _paths(ENABLED, target_object_key_format=[])
