"""Changes inside modules, counts and maps, in two regions."""

from __future__ import annotations

from tests.terraform_provider.changes.change import Hands, changed, gone, made
from tests.terraform_provider.changes.network import rule

_US = "us-west-2"
_WEB = 'module.eu.aws_security_group.this["web"]'
_FAR_GROUP = 'module.us["b"].aws_security_group.this["web"]'
_FAR_RULE = 'module.us["b"].aws_security_group_rule.this["web"]'
_FAR_VPC = 'module.us["a"].aws_vpc.this'


def _open(hands: Hands) -> None:
    hands.aws().ec2.authorize_security_group_ingress(
        GroupId=hands.of(_WEB), IpPermissions=[rule(22)]
    )


def _close(hands: Hands) -> None:
    hands.aws(_US).ec2.revoke_security_group_ingress(
        GroupId=hands.of(_FAR_GROUP), IpPermissions=[rule(443, "10.0.0.0/8")]
    )


def _tag_far(hands: Hands) -> None:
    tags = [{"Key": "Extra", "Value": "yes"}]
    hands.aws(_US).ec2.create_tags(Resources=[hands.of(_FAR_VPC)], Tags=tags)


def _new_far_group(hands: Hands) -> None:
    hands.aws(_US).ec2.create_security_group(
        GroupName="by-hand", Description="by hand", VpcId=hands.of(_FAR_VPC)
    )


def _disown(hands: Hands) -> None:
    url = hands.of("aws_sqs_queue.jobs[0]")
    hands.aws().sqs.untag_queue(QueueUrl=url, TagKeys=["Owner"])


def _retag(hands: Hands) -> None:
    url = hands.of("aws_sqs_queue.jobs[1]")
    hands.aws().sqs.tag_queue(QueueUrl=url, Tags={"Env": "prod"})


def _hurry(hands: Hands) -> None:
    url = hands.of("aws_sqs_queue.far")
    hands.aws(_US).sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5"})


def _suspend(hands: Hands) -> None:
    hands.aws(_US).s3.put_bucket_versioning(
        Bucket="acme-far", VersioningConfiguration={"Status": "Suspended"}
    )


CHANGES = (
    changed(_WEB, "ingress", "SSH opened, in a module", _open),
    gone(_FAR_RULE, _close),
    changed(_FAR_VPC, "tags", "tag added, in the second region", _tag_far),
    made("aws_security_group", _new_far_group),
    changed("aws_sqs_queue.jobs[0]", "tags", "a default tag removed", _disown),
    changed("aws_sqs_queue.jobs[1]", "tags", "set back to the default tag", _retag),
    changed("aws_sqs_queue.far", "visibility_timeout_seconds", "a namesake elsewhere", _hurry),
    changed(
        "aws_ebs_encryption_by_default.far",
        "enabled",
        "switched off in the second region",
        lambda h: h.aws(_US).ec2.disable_ebs_encryption_by_default(),
    ),
    changed(
        "aws_s3_bucket_versioning.far",
        "versioning_configuration",
        "suspended in the second region",
        _suspend,
    ),
)
