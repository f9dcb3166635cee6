"""An SNS topic and its policy, on moto."""

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

ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/feedback"
DELIVERY = {"http": {"defaultHealthyRetryPolicy": {"numRetries": 3, "minDelayTarget": 20}}}


def topic_policy(who: str = ACCOUNT) -> dict[str, object]:
    statement = {"Sid": "own", "Effect": "Allow", "Principal": {"AWS": who}}
    statement |= {"Action": "SNS:Publish", "Resource": ARN}
    return {"Version": "2012-10-17", "Id": "ours", "Statement": [statement]}


def feedback() -> dict[str, object]:
    settings: dict[str, object] = {}
    for name in ("application", "firehose", "http", "lambda", "sqs"):
        settings[f"{name}_failure_feedback_role_arn"] = ""
        settings[f"{name}_success_feedback_role_arn"] = ""
        settings[f"{name}_success_feedback_sample_rate"] = 0
    return settings


def state(**changed: object) -> dict[str, object]:
    return {
        "archive_policy": "",
        "arn": ARN,
        "beginning_archive_time": "",
        "content_based_deduplication": False,
        "delivery_policy": json.dumps(DELIVERY),
        "display_name": "Alarms",
        "fifo_throughput_scope": "",
        "fifo_topic": False,
        "id": ARN,
        "kms_master_key_id": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234",
        "name": "alarms",
        "name_prefix": "",
        "owner": ACCOUNT,
        "policy": json.dumps(topic_policy(f"arn:aws:iam::{ACCOUNT}:root")),
        "signature_version": 0,
        "tags": {"team": "shop"},
        "tags_all": {"team": "shop"},
        "tracing_config": "",
        **feedback(),
        **changed,
    }


def make(sns: Any) -> None:
    tags = [{"Key": "team", "Value": "shop"}]
    sns.create_topic(Name="alarms", Tags=tags)
    for name, value in (
        ("DisplayName", "Alarms"),
        ("KmsMasterKeyId", "1234"),
        ("Policy", json.dumps(topic_policy())),
        ("DeliveryPolicy", json.dumps(DELIVERY)),
    ):
        sns.set_topic_attributes(TopicArn=ARN, AttributeName=name, AttributeValue=value)


@mock_aws
def test_a_topic_as_declared_has_no_drift():
    make(client("sns"))
    found = scan([declared("aws_sns_topic", state())], MotoReader())
    assert (["none"], [], []) == (found.kinds, found.unknown, found.not_in_state)


STRICT = {"http": {"defaultHealthyRetryPolicy": {"numRetries": 50, "minDelayTarget": 20}}}
HAND_MADE = {
    "DisplayName": ("Phishing", "display_name"),
    "KmsMasterKeyId": ("alias/other", "kms_master_key_id"),
    "DeliveryPolicy": (
        json.dumps(STRICT),
        "delivery_policy.http.defaultHealthyRetryPolicy.numRetries",
    ),
    "Policy": (json.dumps(topic_policy("*")), 'policy.Statement["own"]'),
    "TracingConfig": ("Active", "tracing_config"),
    "SignatureVersion": ("2", "signature_version"),
    "HTTPFailureFeedbackRoleArn": (ROLE, "http_failure_feedback_role_arn"),
    "SQSSuccessFeedbackRoleArn": (ROLE, "sqs_success_feedback_role_arn"),
    "LambdaSuccessFeedbackSampleRate": ("50", "lambda_success_feedback_sample_rate"),
    "ApplicationSuccessFeedbackRoleArn": (ROLE, "application_success_feedback_role_arn"),
    "FirehoseFailureFeedbackRoleArn": (ROLE, "firehose_failure_feedback_role_arn"),
    "ArchivePolicy": ('{"MessageRetentionPeriod": 30}', "archive_policy"),
    "ContentBasedDeduplication": ("true", "content_based_deduplication"),
    "FifoThroughputScope": ("Topic", "fifo_throughput_scope"),
}


def answering(**attributes: str) -> EditedReader:
    """Moto keeps few attributes, so its answers are edited."""
    return EditedReader(edits={"GetTopicAttributes": {"Attributes": attributes}})


@mock_aws
@pytest.mark.parametrize("name", HAND_MADE)
def test_each_attribute_changed_by_hand_is_found(name: str):
    value, path = HAND_MADE[name]
    make(client("sns"))
    found = scan([declared("aws_sns_topic", state())], answering(**{name: value}))
    assert [path] == [one.split("[0]")[0] for one in found.paths]


@mock_aws
def test_a_tag_changed_by_hand_is_found():
    sns = client("sns")
    make(sns)
    sns.tag_resource(ResourceArn=ARN, Tags=[{"Key": "team", "Value": "nobody"}])
    assert ["tags.team"] == scan([declared("aws_sns_topic", state())], MotoReader()).paths


