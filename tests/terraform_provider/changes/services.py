"""Keys, queues, topics, trails and logs."""

from __future__ import annotations

import json

from tests.terraform_provider.changes.change import Hands, changed, gone, made


def _open(resource: str, action: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _queue(hands: Hands, name: str, **attributes: str) -> None:
    url = hands.of(f"aws_sqs_queue.{name}")
    hands.aws().sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def _open_queue(hands: Hands, name: str) -> None:
    _queue(hands, name, Policy=_open(hands.of(f"aws_sqs_queue.{name}", "arn"), "sqs:*"))


def _topic(hands: Hands, name: str, attribute: str, value: str) -> None:
    hands.aws().sns.set_topic_attributes(
        TopicArn=hands.of(f"aws_sns_topic.{name}"), AttributeName=attribute, AttributeValue=value
    )


def _open_topic(hands: Hands, name: str) -> None:
    _topic(hands, name, "Policy", _open(hands.of(f"aws_sns_topic.{name}"), "sns:Publish"))


def _alias(hands: Hands) -> None:
    plain = hands.of("aws_kms_key.plain")
    hands.aws().kms.update_alias(AliasName="alias/main", TargetKeyId=plain)


def _open_key(hands: Hands) -> None:
    hands.aws().kms.put_key_policy(
        KeyId=hands.of("aws_kms_key.plain"), PolicyName="default", Policy=_open("*", "kms:*")
    )


def _retain(hands: Hands) -> None:
    hands.aws().logs.put_retention_policy(logGroupName="/app", retentionInDays=1)


def _new_key(hands: Hands) -> None:
    hands.aws().kms.create_key(KeyUsage="ENCRYPT_DECRYPT")


def _new_trail(hands: Hands) -> None:
    hands.aws().cloudtrail.create_trail(Name="by-hand", S3BucketName="acme-logs")


CHANGES = (
    changed(
        "aws_kms_key.main",
        "enable_key_rotation",
        "rotation off",
        lambda h: h.aws().kms.disable_key_rotation(KeyId=h.of("aws_kms_key.main")),
    ),
    changed("aws_kms_key.plain", "policy", "opened", _open_key),
    changed(
        "aws_kms_key.plain",
        "is_enabled",
        "disabled",
        lambda h: h.aws().kms.disable_key(KeyId=h.of("aws_kms_key.plain")),
    ),
    gone(
        "aws_kms_key.gone",
        lambda h: h.aws().kms.schedule_key_deletion(
            KeyId=h.of("aws_kms_key.gone"), PendingWindowInDays=7
        ),
    ),
    made("aws_kms_key", _new_key),
    changed("aws_kms_alias.main", "target_key_id", "moved to another key", _alias),
    gone("aws_kms_alias.gone", lambda h: h.aws().kms.delete_alias(AliasName="alias/gone")),
    changed("aws_sqs_queue.inline", "policy", "opened", lambda h: _open_queue(h, "inline")),
    changed(
        "aws_sqs_queue.inline",
        "visibility_timeout_seconds",
        "seen sooner",
        lambda h: _queue(h, "inline", VisibilityTimeout="5"),
    ),
    changed(
        "aws_sqs_queue.inline",
        "tags",
        "tag added",
        lambda h: h.aws().sqs.tag_queue(
            QueueUrl=h.of("aws_sqs_queue.inline"), Tags={"Extra": "yes"}
        ),
    ),
    gone(
        "aws_sqs_queue.gone",
        lambda h: h.aws().sqs.delete_queue(QueueUrl=h.of("aws_sqs_queue.gone")),
    ),
    made("aws_sqs_queue", lambda h: h.aws().sqs.create_queue(QueueName="by-hand")),
    changed("aws_sqs_queue_policy.split", "policy", "opened", lambda h: _open_queue(h, "split")),
    gone("aws_sqs_queue_policy.undone", lambda h: _queue(h, "undone", Policy="")),
    changed(
        "aws_sns_topic.plain",
        "display_name",
        "renamed",
        lambda h: _topic(h, "plain", "DisplayName", "Other"),
    ),
    changed("aws_sns_topic.plain", "policy", "opened", lambda h: _open_topic(h, "plain")),
    gone(
        "aws_sns_topic.gone",
        lambda h: h.aws().sns.delete_topic(TopicArn=h.of("aws_sns_topic.gone")),
    ),
    made("aws_sns_topic", lambda h: h.aws().sns.create_topic(Name="by-hand")),
    changed("aws_sns_topic_policy.split", "policy", "opened", lambda h: _open_topic(h, "split")),
    changed(
        "aws_cloudtrail.main",
        "enable_logging",
        "stopped",
        lambda h: h.aws().cloudtrail.stop_logging(Name="main"),
    ),
    changed(
        "aws_cloudtrail.main",
        "is_multi_region_trail",
        "one region only",
        lambda h: h.aws().cloudtrail.update_trail(Name="main", IsMultiRegionTrail=False),
    ),
    gone("aws_cloudtrail.gone", lambda h: h.aws().cloudtrail.delete_trail(Name="gone")),
    made("aws_cloudtrail", _new_trail),
    changed("aws_cloudwatch_log_group.app", "retention_in_days", "kept shorter", _retain),
    gone(
        "aws_cloudwatch_log_group.gone",
        lambda h: h.aws().logs.delete_log_group(logGroupName="/gone"),
    ),
    made(
        "aws_cloudwatch_log_group",
        lambda h: h.aws().logs.create_log_group(logGroupName="/by-hand"),
    ),
)
