from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources.s3_states import ALL_USERS, BUCKET, OWNER, made, part_of, split
from tests.scanned import scan

OWN = {
    "grantee": [
        {
            "display_name": "webfile",
            "email_address": "",
            "id": OWNER,
            "type": "CanonicalUser",
            "uri": "",
        }
    ],
    "permission": "FULL_CONTROL",
}
WORLD = {
    "grantee": [
        {"display_name": "", "email_address": "", "id": "", "type": "Group", "uri": ALL_USERS}
    ],
    "permission": "READ",
}


def acl(*grants: object, canned: str = "private", owner: str = OWNER):
    policy = {"grant": list(grants), "owner": [{"display_name": "webfile", "id": owner}]}
    return part_of(
        "aws_s3_bucket_acl",
        id=f"{BUCKET},{canned}",
        acl=canned,
        access_control_policy=[policy] if grants else [],
        expected_bucket_owner="",
    )


@mock_aws
def test_an_acl_as_declared_has_no_drift_and_owns_the_grants():
    s3 = made()
    stale = split(grant=[{"id": "", "type": "Group", "uri": ALL_USERS, "permissions": ["READ"]}])
    for state in (acl(OWN), acl()):
        assert ["none", "none"] == scan([stale, state], MotoReader()).kinds
    s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read")
    for state in (acl(OWN, WORLD, canned="public-read"), acl(canned="public-read")):
        assert ["none", "none"] == scan([split(), state], MotoReader()).kinds


@mock_aws
def test_a_grant_to_everybody_is_drift_of_the_acl_alone():
    made().put_bucket_acl(Bucket=BUCKET, ACL="public-read")
    for state in (acl(OWN), acl()):
        found = scan([split(), state], MotoReader())
        assert ["none", "changed"] == found.kinds
        assert ["access_control_policy.grant"] == found.paths
        assert ALL_USERS in str(found.resources[1].drift)


@mock_aws
def test_a_grant_taken_away_is_drift():
    made()
    found = scan([acl(OWN, WORLD, canned="public-read")], MotoReader())
    assert ["access_control_policy.grant"] == found.paths


@mock_aws
def test_a_bucket_of_another_owner_is_drift():
    made()
    paths = scan([acl(OWN, owner="0" * 64)], MotoReader()).paths
    assert ["access_control_policy.owner.id"] == paths


@mock_aws
def test_a_canned_acl_without_documented_grants_is_unknown():
    made()
    found = scan([acl(canned="aws-exec-read")], MotoReader())
    assert ["none"] == found.kinds
    assert "canned ACL" in found.unknown[0]
