"""Buckets and what is set on them."""

from __future__ import annotations

import json
from typing import Any

from tests.terraform_provider.changes.change import Hands, changed, gone, made

_SPLIT, _UNDONE, _INLINE = "acme-split", "acme-undone", "acme-inline"
_LET_THROUGH = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": False,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def _s3(hands: Hands) -> Any:
    return hands.aws().s3


def _publish(hands: Hands, bucket: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    _s3(hands).put_bucket_policy(Bucket=bucket, Policy=policy)


def _suspend(hands: Hands, bucket: str) -> None:
    _s3(hands).put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _encrypt(hands: Hands, bucket: str, algorithm: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    _s3(hands).put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )


def _log_elsewhere(hands: Hands) -> None:
    target = {"TargetBucket": "acme-logs", "TargetPrefix": "elsewhere/"}
    _s3(hands).put_bucket_logging(Bucket=_SPLIT, BucketLoggingStatus={"LoggingEnabled": target})


def _own(hands: Hands) -> None:
    _s3(hands).put_bucket_ownership_controls(
        Bucket=_SPLIT, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )


def _retag(hands: Hands) -> None:
    tags = [{"Key": "Env", "Value": "test"}, {"Key": "Owner", "Value": "platform"}]
    _s3(hands).put_bucket_tagging(Bucket=_INLINE, Tagging={"TagSet": tags})


def _new(hands: Hands) -> None:
    place = {"LocationConstraint": "eu-west-1"}
    _s3(hands).create_bucket(Bucket="acme-by-hand", CreateBucketConfiguration=place)


def _open_account(hands: Hands) -> None:
    hands.aws().s3control.put_public_access_block(
        AccountId="123456789012",
        PublicAccessBlockConfiguration=_LET_THROUGH,
    )


CHANGES = (
    changed("aws_s3_bucket.inline", "policy", "opened", lambda h: _publish(h, _INLINE)),
    changed("aws_s3_bucket.inline", "versioning", "suspended", lambda h: _suspend(h, _INLINE)),
    changed(
        "aws_s3_bucket.inline",
        "server_side_encryption_configuration",
        "encrypted otherwise",
        lambda h: _encrypt(h, _INLINE, "aws:kms"),
    ),
    changed("aws_s3_bucket.inline", "tags", "retagged", _retag),
    gone("aws_s3_bucket.gone", lambda h: _s3(h).delete_bucket(Bucket="acme-gone")),
    made("aws_s3_bucket", _new),
    changed("aws_s3_bucket_policy.split", "policy", "opened", lambda h: _publish(h, _SPLIT)),
    gone("aws_s3_bucket_policy.undone", lambda h: _s3(h).delete_bucket_policy(Bucket=_UNDONE)),
    changed(
        "aws_s3_bucket_public_access_block.split",
        "block_public_policy",
        "let through",
        lambda h: _s3(h).put_public_access_block(
            Bucket=_SPLIT, PublicAccessBlockConfiguration=_LET_THROUGH
        ),
    ),
    gone(
        "aws_s3_bucket_public_access_block.undone",
        lambda h: _s3(h).delete_public_access_block(Bucket=_UNDONE),
    ),
    changed(
        "aws_s3_bucket_versioning.split",
        "versioning_configuration",
        "suspended",
        lambda h: _suspend(h, _SPLIT),
    ),
    changed(
        "aws_s3_bucket_server_side_encryption_configuration.split",
        "rule",
        "encrypted otherwise",
        lambda h: _encrypt(h, _SPLIT, "AES256"),
    ),
    gone(
        "aws_s3_bucket_server_side_encryption_configuration.undone",
        lambda h: _s3(h).delete_bucket_encryption(Bucket=_UNDONE),
    ),
    changed(
        "aws_s3_bucket_acl.split",
        "access_control_policy",
        "everybody may read",
        lambda h: _s3(h).put_bucket_acl(Bucket=_SPLIT, ACL="public-read"),
    ),
    changed("aws_s3_bucket_ownership_controls.split", "rule", "given to writers", _own),
    gone(
        "aws_s3_bucket_ownership_controls.undone",
        lambda h: _s3(h).delete_bucket_ownership_controls(Bucket=_UNDONE),
    ),
    changed("aws_s3_bucket_logging.split", "target_prefix", "led elsewhere", _log_elsewhere),
    gone(
        "aws_s3_bucket_logging.undone",
        lambda h: _s3(h).put_bucket_logging(Bucket=_UNDONE, BucketLoggingStatus={}),
    ),
    changed(
        "aws_s3_account_public_access_block.account",
        "block_public_policy",
        "opened",
        _open_account,
    ),
)
