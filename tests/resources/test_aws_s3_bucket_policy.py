from moto import mock_aws

from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.moto_reader import MotoReader
from tests.resources.s3_states import BUCKET, POLICY, inline, made, part_of, split
from tests.scanned import scan

DECLARED = part_of("aws_s3_bucket_policy", policy=POLICY)


@mock_aws
def test_the_mirror_on_the_bucket_is_not_compared():
    made().put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    for bucket in (split(policy=""), split(policy='{"Statement": []}'), inline()):
        found = scan([bucket, DECLARED], MotoReader())
        assert (["none", "none"], []) == (found.kinds, found.unknown)


@mock_aws
def test_a_widened_policy_is_drift_of_the_policy_alone():
    made().put_bucket_policy(Bucket=BUCKET, Policy=POLICY.replace("Deny", "Allow"))
    found = scan([split(policy=POLICY), DECLARED], MotoReader())
    assert ["none", "changed"] == found.kinds
    assert ['policy.Statement["Tls"]'] == found.paths


@mock_aws
def test_a_removed_policy_is_missing():
    made()
    found = scan([split(policy=POLICY), DECLARED], MotoReader())
    assert ["none", "missing"] == found.kinds
    drift = found.resources[1].drift
    assert drift is not None
    assert rate(TABLE, drift).severity.label == "high"


@mock_aws
def test_a_refused_policy_is_unknown_for_its_resource_only():
    made()
    found = scan([split(), DECLARED], MotoReader(broken={"s3.GetBucketPolicy": "AccessDenied"}))
    assert (["none", "none"], ["AccessDenied"]) == (found.kinds, found.unknown)


@mock_aws
def test_without_its_bucket_it_is_missing():
    made("another-bucket")
    assert ["missing"] == scan([DECLARED], MotoReader()).kinds
