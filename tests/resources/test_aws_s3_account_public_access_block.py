from moto import mock_aws

from driftguard.model import Unreadable
from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.moto_reader import ACCOUNT, MotoReader, client
from tests.scanned import declared, scan

SWITCHES = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


def block(*, on: bool = True, account: str = ACCOUNT):
    attributes = {"account_id": account, "id": account, **dict.fromkeys(SWITCHES, on)}
    return declared("aws_s3_account_public_access_block", attributes)


def blocked(**off: bool) -> None:
    switches = {wire: not off.get(wire) for wire in SWITCHES.values()}
    client("s3control").put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=switches
    )


@mock_aws
def test_a_block_as_declared_has_no_drift():
    blocked()
    assert ["none"] == scan([block()], MotoReader()).kinds


@mock_aws
def test_a_removed_block_is_missing_and_critical():
    found = scan([block()], MotoReader())
    assert ["missing"] == found.kinds
    drift = found.resources[0].drift
    assert drift is not None
    assert rate(TABLE, drift).severity.label == "critical"


@mock_aws
def test_a_switch_that_was_turned_is_told():
    blocked(BlockPublicPolicy=True)
    assert ["block_public_policy"] == scan([block()], MotoReader()).paths


@mock_aws
def test_a_block_with_all_switches_off_equals_none():
    assert ["none"] == scan([block(on=False)], MotoReader()).kinds


@mock_aws
def test_another_accounts_block_is_unknown():
    blocked()
    found = scan([block(account="999999999999")], MotoReader())
    assert (["none"], 1) == (found.kinds, len(found.unknown))
    assert "account 999999999999" in found.unknown[0]


@mock_aws
def test_a_refused_answer_is_unknown():
    found = scan([block()], MotoReader(broken={"s3control.GetPublicAccessBlock": "AccessDenied"}))
    assert ["AccessDenied"] == found.unknown
    assert Unreadable(reason="AccessDenied") != found.kinds
