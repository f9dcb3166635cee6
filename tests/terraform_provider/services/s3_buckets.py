"""Buckets, with the copies of their settings that the provider keeps on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    STRINGS,
    TAGS,
    Block,
    Schema,
    computed,
    either,
    many,
    one,
    optional,
    required,
)
from tests.terraform_provider.wire import Values

ENCRYPTION: Schema = {
    "bucket_key_enabled": optional(BOOL),
    "apply_server_side_encryption_by_default": one(
        kms_master_key_id=optional(), sse_algorithm=required()
    ),
}


def bucket_arn(name: str) -> str:
    """Return a bucket's ARN."""
    return f"arn:aws:s3:::{name}"


def encryption_rules(aws: Aws, name: str, *, key_absent: object = "") -> list[Values]:
    """Return the default encryption's rules."""
    answer = found(
        lambda: aws.s3.get_bucket_encryption(Bucket=name),
        "ServerSideEncryptionConfigurationNotFoundError",
        "NoSuchBucket",
    )
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"] if answer else []
    return [
        {
            "bucket_key_enabled": rule.get("BucketKeyEnabled", False),
            "apply_server_side_encryption_by_default": [
                {
                    "kms_master_key_id": by.get("KMSMasterKeyID", key_absent),
                    "sse_algorithm": by["SSEAlgorithm"],
                }
                for by in [rule["ApplyServerSideEncryptionByDefault"]]
            ],
        }
        for rule in rules
    ]


def encryption_wire(rule: Values) -> Values:
    """Return one rule of default encryption as S3 takes it."""
    by = rule["apply_server_side_encryption_by_default"][0]
    key = {"KMSMasterKeyID": by["kms_master_key_id"]} if by["kms_master_key_id"] else {}
    wire: Values = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": by["sse_algorithm"], **key}
    }
    return wire | {"BucketKeyEnabled": bool(rule["bucket_key_enabled"])}


def exists(aws: Aws, name: str) -> bool:
    """Tell whether the bucket is there."""
    return found(lambda: aws.s3.head_bucket(Bucket=name), "404", "NoSuchBucket") is not None


class Bucket:
    name = "aws_s3_bucket"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "acceleration_status": either(),
        "acl": either(),
        "arn": computed(),
        "bucket": either(),
        "bucket_domain_name": computed(),
        "bucket_prefix": either(),
        "bucket_regional_domain_name": computed(),
        "force_destroy": optional(BOOL, default=False),
        "hosted_zone_id": computed(),
        "object_lock_enabled": either(BOOL),
        "policy": either(),
        "region": computed(),
        "request_payer": either(),
        "grant": many(
            "set", id=optional(), permissions=required(STRINGS), type=required(), uri=optional()
        ),
        "logging": one(target_bucket=required(), target_prefix=optional()),
        "server_side_encryption_configuration": one(rule=Block(fields=ENCRYPTION, most=1)),
        "versioning": one(enabled=optional(BOOL), mfa_delete=optional(BOOL)),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        name = wanted["bucket"]
        place = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
        aws.s3.create_bucket(Bucket=name, **({} if aws.region == "us-east-1" else place))
        if wanted["tags_all"]:
            aws.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(wanted["tags_all"])})
        for key, put in _PUT.items():
            if wanted[key]:
                put(aws, name, wanted[key])
        return str(name)

    def read(self, aws: Aws, state: Values) -> Values | None:
        name = state["id"]
        if not exists(aws, name):
            return None
        tags = found(lambda: aws.s3.get_bucket_tagging(Bucket=name), "NoSuchTagSet")
        return {
            "acceleration_status": "",
            "arn": bucket_arn(name),
            "bucket": name,
            "bucket_domain_name": f"{name}.s3.amazonaws.com",
            "bucket_prefix": "",
            "bucket_regional_domain_name": f"{name}.s3.{aws.region}.amazonaws.com",
            "hosted_zone_id": "Z1BKCTXD74EZPE",
            "object_lock_enabled": False,
            "region": aws.region,
            "request_payer": "BucketOwner",
            **_mirrors(aws, name, state),
            **aws.tags(by_key(tags and tags["TagSet"])),
        }


def _put_policy(aws: Aws, name: str, policy: str) -> None:
    aws.s3.put_bucket_policy(Bucket=name, Policy=policy)


def _put_versioning(aws: Aws, name: str, blocks: list[Values]) -> None:
    status = "Enabled" if blocks[0]["enabled"] else "Suspended"
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})


def _put_encryption(aws: Aws, name: str, blocks: list[Values]) -> None:
    rules = [encryption_wire(rule) for rule in blocks[0]["rule"]]
    aws.s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})


_PUT: dict[str, Callable[[Aws, str, Any], None]] = {
    "policy": _put_policy,
    "versioning": _put_versioning,
    "server_side_encryption_configuration": _put_encryption,
}


def _mirrors(aws: Aws, name: str, state: Values) -> Values:
    policy = found(lambda: aws.s3.get_bucket_policy(Bucket=name), "NoSuchBucketPolicy")
    versioning = aws.s3.get_bucket_versioning(Bucket=name)
    logging = aws.s3.get_bucket_logging(Bucket=name).get("LoggingEnabled")
    encryption = encryption_rules(aws, name)
    return {
        "policy": same_document(state.get("policy"), policy["Policy"]) if policy else "",
        "versioning": [
            {
                "enabled": versioning.get("Status") == "Enabled",
                "mfa_delete": versioning.get("MFADelete") == "Enabled",
            }
        ],
        "logging": [
            {"target_bucket": logging["TargetBucket"], "target_prefix": logging["TargetPrefix"]}
        ]
        if logging
        else [],
        "server_side_encryption_configuration": [{"rule": encryption}] if encryption else [],
        "grant": grants(aws.s3.get_bucket_acl(Bucket=name)["Grants"]),
    }


def grants(live: list[Any]) -> list[Values]:
    """Return the grants, one for each grantee."""
    by_grantee: dict[tuple[str, str, str], list[str]] = {}
    for one_ in live:
        grantee = one_["Grantee"]
        key = grantee.get("ID", ""), grantee["Type"], grantee.get("URI", "")
        by_grantee.setdefault(key, []).append(one_["Permission"])
    return [
        {"id": id_, "type": type_, "uri": uri, "permissions": sorted(permissions)}
        for (id_, type_, uri), permissions in by_grantee.items()
    ]


RESOURCES = (Bucket(),)
