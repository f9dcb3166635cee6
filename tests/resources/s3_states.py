"""What the provider keeps of a bucket, and buckets made in moto to match: for the S3 tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from driftguard.model import Declared
from tests.moto_reader import client
from tests.scanned import declared

BUCKET = "acme-orders"
OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"  # moto's only one
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Sid":"Tls","Effect":"Deny","Principal":"*",'
    '"Action":"s3:*","Resource":"arn:aws:s3:::acme-orders/*",'
    '"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
)

_COMMON: Mapping[str, object] = {
    "acceleration_status": "",
    "arn": f"arn:aws:s3:::{BUCKET}",
    "bucket": BUCKET,
    "bucket_domain_name": f"{BUCKET}.s3.amazonaws.com",
    "bucket_regional_domain_name": f"{BUCKET}.s3.eu-west-1.amazonaws.com",
    "cors_rule": [],
    "force_destroy": False,
    "hosted_zone_id": "Z1BKCTXD74EZPE",
    "id": BUCKET,
    "lifecycle_rule": [],
    "logging": [],
    "object_lock_configuration": [],
    "region": "eu-west-1",
    "replication_configuration": [],
    "request_payer": "BucketOwner",
    "server_side_encryption_configuration": [],
    "tags": None,
    "versioning": [{"enabled": False, "mfa_delete": False}],
    "website": [],
    "website_domain": None,
    "website_endpoint": None,
}


def inline(**attributes: object) -> Declared:
    """Declare a bucket as provider 3 keeps it: what is configured, inline, and no mirrors."""
    own = {"acl": "private", "bucket_prefix": None, "grant": [], "policy": None}
    return declared("aws_s3_bucket", {**_COMMON, **own, **attributes})


def split(**attributes: object) -> Declared:
    """Declare a bucket as providers 4 to 6 keep it: computed mirrors of every part."""
    mirrors = {
        "acl": None,
        "bucket_prefix": "",
        "grant": [
            {"id": OWNER, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}
        ],
        "object_lock_enabled": False,
        "policy": "",
        "server_side_encryption_configuration": [encrypted("AES256")],
        "tags_all": {},
        "timeouts": None,
    }
    return declared("aws_s3_bucket", {**_COMMON, **mirrors, **attributes})


def encrypted(algorithm: str, key: str = "") -> dict[str, object]:
    """Return what stands in ``server_side_encryption_configuration``."""
    by_default = {"kms_master_key_id": key, "sse_algorithm": algorithm}
    rule = {"apply_server_side_encryption_by_default": [by_default], "bucket_key_enabled": False}
    return {"rule": [rule]}


def part_of(type_name: str, **attributes: object) -> Declared:
    """Declare a split resource of the bucket."""
    return declared(type_name, {"bucket": BUCKET, "id": BUCKET, **attributes})


def block(*, on: bool = True) -> Declared:
    """Declare the bucket's public access block, all four switches alike."""
    names = ("block_public_acls", "block_public_policy", "ignore_public_acls")
    switches = dict.fromkeys((*names, "restrict_public_buckets"), on)
    return part_of("aws_s3_bucket_public_access_block", **switches)


def made(name: str = BUCKET) -> Any:  # boto3 makes its methods
    """Make a bucket as AWS does today, with SSE-S3; return the client that made it."""
    s3 = client("s3")
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        ObjectLockEnabledForBucket=False,
    )
    encrypt(s3, name, "AES256")
    return s3


def encrypt(s3: Any, bucket: str, algorithm: str, key: str = "") -> None:
    """Set a bucket's default encryption."""
    by_default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rule = {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": False}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def blocked(s3: Any, *, on: bool = True) -> None:
    """Set the bucket's public access block, all four switches alike."""
    names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(names, on)
    )
