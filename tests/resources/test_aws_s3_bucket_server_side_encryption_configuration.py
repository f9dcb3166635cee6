from typing import Any

import pytest
from moto import mock_aws

from driftguard.compare.attribute import Compared, Status, compare_attribute
from driftguard.model import Item
from driftguard.resource_type import Attribute
from driftguard.resources.aws_s3_bucket_server_side_encryption_configuration import TYPE
from tests.moto_reader import MotoReader
from tests.resources.s3_states import BUCKET, encrypt, encrypted, made, part_of, split
from tests.scanned import Plain, scan

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b"
BY_DEFAULT = "rule.apply_server_side_encryption_by_default"


def encryption(algorithm: str, key: str = "", **rule: object):
    state: Any = encrypted(algorithm, key)
    return part_of(TYPE.name, expected_bucket_owner="", rule=[{**state["rule"][0], **rule}])


@pytest.mark.parametrize("key", [KEY, "0a1b"])
@mock_aws
def test_a_key_is_the_same_by_arn_and_by_id_and_owns_the_mirror(key: str):
    encrypt(made(), BUCKET, "aws:kms", KEY)
    found = scan([split(), encryption("aws:kms", key)], MotoReader())
    assert (["none", "none"], []) == (found.kinds, found.unknown)


@pytest.mark.parametrize(
    ("algorithm", "key", "paths"),
    [
        ("AES256", "", [f"{BY_DEFAULT}.sse_algorithm", f"{BY_DEFAULT}.kms_master_key_id"]),
        ("aws:kms", f"{KEY}c", [f"{BY_DEFAULT}.kms_master_key_id"]),
        ("aws:kms", "alias/other", [f"{BY_DEFAULT}.kms_master_key_id"]),
    ],
)
@mock_aws
def test_what_is_changed_by_hand_is_drift_of_the_encryption_alone(
    algorithm: str, key: str, paths: list[str]
):
    encrypt(made(), BUCKET, algorithm, key)
    found = scan([split(), encryption("aws:kms", KEY)], MotoReader())
    assert ["none", "changed"] == found.kinds
    assert paths == found.paths


@mock_aws
def test_the_managed_key_is_what_no_key_means():
    encrypt(made(), BUCKET, "aws:kms", "arn:aws:kms:eu-west-1:123456789012:alias/aws/s3")
    found = scan([encryption("aws:kms")], MotoReader())
    assert ([], [f"{BY_DEFAULT}.kms_master_key_id"]) == (found.paths, found.suppressed)


@mock_aws
def test_a_configuration_that_is_gone_is_missing():
    made().delete_bucket_encryption(Bucket=BUCKET)
    assert ["missing"] == scan([encryption("AES256")], MotoReader()).kinds


@pytest.mark.parametrize(
    ("declared", "live", "status"),
    [
        (["SSE-C"], ["SSE-C"], Status.EQUAL),
        ([], ["SSE-C"], Status.SUPPRESSED),
        (["NONE"], [], Status.SUPPRESSED),
        ([], ["NONE"], Status.SUPPRESSED),
        (["NONE"], ["SSE-C"], Status.DIFFERENT),
        (["SSE-C"], ["NONE"], Status.DIFFERENT),
        (["SSE-C"], [], Status.DIFFERENT),
    ],
)
def test_blocked_encryption_types(declared: list[str], live: list[str], status: Status):
    assert status == _blocked(encryption("AES256", blocked_encryption_types=declared), live).status


def test_blocked_encryption_types_are_not_known_to_older_providers():
    assert Status.NOT_IN_STATE == _blocked(encryption("AES256"), ["SSE-C"]).status


def _blocked(state: Any, live: list[str]) -> Compared:
    attribute: Attribute = next(one for one in TYPE.attributes if "blocked" in one.name)
    rules = {"Rules": [{"BlockedEncryptionTypes": {"EncryptionType": live}}]}
    item = Item(id=BUCKET, raw={"Encryption": rules})
    return compare_attribute(attribute, state, item, (), Plain())
