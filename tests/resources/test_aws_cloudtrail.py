"""A CloudTrail trail, on moto."""

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

ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:audit"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:audit"
OBJECTS = {"type": "AWS::S3::Object", "values": ["arn:aws:s3:::b/", "arn:aws:s3:::a/"]}
SELECTOR = {
    "data_resource": [OBJECTS],
    "exclude_management_event_sources": None,
    "include_management_events": True,
    "read_write_type": "All",
}
WIRE_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::a/", "arn:aws:s3:::b/"]}
    ],
    "ExcludeManagementEventSources": [],
}
# What AWS says of a trail that never had selectors of its own.
DEFAULT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def state(**changed: object) -> dict[str, object]:
    return {
        "advanced_event_selector": [],
        "arn": ARN,
        "cloud_watch_logs_group_arn": f"{GROUP}:*",
        "cloud_watch_logs_role_arn": f"arn:aws:iam::{ACCOUNT}:role/audit",
        "enable_log_file_validation": True,
        "enable_logging": True,
        "event_selector": [SELECTOR],
        "home_region": REGION,
        "id": "audit",
        "include_global_service_events": True,
        "insight_selector": [{"insight_type": "ApiCallRateInsight"}],
        "is_multi_region_trail": True,
        "is_organization_trail": False,
        "kms_key_id": KEY,
        "name": "audit",
        "s3_bucket_name": "audit-logs",
        "s3_key_prefix": "prefix",
        "sns_topic_arn": TOPIC,
        "sns_topic_name": "audit",
        "tags": {"team": "security"},
        "tags_all": {"team": "security"},
        **changed,
    }


