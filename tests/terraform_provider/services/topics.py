"""SNS topics and their policies."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
)
from tests.terraform_provider.wire import Values

_TEXTS = {
    "display_name": "DisplayName",
    "kms_master_key_id": "KmsMasterKeyId",
    "delivery_policy": "DeliveryPolicy",
    "tracing_config": "TracingConfig",
}


def topic_attributes(aws: Aws, arn: str) -> dict[str, str] | None:
    """Return what SNS says of a topic, or None."""
    answer: Any = found(lambda: aws.sns.get_topic_attributes(TopicArn=arn), "NotFound")
    return answer and dict(answer["Attributes"])


class Topic:
    name = "aws_sns_topic"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "content_based_deduplication": optional(BOOL, default=False),
        "delivery_policy": optional(),
        "display_name": optional(),
        "fifo_topic": optional(BOOL, default=False),
        "kms_master_key_id": optional(),
        "name": either(),
        "name_prefix": either(),
        "owner": computed(),
        "policy": either(),
        "signature_version": either(NUMBER),
        "tracing_config": either(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        texts = {**_TEXTS, "policy": "Policy"}
        asked = {wire: wanted[name] for name, wire in texts.items() if wanted[name]}
        made = aws.sns.create_topic(
            Name=wanted["name"], Attributes=asked, Tags=pairs(wanted["tags_all"])
        )
        return str(made["TopicArn"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        arn = state["id"]
        live = topic_attributes(aws, arn)
        if live is None:
            return None
        tags = aws.sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
        return {
            **{name: live.get(wire, "") for name, wire in _TEXTS.items()},
            "arn": arn,
            "content_based_deduplication": live.get("ContentBasedDeduplication") == "true",
            "fifo_topic": live.get("FifoTopic") == "true",
            "name": arn.rpartition(":")[2],
            "name_prefix": "",
            "owner": live["Owner"],
            "policy": same_document(state.get("policy"), live["Policy"]),
            "signature_version": int(live.get("SignatureVersion") or 0),
            **aws.tags(by_key(tags)),
        }


class TopicPolicy:
    name = "aws_sns_topic_policy"
    schema: ClassVar[Schema] = {**ID, "arn": required(), "owner": computed(), "policy": required()}

    def create(self, aws: Aws, wanted: Values) -> str:
        arn = wanted["arn"]
        aws.sns.set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=wanted["policy"]
        )
        return str(arn)

    def read(self, aws: Aws, state: Values) -> Values | None:
        live = topic_attributes(aws, state["id"])
        return live and {
            "owner": live["Owner"],
            "policy": same_document(state["policy"], live["Policy"]),
        }


RESOURCES = (Topic(), TopicPolicy())
