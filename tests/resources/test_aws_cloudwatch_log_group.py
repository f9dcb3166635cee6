"""A CloudWatch Logs group, on moto."""

from __future__ import annotations

from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import Severity
from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.edited_reader import EditedReader
from tests.moto_reader import ACCOUNT, REGION, MotoReader, client
from tests.scanned import declared, scan

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop/web"


def state(**changed: object) -> dict[str, object]:
    return {
        "arn": ARN,
        "deletion_protection_enabled": False,
        "id": "/shop/web",
        "kms_key_id": KEY,
        "log_group_class": "STANDARD",
        "name": "/shop/web",
        "name_prefix": "",
        "retention_in_days": 365,
        "skip_destroy": True,
        "tags": {"team": "shop"},
        "tags_all": {"team": "shop"},
        **changed,
    }


def make(logs: Any) -> None:
    logs.create_log_group(logGroupName="/shop/web", kmsKeyId=KEY, tags={"team": "shop"})
    logs.put_retention_policy(logGroupName="/shop/web", retentionInDays=365)


@mock_aws
@pytest.mark.parametrize("arn", [ARN, f"{ARN}:*"])
def test_a_log_group_as_declared_has_no_drift(arn: str):
    make(client("logs"))
    found = scan([declared("aws_cloudwatch_log_group", state(arn=arn))], MotoReader())
    assert (["none"], [], [], []) == (
        found.kinds,
        found.unknown,
        found.not_in_state,
        found.unmanaged_ids,
    )


@mock_aws
def test_each_attribute_changed_by_hand_is_found():
    logs = client("logs")
    make(logs)
    logs.delete_retention_policy(logGroupName="/shop/web")
    logs.tag_resource(resourceArn=ARN, tags={"team": "nobody"})
    other = {
        "kmsKeyId": None,
        "logGroupClass": "INFREQUENT_ACCESS",
        "deletionProtectionEnabled": True,
    }
    reader = EditedReader(edits={"DescribeLogGroups": other})
    found = scan([declared("aws_cloudwatch_log_group", state())], reader)
    assert [
        "retention_in_days",
        "kms_key_id",
        "log_group_class",
        "deletion_protection_enabled",
        "tags.team",
    ] == found.paths
    drift = found.resources[0].drift
    assert drift is not None
    assert Severity.HIGH == rate(TABLE, drift).severity


@mock_aws
def test_another_retention_is_found_on_a_group_that_kept_everything():
    logs = client("logs")
    make(logs)
    for nothing in (0, None):
        kept = declared("aws_cloudwatch_log_group", state(retention_in_days=nothing))
        assert ["retention_in_days"] == scan([kept], MotoReader()).paths


@mock_aws
def test_an_older_state_lacks_what_its_provider_did_not_know():
    make(client("logs"))
    old = state()
    for name in ("deletion_protection_enabled", "log_group_class", "skip_destroy", "tags_all"):
        del old[name]
    found = scan([declared("aws_cloudwatch_log_group", old)], MotoReader())
    assert ["none"] == found.kinds
    assert ["log_group_class", "deletion_protection_enabled"] == found.not_in_state


@mock_aws
def test_a_log_group_that_is_gone_is_missing():
    found = scan([declared("aws_cloudwatch_log_group", state())], MotoReader())
    assert ["missing"] == found.kinds


SERVICES = (
    "/aws/lambda/send",
    "API-Gateway-Execution-Logs_a1b2c3/prod",
    f"sns/{REGION}/{ACCOUNT}/alarms/Failure",
    "RDSOSMetrics",
)


@mock_aws
def test_log_groups_of_aws_services_are_not_unmanaged():
    logs = client("logs")
    make(logs)
    for name in (*SERVICES, "by-hand", "sns/hidden", "RDSOSMetrics-mine"):
        logs.create_log_group(logGroupName=name)
    mine = [declared("aws_cloudwatch_log_group", state())]
    found = scan(mine, MotoReader())
    assert ["RDSOSMetrics-mine", "by-hand", "sns/hidden"] == sorted(found.unmanaged_ids)
    assert Severity.INFO == rate(TABLE, found.unmanaged[0]).severity
    everything = scan(mine, MotoReader(), aws_defaults=True)
    assert set(SERVICES) < set(everything.unmanaged_ids)


@mock_aws
def test_a_declared_log_group_of_a_service_is_compared():
    client("logs").create_log_group(logGroupName="/aws/lambda/send")
    lambdas = {"id": "/aws/lambda/send", "name": "/aws/lambda/send", "retention_in_days": 14}
    found = scan([declared("aws_cloudwatch_log_group", lambdas)], MotoReader())
    assert ["retention_in_days"] == found.paths


@mock_aws
def test_tags_that_were_refused_are_unknown_and_the_rest_is_compared():
    logs = client("logs")
    make(logs)
    logs.delete_retention_policy(logGroupName="/shop/web")
    reader = MotoReader(broken={"logs.ListTagsForResource": "AccessDeniedException"})
    found = scan([declared("aws_cloudwatch_log_group", state())], reader)
    assert ["retention_in_days"] == found.paths
    assert ["tags: AccessDeniedException"] == found.unknown


@mock_aws
def test_a_refused_list_makes_a_log_group_unknown_and_never_missing():
    reader = MotoReader(broken={"logs.DescribeLogGroups": "AccessDeniedException"})
    found = scan([declared("aws_cloudwatch_log_group", state())], reader)
    assert (["none"], ["AccessDeniedException"]) == (found.kinds, found.unknown)
    assert {"logs.DescribeLogGroups": 1} == reader.calls
