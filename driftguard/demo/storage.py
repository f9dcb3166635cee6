"""The company's data at rest: keys, and buckets in the split style of provider 4 and later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from driftguard.demo.cloud import ACCOUNT, REGION, Answer, Cloud
from driftguard.demo.identity import account_root, policy
from driftguard.demo.network import TAGS, tag_list
from driftguard.demo.state import State

INVOICES = "shop-invoices"
TRAIL_LOGS = "shop-trail"
_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def build_storage(cloud: Cloud, state: State) -> str:
    """Make keys and buckets; return the key's ARN."""
    key = _key(cloud, state)
    _bucket(cloud, state, INVOICES, "invoices")
    _encryption(cloud, state, INVOICES, key)
    _bucket_policy(cloud, state, INVOICES, "invoices", _only_by_tls(INVOICES))
    _bucket(cloud, state, TRAIL_LOGS, "trail")
    _bucket_policy(cloud, state, TRAIL_LOGS, "trail", _written_by_trail(TRAIL_LOGS))
    return key


def _key(cloud: Cloud, state: State) -> str:
    document = policy(
        {"Effect": "Allow", "Principal": account_root(), "Action": "kms:*", "Resource": "*"}
    )
    tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items()]
    answer = cloud.call(
        "kms", "create_key", Description="The shop's data", Policy=document, Tags=tags
    )
    made = cast("Answer", answer["KeyMetadata"])
    cloud.call("kms", "enable_key_rotation", KeyId=made["KeyId"])
    cloud.call("kms", "create_alias", AliasName="alias/shop", TargetKeyId=made["KeyId"])
    key = {
        "id": made["KeyId"],
        "key_id": made["KeyId"],
        "arn": made["Arn"],
        "description": "The shop's data",
        "key_usage": "ENCRYPT_DECRYPT",
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "enable_key_rotation": True,
        "is_enabled": True,
        "multi_region": False,
        "policy": document,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    alias = {
        "id": "alias/shop",
        "name": "alias/shop",
        "arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/shop",
        "target_key_id": made["KeyId"],
        "target_key_arn": made["Arn"],
    }
    state.declare("aws_kms_key", "data", key)
    state.declare("aws_kms_alias", "data", alias)
    return str(made["Arn"])


def _bucket(cloud: Cloud, state: State, bucket: str, name: str) -> None:
    location = {"LocationConstraint": REGION}
    cloud.call("s3", "create_bucket", Bucket=bucket, CreateBucketConfiguration=location)
    cloud.call("s3", "put_bucket_tagging", Bucket=bucket, Tagging={"TagSet": tag_list(TAGS)})
    attributes = {
        "id": bucket,
        "bucket": bucket,
        "arn": f"arn:aws:s3:::{bucket}",
        "region": REGION,
        "force_destroy": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_s3_bucket", name, attributes)
    cloud.call(
        "s3", "put_public_access_block", Bucket=bucket, PublicAccessBlockConfiguration=_BLOCKED
    )
    block = {
        "block_public_acls": True,
        "ignore_public_acls": True,
        "block_public_policy": True,
        "restrict_public_buckets": True,
    }
    _part(state, "public_access_block", bucket, name, block)
    versioning = {"Status": "Enabled"}
    cloud.call("s3", "put_bucket_versioning", Bucket=bucket, VersioningConfiguration=versioning)
    enabled = {"versioning_configuration": [{"status": "Enabled", "mfa_delete": ""}], "mfa": None}
    _part(state, "versioning", bucket, name, enabled)
    owned = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    cloud.call("s3", "put_bucket_ownership_controls", Bucket=bucket, OwnershipControls=owned)
    rule = {"rule": [{"object_ownership": "BucketOwnerEnforced"}]}
    _part(state, "ownership_controls", bucket, name, rule)


def _part(
    state: State, part: str, bucket: str, name: str, attributes: Mapping[str, object]
) -> None:
    common = {"id": bucket, "bucket": bucket, "expected_bucket_owner": ""}
    state.declare(f"aws_s3_bucket_{part}", name, {**common, **attributes})


def _encryption(cloud: Cloud, state: State, bucket: str, key: str) -> None:
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
    cloud.call(
        "s3",
        "put_bucket_encryption",
        Bucket=bucket,
        ServerSideEncryptionConfiguration={"Rules": [rule]},
    )
    by_default = [{"sse_algorithm": "aws:kms", "kms_master_key_id": key}]
    declared = {"apply_server_side_encryption_by_default": by_default, "bucket_key_enabled": True}
    _part(state, "server_side_encryption_configuration", bucket, "invoices", {"rule": [declared]})


def _bucket_policy(cloud: Cloud, state: State, bucket: str, name: str, document: str) -> None:
    cloud.call("s3", "put_bucket_policy", Bucket=bucket, Policy=document)
    attributes = {"id": bucket, "bucket": bucket, "policy": document}
    state.declare("aws_s3_bucket_policy", name, attributes)


def _only_by_tls(bucket: str) -> str:
    return policy(
        {
            "Sid": "OnlyByTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def _written_by_trail(bucket: str) -> str:
    trail = {"Service": "cloudtrail.amazonaws.com"}
    return policy(
        {
            "Effect": "Allow",
            "Principal": trail,
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
        },
        {
            "Effect": "Allow",
            "Principal": trail,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/*",
        },
    )