def make(cloudtrail: Any) -> None:
    client("s3").create_bucket(
        Bucket="audit-logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    client("sns").create_topic(Name="audit")
    cloudtrail.create_trail(
        Name="audit",
        S3BucketName="audit-logs",
        S3KeyPrefix="prefix",
        SnsTopicName="audit",
        IncludeGlobalServiceEvents=True,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=f"{GROUP}:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/audit",
        KmsKeyId=KEY,
        TagsList=[{"Key": "team", "Value": "security"}],
    )
    cloudtrail.start_logging(Name="audit")
    cloudtrail.put_event_selectors(TrailName="audit", EventSelectors=[WIRE_SELECTOR])
    insights = [{"InsightType": "ApiCallRateInsight"}]
    cloudtrail.put_insight_selectors(TrailName="audit", InsightSelectors=insights)


@mock_aws
@pytest.mark.parametrize("object_id", ["audit", ARN])
def test_a_trail_as_declared_has_no_drift(object_id: str):
    make(client("cloudtrail"))
    found = scan([declared("aws_cloudtrail", state(id=object_id))], MotoReader())
    assert (["none"], [], [], [], []) == (
        found.kinds,
        found.unknown,
        found.suppressed,
        found.not_in_state,
        found.unmanaged_ids,
    )


@mock_aws
def test_a_trail_stopped_by_hand_is_critical():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    cloudtrail.stop_logging(Name="audit")
    found = scan([declared("aws_cloudtrail", state())], MotoReader())
    assert ["enable_logging"] == found.paths
    drift = found.resources[0].drift
    assert drift is not None
    assert Severity.CRITICAL == rate(TABLE, drift).severity


OTHER = f"arn:aws:kms:{REGION}:999999999999:key/1234"
HAND_MADE: dict[str, tuple[object, str]] = {
    "S3BucketName": ("elsewhere", "s3_bucket_name"),
    "S3KeyPrefix": ("", "s3_key_prefix"),
    "IncludeGlobalServiceEvents": (False, "include_global_service_events"),
    "IsMultiRegionTrail": (False, "is_multi_region_trail"),
    "IsOrganizationTrail": (True, "is_organization_trail"),
    "LogFileValidationEnabled": (False, "enable_log_file_validation"),
    "KmsKeyId": (OTHER, "kms_key_id"),
    "CloudWatchLogsLogGroupArn": (f"{GROUP}-other:*", "cloud_watch_logs_group_arn"),
    "CloudWatchLogsRoleArn": (None, "cloud_watch_logs_role_arn"),
    "SnsTopicARN": (TOPIC.replace(ACCOUNT, "999999999999"), "sns_topic_name"),
}


@mock_aws
@pytest.mark.parametrize("name", HAND_MADE)
def test_each_attribute_changed_by_hand_is_found(name: str):
    value, path = HAND_MADE[name]
    make(client("cloudtrail"))
    reader = EditedReader(edits={"DescribeTrails": {name: value}})
    assert [path] == scan([declared("aws_cloudtrail", state())], reader).paths


@mock_aws
def test_a_tag_changed_by_hand_is_found():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    cloudtrail.add_tags(ResourceId=ARN, TagsList=[{"Key": "team", "Value": "nobody"}])
    assert ["tags.team"] == scan([declared("aws_cloudtrail", state())], MotoReader()).paths


@mock_aws
def test_selectors_changed_by_hand_are_found():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    quiet = {**WIRE_SELECTOR, "ReadWriteType": "ReadOnly"}
    cloudtrail.put_event_selectors(TrailName="audit", EventSelectors=[quiet])
    found = scan([declared("aws_cloudtrail", state())], MotoReader())
    assert {"event_selector"} == set(found.paths)


@mock_aws
def test_a_selector_that_was_taken_away_leaves_the_default_and_is_found():
    make(client("cloudtrail"))
    reader = EditedReader(edits={"GetEventSelectors": {"EventSelectors": [DEFAULT]}})
    assert {"event_selector"} == set(scan([declared("aws_cloudtrail", state())], reader).paths)


@mock_aws
def test_the_default_selector_is_no_drift_where_none_is_declared():
    make(client("cloudtrail"))
    bare = declared("aws_cloudtrail", state(event_selector=[]))
    reader = EditedReader(edits={"GetEventSelectors": {"EventSelectors": [DEFAULT]}})
    found = scan([bare], reader)
    assert (["event_selector"], []) == (found.suppressed, found.paths)
    for weaker in ({"IncludeManagementEvents": False}, {"ReadWriteType": "WriteOnly"}):
        edited = {"EventSelectors": [{**DEFAULT, **weaker}]}
        found = scan([bare], EditedReader(edits={"GetEventSelectors": edited}))
        assert ["event_selector"] == found.paths


@mock_aws
def test_advanced_selectors_are_compared_without_order():
    make(client("cloudtrail"))
    blocks = [
        {
            "name": "writes",
            "field_selector": [
                {"field": "eventCategory", "equals": ["Data"], "not_equals": []},
                {"field": "resources.type", "equals": ["b", "a"]},
            ],
        }
    ]
    fields = [
        {"Field": "resources.type", "Equals": ["a", "b"]},
        {"Field": "eventCategory", "Equals": ["Data"]},
    ]
    wire = {"Name": "writes", "FieldSelectors": fields}
    edits = {"GetEventSelectors": {"EventSelectors": None, "AdvancedEventSelectors": [wire]}}
    trail = declared("aws_cloudtrail", state(event_selector=[], advanced_event_selector=blocks))
    assert [] == scan([trail], EditedReader(edits=edits)).paths
    narrowed = {**wire, "FieldSelectors": [*fields, {"Field": "readOnly", "Equals": ["false"]}]}
    edits["GetEventSelectors"]["AdvancedEventSelectors"] = [narrowed]
    found = scan([trail], EditedReader(edits=edits))
    assert {"advanced_event_selector"} == set(found.paths)


@mock_aws
def test_insights_switched_off_by_hand_are_found_and_their_absence_is_no_failure():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    reader = MotoReader(broken={"cloudtrail.GetInsightSelectors": "InsightNotEnabledException"})
    found = scan([declared("aws_cloudtrail", state())], reader)
    assert (["insight_selector"], []) == (found.paths, found.unknown)
    without = declared("aws_cloudtrail", state(insight_selector=[]))
    assert (["none"], []) == (scan([without], reader).kinds, scan([without], reader).unknown)


@mock_aws
def test_a_trail_deleted_by_hand_is_missing_and_critical():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    cloudtrail.delete_trail(Name="audit")
    found = scan([declared("aws_cloudtrail", state())], MotoReader())
    assert ["missing"] == found.kinds
    drift = found.resources[0].drift
    assert drift is not None
    assert Severity.CRITICAL == rate(TABLE, drift).severity


@mock_aws
def test_a_trail_made_by_hand_is_unmanaged_in_its_home_region_alone():
    cloudtrail = client("cloudtrail")
    make(cloudtrail)
    cloudtrail.create_trail(Name="by-hand", S3BucketName="audit-logs", IsMultiRegionTrail=True)
    mine = declared("aws_cloudtrail", state())
    assert [ARN.replace("audit", "by-hand")] == scan([mine], MotoReader()).unmanaged_ids
    elsewhere = scan([mine], MotoReader(region="us-east-1"), aws_defaults=True)
    listed = next(iter(elsewhere.listings.values())).items
    assert (2, []) == (len(listed), elsewhere.unmanaged_ids)


@mock_aws
def test_the_organizations_trail_is_not_unmanaged_in_a_member_account():
    make(client("cloudtrail"))
    mine = declared("aws_cloudtrail", state(arn=ARN.replace("audit", "other")))
    member = MotoReader(account="999999999999")
    assert [] == scan([mine], member).unmanaged_ids
    assert [ARN] == scan([mine], member, aws_defaults=True).unmanaged_ids


@mock_aws
def test_a_state_without_an_arn_is_unknown_and_never_missing():
    found = scan([declared("aws_cloudtrail", {"id": "audit", "name": "audit"})], MotoReader())
    assert (["none"], ["the state does not hold its id"]) == (found.kinds, found.unknown)


DETAILS = {
    "GetTrailStatus": "enable_logging",
    "GetEventSelectors": "event_selector, advanced_event_selector",
    "GetInsightSelectors": "insight_selector",
    "ListTags": "tags",
}


@mock_aws
@pytest.mark.parametrize("operation", DETAILS)
def test_a_detail_that_was_refused_is_unknown_and_the_rest_is_compared(operation: str):
    make(client("cloudtrail"))
    reader = MotoReader(broken={f"cloudtrail.{operation}": "AccessDeniedException"})
    found = scan([declared("aws_cloudtrail", state())], reader)
    assert ["none"] == found.kinds
    assert [f"{DETAILS[operation]}: AccessDeniedException"] == found.unknown


@mock_aws
def test_tags_of_twenty_trails_cost_one_call():
    make(client("cloudtrail"))
    for number in range(21):
        client("cloudtrail").create_trail(Name=f"t-{number}", S3BucketName="audit-logs")
    trails = [ARN.replace("audit", f"t-{number}") for number in range(21)]
    reader = MotoReader()
    found = scan(
        [declared("aws_cloudtrail", {"id": arn, "tags_all": {}}) for arn in trails], reader
    )
    assert [] == found.unknown
    assert (1, 2) == (
        reader.calls["cloudtrail.DescribeTrails"],
        reader.calls["cloudtrail.ListTags"],
    )
