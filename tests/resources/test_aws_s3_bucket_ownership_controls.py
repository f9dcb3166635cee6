from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources.s3_states import BUCKET, made, part_of, split
from tests.scanned import scan

DECLARED = part_of(
    "aws_s3_bucket_ownership_controls", rule=[{"object_ownership": "BucketOwnerEnforced"}]
)


def _put(s3, ownership: str) -> None:
    rules = {"Rules": [{"ObjectOwnership": ownership}]}
    s3.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=rules)


@mock_aws
def test_object_ownership_as_declared_has_no_drift():
    _put(made(), "BucketOwnerEnforced")
    assert ["none", "none"] == scan([split(), DECLARED], MotoReader()).kinds


@mock_aws
def test_acls_switched_on_by_hand_are_drift():
    _put(made(), "ObjectWriter")
    assert ["rule.object_ownership"] == scan([split(), DECLARED], MotoReader()).paths


@mock_aws
def test_controls_that_are_gone_are_missing():
    made()
    assert ["none", "missing"] == scan([split(), DECLARED], MotoReader()).kinds
