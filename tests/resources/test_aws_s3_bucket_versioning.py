import pytest
from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources.s3_states import BUCKET, made, part_of, split
from tests.scanned import scan


def versioning(status: str, mfa_delete: str = ""):
    block = {"mfa_delete": mfa_delete, "status": status}
    return part_of(
        "aws_s3_bucket_versioning",
        expected_bucket_owner="",
        mfa=None,
        versioning_configuration=[block],
    )


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
@mock_aws
def test_the_declared_status_has_no_drift_and_owns_the_mirror(status: str):
    made().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})
    stale = split(versioning=[{"enabled": status != "Enabled", "mfa_delete": False}])
    assert ["none", "none"] == scan([stale, versioning(status)], MotoReader()).kinds


@mock_aws
def test_a_bucket_never_versioned_is_disabled():
    made()
    assert ["none"] == scan([versioning("Disabled")], MotoReader()).kinds
    found = scan([split(), versioning("Enabled")], MotoReader())
    assert ["none", "changed"] == found.kinds
    assert ["versioning_configuration.status"] == found.paths


@mock_aws
def test_suspending_it_by_hand_is_drift_of_the_versioning_alone():
    s3 = made()
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    state = split(versioning=[{"enabled": True, "mfa_delete": False}])
    found = scan([state, versioning("Enabled")], MotoReader())
    assert ["none", "changed"] == found.kinds


@pytest.mark.parametrize("mfa_delete", ["", "Disabled"])
@mock_aws
def test_mfa_delete_never_asked_for_is_off(mfa_delete: str):
    made().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert scan([versioning("Enabled", mfa_delete)], MotoReader()).paths == []
    lost = scan([versioning("Enabled", "Enabled")], MotoReader())
    assert ["versioning_configuration.mfa_delete"] == lost.paths