@mock_aws
def test_aws_default_settings_are_no_drift_of_what_nobody_declared():
    make(client("sns"))
    reader = answering(TracingConfig="PassThrough", SignatureVersion="1")
    found = scan([declared("aws_sns_topic", state())], reader)
    assert (["signature_version", "tracing_config"], []) == (found.suppressed, found.paths)


@mock_aws
def test_aws_own_policy_stands_in_the_state():
    sns = client("sns")
    sns.create_topic(Name="alarms")
    own = sns.get_topic_attributes(TopicArn=ARN)["Attributes"]["Policy"]
    bare = {"arn": ARN, "id": ARN, "policy": own}
    assert ["none"] == scan([declared("aws_sns_topic", bare)], MotoReader()).kinds
    make(sns)
    assert scan([declared("aws_sns_topic", bare)], MotoReader()).paths


@mock_aws
def test_aws_own_policy_is_no_drift_where_the_state_has_none():
    sns = client("sns")
    sns.create_topic(Name="alarms")
    for nothing in ({}, {"policy": ""}):
        bare = declared("aws_sns_topic", {"arn": ARN, "id": ARN, **nothing})
        found = scan([bare], MotoReader())
        assert (["policy"], []) == (found.suppressed, found.paths)
    own = json.loads(sns.get_topic_attributes(TopicArn=ARN)["Attributes"]["Policy"])
    own["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceOwner"] = "999999999999"
    sns.set_topic_attributes(TopicArn=ARN, AttributeName="Policy", AttributeValue=json.dumps(own))
    assert ["policy"] == scan([bare], MotoReader()).paths
    own["Statement"][0].pop("Condition")
    sns.set_topic_attributes(TopicArn=ARN, AttributeName="Policy", AttributeValue=json.dumps(own))
    assert ["policy"] == scan([bare], MotoReader()).paths


@mock_aws
def test_a_topic_that_is_gone_is_missing_and_one_made_by_hand_unmanaged():
    client("sns").create_topic(Name="by-hand")
    found = scan([declared("aws_sns_topic", state())], MotoReader())
    assert ["missing"] == found.kinds
    assert [ARN.replace("alarms", "by-hand")] == found.unmanaged_ids


@mock_aws
def test_a_policy_of_its_own_owns_the_topics_policy():
    sns = client("sns")
    make(sns)
    own = {"id": ARN, "arn": ARN, "owner": ACCOUNT, "policy": json.dumps(topic_policy())}
    pair = [
        declared("aws_sns_topic", state(policy='{"Version": "2008-10-17"}')),
        declared("aws_sns_topic_policy", own),
    ]
    assert ["none", "none"] == scan(pair, MotoReader()).kinds
    widened = json.dumps(topic_policy("*"))
    sns.set_topic_attributes(TopicArn=ARN, AttributeName="Policy", AttributeValue=widened)
    found = scan(pair, MotoReader())
    assert ["none", "changed"] == found.kinds
    drift = found.resources[1].drift
    assert drift is not None
    assert Severity.HIGH == rate(TABLE, drift).severity


@mock_aws
def test_a_policy_of_a_topic_that_is_gone_is_missing():
    own = {"id": ARN, "arn": ARN, "policy": json.dumps(topic_policy())}
    assert ["missing"] == scan([declared("aws_sns_topic_policy", own)], MotoReader()).kinds


@mock_aws
def test_what_was_refused_is_unknown_and_not_different():
    make(client("sns"))
    own = declared("aws_sns_topic_policy", {"id": ARN, "arn": ARN, "policy": "{}"})
    reader = MotoReader(broken={"sns.GetTopicAttributes": "AuthorizationError"})
    found = scan([declared("aws_sns_topic", state()), own], reader)
    assert ["none", "none"] == found.kinds
    assert 2 == len(found.unknown)
    reader = MotoReader(broken={"sns.ListTagsForResource": "AuthorizationError"})
    found = scan([declared("aws_sns_topic", state())], reader)
    assert ["tags: AuthorizationError"] == found.unknown


@mock_aws
def test_a_declared_topic_is_read_though_the_list_was_refused():
    make(client("sns"))
    reader = MotoReader(broken={"sns.ListTopics": "AuthorizationError"})
    gone = state(id=f"{ARN}-gone", arn=f"{ARN}-gone")
    found = scan([declared("aws_sns_topic", state()), declared("aws_sns_topic", gone)], reader)
    assert found.resources[0].unknown is None
    listing = next(iter(found.listings.values()))
    assert {f"{ARN}-gone"} == listing.absent
