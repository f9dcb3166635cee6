from moto import mock_aws

from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.moto_reader import MotoReader
from tests.resources.s3_states import BUCKET, block, blocked, made, split
from tests.scanned import scan


@mock_aws
def test_a_block_as_declared_has_no_drift():
    blocked(made())
    assert ["none", "none"] == scan([split(), block()], MotoReader()).kinds


@mock_aws
def test_a_removed_block_is_missing_and_severe():
    s3 = made()
    blocked(s3)
    s3.delete_public_access_block(Bucket=BUCKET)
    found = scan([split(), block()], MotoReader())
    assert ["none", "missing"] == found.kinds
    drift = found.resources[1].drift
    assert drift is not None
    assert rate(TABLE, drift).severity.label == "high"


@mock_aws
def test_each_switch_that_was_turned_is_told():
    blocked(made(), on=False)
    assert [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ] == scan([block()], MotoReader()).paths


@mock_aws
def test_a_block_with_all_switches_off_equals_none():
    s3 = made()
    assert ["none"] == scan([block(on=False)], MotoReader()).kinds
    blocked(s3, on=False)
    assert ["none"] == scan([block(on=False)], MotoReader()).kinds
    blocked(s3)
    assert ["changed"] == scan([block(on=False)], MotoReader()).kinds


@mock_aws
def test_a_refused_block_is_unknown():
    made()
    for on in (True, False):
        reader = MotoReader(broken={"s3.GetPublicAccessBlock": "AccessDenied"})
        found = scan([block(on=on)], reader)
        assert (["none"], ["AccessDenied"]) == (found.kinds, found.unknown)
