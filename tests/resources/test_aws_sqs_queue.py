"""An SQS queue and the documents declared for it, on moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto import mock_aws

from driftguard.model import ChangeKind, Severity
from driftguard.rate import rate
from driftguard.resources import TABLE
from tests.edited_reader import EditedReader
from tests.moto_reader import ACCOUNT, REGION, MotoReader, client
from tests.scanned import declared, scan

ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
REDRIVE = {"deadLetterTargetArn": f"{ARN}-dead", "maxReceiveCount": 5}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/queues"


def policy(*actions: str, who: str = f"arn:aws:iam::{ACCOUNT}:root") -> dict[str, object]:
    statement = {"Sid": "own", "Effect": "Allow", "Principal": {"AWS": who}, "Resource": ARN}
    return {"Version": "2012-10-17", "Statement": [{**statement, "Action": list(actions)}]}


def state(**changed: object) -> dict[str, object]:
    return {
        "arn": ARN,
        "content_based_deduplication": False,
        "deduplication_scope": "",
        "delay_seconds": 0,
        "fifo_queue": False,
        "fifo_throughput_limit": "",
        "id": URL,
        "kms_data_key_reuse_period_seconds": 300,
        "kms_master_key_id": "alias/queues",
        "max_message_size": 262144,
        "message_retention_seconds": 345600,
        "name": "orders",
        "name_prefix": "",
        "policy": json.dumps(policy("sqs:SendMessage")),
        "receive_wait_time_seconds": 10,
        "redrive_allow_policy": "",
        "redrive_policy": json.dumps({**REDRIVE, "maxReceiveCount": "5"}),
        "sqs_managed_sse_enabled": False,
        "tags": {"team": "shop"},
        "tags_all": {"team": "shop", "env": "test"},
        "timeouts": None,
        "url": URL,
        "visibility_timeout_seconds": 30,
        **changed,
    }


def make(sqs: Any) -> str:
    sqs.create_queue(QueueName="orders-dead")
    attributes = {
        "KmsMasterKeyId": KEY,
        "MaximumMessageSize": "262144",
        "Policy": json.dumps(policy("SQS:SendMessage", who=ACCOUNT)),
        "ReceiveMessageWaitTimeSeconds": "10",
        "RedrivePolicy": json.dumps(REDRIVE),
        "SqsManagedSseEnabled": "false",
    }
    url: str = sqs.create_queue(
        QueueName="orders", Attributes=attributes, tags={"team": "shop", "env": "test"}
    )["QueueUrl"]
    return url


def answering(**attributes: str) -> EditedReader:
    return EditedReader(edits={"GetQueueAttributes": {"Attributes": attributes}})


@mock_aws
def test_a_queue_as_declared_has_no_drift():
    make(client("sqs"))
    found = scan([declared("aws_sqs_queue", state())], MotoReader())
    assert ["none"] == found.kinds
    assert [] == found.unknown
    assert [] == found.suppressed
    assert [] == found.not_in_state


HAND_MADE = {
    "VisibilityTimeout": ("60", "visibility_timeout_seconds"),
    "MessageRetentionPeriod": ("60", "message_retention_seconds"),
    "MaximumMessageSize": ("1024", "max_message_size"),
    "DelaySeconds": ("5", "delay_seconds"),
    "ReceiveMessageWaitTimeSeconds": ("0", "receive_wait_time_seconds"),
    "KmsMasterKeyId": (KEY.replace(ACCOUNT, "999999999999"), "kms_master_key_id"),
    "KmsDataKeyReusePeriodSeconds": ("86400", "kms_data_key_reuse_period_seconds"),
    "SqsManagedSseEnabled": ("true", "sqs_managed_sse_enabled"),
    "RedrivePolicy": (
        json.dumps({**REDRIVE, "maxReceiveCount": 9}),
        "redrive_policy.maxReceiveCount",
    ),
    "Policy": (json.dumps(policy("sqs:*", who="*")), 'policy.Statement["own"]'),
}


@mock_aws
@pytest.mark.parametrize("name", HAND_MADE)
def test_each_attribute_changed_by_hand_is_found(name: str):
    value, path = HAND_MADE[name]
    sqs = client("sqs")
    # On moto, a queue loses its policy when other attributes are set.
    attributes = {"Policy": json.dumps(policy("sqs:SendMessage")), name: value}
    sqs.set_queue_attributes(QueueUrl=make(sqs), Attributes=attributes)
    found = scan([declared("aws_sqs_queue", state())], MotoReader())
    assert [path] == found.paths


@mock_aws
def test_a_tag_changed_by_hand_is_found():
    sqs = client("sqs")
    sqs.tag_queue(QueueUrl=make(sqs), Tags={"team": "nobody"})
    assert ["tags.team"] == scan([declared("aws_sqs_queue", state())], MotoReader()).paths


@mock_aws
def test_a_fifo_queue_keeps_its_settings():
    sqs = client("sqs")
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="orders.fifo", Attributes=attributes)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    fifo = state(
        id=f"{URL}.fifo",
        url=f"{URL}.fifo",
        fifo_queue=True,
        content_based_deduplication=True,
        deduplication_scope="queue",
        fifo_throughput_limit="perQueue",
        kms_master_key_id="",
        max_message_size=int(attributes["MaximumMessageSize"]),
        policy="",
        receive_wait_time_seconds=0,
        redrive_policy="",
        sqs_managed_sse_enabled=True,
        tags_all={},
    )
    assert [] == scan([declared("aws_sqs_queue", fifo)], MotoReader()).paths
    changed = {"ContentBasedDeduplication": "false", "DeduplicationScope": "messageGroup"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)
    assert {"content_based_deduplication", "deduplication_scope"} == set(
        scan([declared("aws_sqs_queue", fifo)], MotoReader()).paths
    )


@mock_aws
def test_a_queue_that_is_gone_is_missing_and_one_made_by_hand_unmanaged():
    client("sqs").create_queue(QueueName="by-hand")
    found = scan([declared("aws_sqs_queue", state())], MotoReader())
    assert ["missing"] == found.kinds
    assert [f"{ACCOUNT}/by-hand"] == found.unmanaged_ids


@mock_aws
def test_a_queue_is_found_by_the_url_of_any_endpoint():
    make(client("sqs"))
    old = f"https://{REGION}.queue.amazonaws.com/{ACCOUNT}/orders"
    found = scan([declared("aws_sqs_queue", state(id=old, url=old))], MotoReader())
    assert ["none"] == found.kinds
    assert [f"{ACCOUNT}/orders-dead"] == found.unmanaged_ids


@mock_aws
def test_a_policy_of_its_own_owns_the_queues_policy():
    sqs = client("sqs")
    url = make(sqs)
    own = {"id": URL, "queue_url": URL, "policy": json.dumps(policy("sqs:SendMessage"))}
    pair = [
        declared("aws_sqs_queue", state(policy="")),
        declared("aws_sqs_queue_policy", own),
    ]
    assert ["none", "none"] == scan(pair, MotoReader()).kinds
    widened = json.dumps(policy("sqs:SendMessage", who="*"))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": widened})
    found = scan(pair, MotoReader())
    assert ["none", "changed"] == found.kinds
    drift = found.resources[1].drift
    assert drift is not None
    assert Severity.HIGH == rate(TABLE, drift).severity


@mock_aws
@pytest.mark.parametrize(
    ("kind", "attribute", "wire", "document"),
    [
        ("aws_sqs_queue_policy", "policy", "Policy", policy("sqs:SendMessage")),
        ("aws_sqs_queue_redrive_policy", "redrive_policy", "RedrivePolicy", REDRIVE),
    ],
)
def test_a_document_of_its_own_that_was_taken_away_is_missing(
    kind: str, attribute: str, wire: str, document: dict[str, object]
):
    sqs = client("sqs")
    sqs.create_queue(QueueName="orders-dead")
    attributes = {wire: json.dumps(document)}
    url = sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    spelled = json.dumps(dict(reversed(document.items())), indent=1)
    own = declared(kind, {"id": URL, "queue_url": URL, attribute: spelled})
    assert ["none"] == scan([own], MotoReader()).kinds
    sqs.set_queue_attributes(QueueUrl=url, Attributes={wire: ""})
    assert ["missing"] == scan([own], MotoReader()).kinds


@mock_aws
def test_who_may_use_a_dead_letter_queue_is_compared():
    """Not on moto, which forgets RedriveAllowPolicy."""
    make(client("sqs"))
    allow = {"redrivePermission": "byQueue", "sourceQueueArns": [f"{ARN}-a", f"{ARN}-b"]}
    shuffled = {"sourceQueueArns": [f"{ARN}-b", f"{ARN}-a"], "redrivePermission": "byQueue"}
    queue = declared("aws_sqs_queue", state(redrive_allow_policy=json.dumps(allow)))
    own = {"id": URL, "queue_url": URL, "redrive_allow_policy": json.dumps(allow)}
    alone = declared("aws_sqs_queue_redrive_allow_policy", own)
    same = answering(RedriveAllowPolicy=json.dumps(shuffled))
    assert ["none"] == scan([queue], same).kinds
    assert ["none", "none"] == scan([declared("aws_sqs_queue", state()), alone], same).kinds
    opened = answering(RedriveAllowPolicy='{"redrivePermission": "allowAll"}')
    assert [
        "redrive_allow_policy.redrivePermission",
        "redrive_allow_policy.sourceQueueArns",
    ] == scan([queue], opened).paths
    assert ["missing"] == scan([alone], answering()).kinds


@mock_aws
def test_the_key_reuse_period_of_an_unencrypted_queue_is_the_providers():
    """AWS shows none there, and the provider writes its default."""
    client("sqs").create_queue(QueueName="orders")
    attributes = {"id": URL, "kms_data_key_reuse_period_seconds": 300, "kms_master_key_id": ""}
    found = scan([declared("aws_sqs_queue", attributes)], MotoReader())
    assert (["kms_data_key_reuse_period_seconds"], []) == (found.suppressed, found.paths)


@mock_aws
def test_what_was_refused_is_unknown_and_not_different():
    make(client("sqs"))
    broken = {"sqs.GetQueueAttributes": "AccessDenied", "sqs.ListQueueTags": "AccessDenied"}
    own = declared("aws_sqs_queue_policy", {"id": URL, "queue_url": URL, "policy": "{}"})
    found = scan([declared("aws_sqs_queue", state()), own], MotoReader(broken=broken))
    assert ["none", "none"] == found.kinds
    assert 2 == len(found.unknown)


@mock_aws
def test_a_declared_queue_is_read_though_the_list_was_refused():
    make(client("sqs"))
    reader = MotoReader(broken={"sqs.ListQueues": "AccessDenied"})
    gone = state(id=f"{URL}-gone", url=f"{URL}-gone", arn=f"{ARN}-gone")
    found = scan([declared("aws_sqs_queue", state()), declared("aws_sqs_queue", gone)], reader)
    assert found.kinds[0] == "none"
    assert found.resources[0].unknown is None
    listing = next(iter(found.listings.values()))
    assert {f"{ACCOUNT}/orders-gone"} == listing.absent
    assert [] == found.unmanaged_ids


@mock_aws
def test_only_declared_queues_cost_a_call_each():
    sqs = client("sqs")
    make(sqs)
    for number in range(5):
        sqs.create_queue(QueueName=f"q-{number}")
    reader = MotoReader()
    scan([declared("aws_sqs_queue", state())], reader)
    assert {
        "sqs.ListQueues": 1,
        "sqs.GetQueueAttributes": 1,
        "sqs.ListQueueTags": 1,
    } == reader.calls


@mock_aws
def test_aws_encrypts_a_new_queue_and_a_declaration_of_none_is_no_excuse():
    url = client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    attributes = {"id": URL, "sqs_managed_sse_enabled": None}
    found = scan([declared("aws_sqs_queue", attributes)], MotoReader())
    assert (["sqs_managed_sse_enabled"], []) == (found.suppressed, found.paths)
    attributes["sqs_managed_sse_enabled"] = False
    found = scan([declared("aws_sqs_queue", attributes)], MotoReader())
    assert ["sqs_managed_sse_enabled"] == found.paths


@mock_aws
def test_a_policy_added_by_hand_is_drift_of_the_queue():
    url = client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    client("sqs").set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps(policy("sqs:*", who="*"))}
    )
    found = scan([declared("aws_sqs_queue", {"id": URL, "policy": ""})], MotoReader())
    assert ["policy"] == found.paths
    drift = found.resources[0].drift
    assert drift is not None
    assert ChangeKind.ADDED == drift.changes[0].kind
