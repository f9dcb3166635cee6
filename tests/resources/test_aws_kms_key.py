"""A KMS key and its aliases, on moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import Severity
from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.edited_reader import EditedReader
from tests.moto_reader import ACCOUNT, REGION, MotoReader, client
from tests.scanned import declared, scan

ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def key_policy(who: str = ROOT) -> str:
    statement = {"Sid": "own", "Effect": "Allow", "Principal": {"AWS": who}}
    statement |= {"Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]})


def make(kms: Any, **options: object) -> str:
    tags = [{"TagKey": "team", "TagValue": "shop"}]
    usage = {"KeyUsage": "ENCRYPT_DECRYPT", **options}
    answer = kms.create_key(Description="Orders", Policy=key_policy(), Tags=tags, **usage)
    key: str = answer["KeyMetadata"]["KeyId"]
    return key


def state(key: str, **changed: object) -> dict[str, object]:
    return {
        "arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}",
        "bypass_policy_lockout_safety_check": False,
        "custom_key_store_id": "",
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "deletion_window_in_days": 7,
        "description": "Orders",
        "enable_key_rotation": True,
        "id": key,
        "is_enabled": True,
        "key_id": key,
        "key_usage": "ENCRYPT_DECRYPT",
        "multi_region": False,
        "policy": key_policy(ACCOUNT),
        "rotation_period_in_days": 365,
        "tags": {"team": "shop"},
        "tags_all": {"team": "shop"},
        "timeouts": None,
        "xks_key_id": "",
        **changed,
    }


def rotated(kms: Any) -> str:
    key = make(kms)
    kms.enable_key_rotation(KeyId=key)
    return key


def rotating(days: int) -> EditedReader:
    """Moto does not say the period."""
    return EditedReader(edits={"GetKeyRotationStatus": {"RotationPeriodInDays": days}})


@mock_aws
def test_a_key_as_declared_has_no_drift():
    key = rotated(client("kms"))
    found = scan([declared("aws_kms_key", state(key))], rotating(365))
    assert (["none"], [], [], []) == (
        found.kinds,
        found.unknown,
        found.not_in_state,
        found.suppressed,
    )


@mock_aws
def test_each_attribute_changed_by_hand_is_found():
    kms = client("kms")
    key = rotated(kms)
    kms.disable_key_rotation(KeyId=key)
    kms.update_key_description(KeyId=key, Description="Mine")
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy("*"))
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "team", "TagValue": "nobody"}])
    kms.disable_key(KeyId=key)
    found = scan([declared("aws_kms_key", state(key))], MotoReader())
    assert {
        'policy.Statement["own"]',
        "is_enabled",
        "enable_key_rotation",
        "description",
        "tags.team",
    } == {path.split("[0]")[0] for path in found.paths}
    drift = found.resources[0].drift
    assert drift is not None
    assert Severity.HIGH == rate(TABLE, drift).severity


@mock_aws
def test_another_rotation_period_is_found():
    key = rotated(client("kms"))
    found = scan([declared("aws_kms_key", state(key))], rotating(2560))
    assert ["rotation_period_in_days"] == found.paths


@mock_aws
def test_a_key_that_never_rotated_has_no_period():
    key = make(client("kms"))
    plain = state(key, enable_key_rotation=False, rotation_period_in_days=0)
    found = scan([declared("aws_kms_key", plain)], MotoReader())
    assert (["none"], []) == (found.kinds, found.suppressed)


@mock_aws
def test_an_asymmetric_key_cannot_rotate_and_that_is_no_failure():
    key = make(client("kms"), KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    signing = state(
        key,
        customer_master_key_spec="RSA_2048",
        key_usage="SIGN_VERIFY",
        enable_key_rotation=False,
        rotation_period_in_days=0,
    )
    reader = MotoReader(broken={"kms.GetKeyRotationStatus": "UnsupportedOperationException"})
    found = scan([declared("aws_kms_key", signing)], reader)
    assert (["none"], []) == (found.kinds, found.unknown)


@mock_aws
def test_what_only_a_new_key_can_have_is_compared():
    key = rotated(client("kms"))
    other = {
        "KeySpec": "RSA_4096",
        "KeyUsage": "SIGN_VERIFY",
        "MultiRegion": True,
        "CustomKeyStoreId": "cks-1",
        "XksKeyConfiguration": {"Id": "xks-1"},
    }
    reader = EditedReader(edits={"DescribeKey": {"KeyMetadata": other}})
    assert {
        "key_usage",
        "customer_master_key_spec",
        "multi_region",
        "custom_key_store_id",
        "xks_key_id",
    } == set(scan([declared("aws_kms_key", state(key))], reader).paths)


@mock_aws
def test_a_key_scheduled_for_deletion_is_missing_and_critical():
    kms = client("kms")
    key = rotated(kms)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    found = scan([declared("aws_kms_key", state(key))], MotoReader())
    assert ["missing"] == found.kinds
    assert [] == found.unmanaged_ids
    drift = found.resources[0].drift
    assert drift is not None
    assert Severity.CRITICAL == rate(TABLE, drift).severity


@mock_aws
def test_a_key_that_never_was_is_missing_and_one_made_by_hand_unmanaged():
    key = make(client("kms"))
    found = scan([declared("aws_kms_key", state("0" * 36))], MotoReader())
    assert (["missing"], [key]) == (found.kinds, found.unmanaged_ids)


@mock_aws
@pytest.mark.parametrize("by_arn", [False, True])
def test_a_policy_of_its_own_owns_the_keys_policy(*, by_arn: bool):
    kms = client("kms")
    key = rotated(kms)
    key_id = state(key)["arn"] if by_arn else key
    own = {"id": key_id, "key_id": key_id, "policy": key_policy()}
    pair = [
        declared("aws_kms_key", state(key, policy="{}")),
        declared("aws_kms_key_policy", own),
    ]
    assert ["none", "none"] == scan(pair, MotoReader()).kinds
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=key_policy("*"))
    assert ["none", "changed"] == scan(pair, MotoReader()).kinds
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert ["missing", "missing"] == scan(pair, MotoReader()).kinds


@mock_aws
@pytest.mark.parametrize("kind", ["aws_kms_external_key", "aws_kms_replica_key"])
def test_a_key_declared_in_another_way_is_not_unmanaged(kind: str):
    kms = client("kms")
    key, other = rotated(kms), make(kms)
    both = [declared("aws_kms_key", state(key)), declared(kind, {"id": other, "key_id": other})]
    assert [] == scan(both, MotoReader()).unmanaged_ids


@mock_aws
def test_keys_and_aliases_of_aws_are_not_unmanaged():
    kms = client("kms")
    aws = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]
    mine = declared("aws_kms_key", state(rotated(kms)))
    assert [] == scan([mine], MotoReader()).unmanaged_ids
    everything = scan([mine], MotoReader(), aws_defaults=True).unmanaged_ids
    assert {aws, "alias/aws/s3"} <= set(everything)


def alias(key: str) -> dict[str, object]:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}"
    return {
        "arn": f"{arn}:alias/orders",
        "id": "alias/orders",
        "name": "alias/orders",
        "name_prefix": "",
        "target_key_arn": f"{arn}:key/{key}",
        "target_key_id": key,
    }


@mock_aws
def test_an_alias_is_compared_by_the_key_it_names():
    kms = client("kms")
    key, other = rotated(kms), make(kms)
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    by_id = declared("aws_kms_alias", alias(key))
    by_arn = {**alias(key), "target_key_id": alias(key)["target_key_arn"]}
    both = [by_id, declared("aws_kms_alias", by_arn, name="other")]
    assert ["none", "none"] == scan(both, MotoReader()).kinds
    kms.update_alias(AliasName="alias/orders", TargetKeyId=other)
    assert ["target_key_id"] == scan([by_id], MotoReader()).paths


@mock_aws
def test_an_alias_that_is_gone_is_missing_and_one_made_by_hand_unmanaged():
    kms = client("kms")
    key = rotated(kms)
    kms.create_alias(AliasName="alias/by-hand", TargetKeyId=key)
    resources = [declared("aws_kms_key", state(key)), declared("aws_kms_alias", alias(key))]
    found = scan(resources, MotoReader())
    assert ["none", "missing"] == found.kinds
    assert ["alias/by-hand"] == found.unmanaged_ids
    assert [key] == [change.live for change in found.unmanaged[0].changes]


@mock_aws
def test_keys_and_aliases_cost_one_list_each():
    kms = client("kms")
    key = rotated(kms)
    for _ in range(5):
        make(kms)
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    reader = MotoReader()
    scan([declared("aws_kms_key", state(key)), declared("aws_kms_alias", alias(key))], reader)
    assert {
        "kms.ListKeys": 1,
        "kms.ListAliases": 1,
        "kms.DescribeKey": 1,
        "kms.GetKeyPolicy": 1,
        "kms.GetKeyRotationStatus": 1,
        "kms.ListResourceTags": 1,
    } == reader.calls


DETAILS = {
    "DescribeKey": {"is_enabled", "description", "key_usage"},
    "GetKeyPolicy": {"policy"},
    "GetKeyRotationStatus": {"enable_key_rotation", "rotation_period_in_days"},
    "ListResourceTags": {"tags"},
}


@mock_aws
@pytest.mark.parametrize("operation", DETAILS)
def test_a_detail_that_was_refused_is_unknown_and_the_rest_is_compared(operation: str):
    key = rotated(client("kms"))
    reader = MotoReader(broken={f"kms.{operation}": "AccessDeniedException"})
    found = scan([declared("aws_kms_key", state(key))], reader)
    assert ["none"] == found.kinds
    assert "AccessDeniedException" in found.unknown[0]
    assert DETAILS[operation] <= {
        part.strip() for part in found.unknown[0].split(":")[0].split(",")
    }


@mock_aws
def test_a_refused_list_of_keys_hides_no_declared_key():
    kms = client("kms")
    key = rotated(kms)
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    reader = MotoReader(broken={"kms.ListKeys": "AccessDeniedException"})
    resources = [
        declared("aws_kms_key", state(key)),
        declared("aws_kms_key", state("0" * 36), name="gone"),
        declared("aws_kms_alias", alias(key)),
    ]
    found = scan(resources, reader)
    assert None is found.resources[0].unknown
    listing = next(iter(found.listings.values()))
    assert {"0" * 36} == listing.absent
    assert listing.failure is not None


@mock_aws
def test_where_aliases_are_unknown_no_key_is_called_unmanaged():
    kms = client("kms")
    make(kms)
    reader = MotoReader(broken={"kms.ListAliases": "AccessDeniedException"})
    found = scan([declared("aws_kms_alias", alias("1234"))], reader)
    assert (["none"], []) == (found.kinds, found.unmanaged_ids)
    assert ["AccessDeniedException"] == found.unknown
