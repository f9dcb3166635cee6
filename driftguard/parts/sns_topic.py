"""The access policy of an SNS topic: inline, or as a resource of its own."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.freeze import thaw
from driftguard.canonical.policy import POLICY
from driftguard.model import Severity
from driftguard.resource_type import Attribute

COLLECTION = "sns.topics"

_OWNERS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)


def policy_attribute(*, part: bool) -> Attribute:
    """Return the attribute ``policy``; ``part`` where another resource may own it."""
    return Attribute(
        name="policy",
        wire="Attributes.Policy",
        kind=POLICY,
        part=part,
        severity=Severity.HIGH,
        accept=_aws_made_it if part else None,
        note="Who may publish and subscribe, compared by meaning.",
    )


def _aws_made_it(attributes: Mapping[str, object], declared: object, live: object) -> str | None:
    """Say that a policy is the one that AWS gives a new topic, where none is declared.

    https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html (its basic
    access policy: only the topic's owner)
    """
    arn = str(attributes.get("arn") or "")
    if declared is not None or arn.count(":") < 5:  # noqa: PLR2004  # an ARN has six parts
        return None
    # Older topics have one action more.
    if live in (_default(arn, _OWNERS), _default(arn, (*_OWNERS, "Receive"))):
        return "not set, and this is the policy that AWS gives a new topic: its owner alone"
    return None


def _default(arn: str, actions: tuple[str, ...]) -> object:
    """Return AWS's own policy of a topic, as it is told."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": arn.split(":")[4]}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    return thaw(POLICY.canonical(policy))
