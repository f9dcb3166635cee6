"""Where terraform's answer and ours differ, and why ours is to be preferred. The whole list.

A difference that is not listed fails the test, and so does a listed one that no
longer occurs.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.terraform_provider.changes.change import MISSING
from tests.terraform_provider.found import Spot

SAID_TWICE = (
    "The provider keeps a copy on the bigger object, so terraform says it twice;"
    " DriftGuard says it once, on the resource that declares it"
)
COUNTED = "Only a count of attachments; the attachment that came or went is told itself"
UNSEEN = "Nobody declared it, so terraform cannot see it"

_INGRESS, _EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
_S3, _ENCRYPTION = "aws_s3_bucket", "aws_s3_bucket_server_side_encryption_configuration"

TOLD_ELSEWHERE: Mapping[Spot, tuple[Spot, str]] = {
    ("aws_security_group.split", "egress"): (
        ("aws_security_group_rule.gone", MISSING),
        SAID_TWICE,
    ),
    ("aws_security_group.single", "ingress"): ((f"{_INGRESS}.changed", "cidr_ipv4"), SAID_TWICE),
    ("aws_security_group.single", "egress"): ((f"{_EGRESS}.changed", "cidr_ipv4"), SAID_TWICE),
    ('module.us["b"].aws_security_group.this["web"]', "ingress"): (
        ('module.us["b"].aws_security_group_rule.this["web"]', MISSING),
        SAID_TWICE,
    ),
    (f"{_S3}.split", "grant"): ((f"{_S3}_acl.split", "access_control_policy"), SAID_TWICE),
    (f"{_S3}.split", "logging"): ((f"{_S3}_logging.split", "target_prefix"), SAID_TWICE),
    (f"{_S3}.split", "policy"): ((f"{_S3}_policy.split", "policy"), SAID_TWICE),
    (f"{_S3}.split", "server_side_encryption_configuration"): (
        (f"{_ENCRYPTION}.split", "rule"),
        SAID_TWICE,
    ),
    (f"{_S3}.split", "versioning"): (
        (f"{_S3}_versioning.split", "versioning_configuration"),
        SAID_TWICE,
    ),
    (f"{_S3}.undone", "logging"): ((f"{_S3}_logging.undone", MISSING), SAID_TWICE),
    (f"{_S3}.undone", "policy"): ((f"{_S3}_policy.undone", MISSING), SAID_TWICE),
    (f"{_S3}.undone", "server_side_encryption_configuration"): (
        (f"{_ENCRYPTION}.undone", MISSING),
        SAID_TWICE,
    ),
    (f"{_S3}.far", "versioning"): (
        (f"{_S3}_versioning.far", "versioning_configuration"),
        SAID_TWICE,
    ),
    ("aws_sns_topic.split", "policy"): (("aws_sns_topic_policy.split", "policy"), SAID_TWICE),
    ("aws_sqs_queue.split", "policy"): (("aws_sqs_queue_policy.split", "policy"), SAID_TWICE),
    ("aws_sqs_queue.undone", "policy"): (("aws_sqs_queue_policy.undone", MISSING), SAID_TWICE),
    ("aws_iam_policy.changed", "attachment_count"): (
        ("aws_iam_user_policy_attachment.gone", MISSING),
        COUNTED,
    ),
    ("aws_iam_policy.loose", "attachment_count"): (
        ("aws_iam_role.app", "managed_policy_arns"),
        COUNTED,
    ),
    ("aws_iam_policy.read", "attachment_count"): (
        ("aws_iam_role_policy_attachment.gone", MISSING),
        COUNTED,
    ),
    ("aws_iam_policy.shared", "attachment_count"): (
        ("aws_iam_policy_attachment.shared", "roles"),
        COUNTED,
    ),
}
"""What only terraform says → where we say it, and why there."""
