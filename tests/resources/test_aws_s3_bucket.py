from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources.s3_states import (
    ALL_USERS,
    BUCKET,
    OWNER,
    POLICY,
    encrypt,
    encrypted,
    inline,
    made,
    part_of,
    split,
)
from tests.scanned import declared, scan

ByHand = Callable[[Any], object]
_SSE = "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default"
_RULE = {"ID": "purge", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}


def _log_to_itself(s3: Any) -> None:
    s3.put_bucket_acl(Bucket=BUCKET, ACL="private")
    log_grants = [
        {"Grantee": {"Type": "CanonicalUser", "ID": OWNER}, "Permission": "FULL_CONTROL"},
        *(
            {
                "Grantee": {
                    "Type": "Group",
                    "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery",
                },
                "Permission": permission,
            }
            for permission in ("WRITE", "READ_ACP")
        ),
    ]
    s3.create_bucket(
        Bucket="acme-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_bucket_acl(
        Bucket="acme-logs", AccessControlPolicy={"Owner": {"ID": OWNER}, "Grants": log_grants}
    )
    logging = {"LoggingEnabled": {"TargetBucket": "acme-logs", "TargetPrefix": "x/"}}
    s3.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus=logging)


def _replicate(s3: Any) -> None:
    s3.create_bucket(
        Bucket="exfiltrated", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    for bucket in (BUCKET, "exfiltrated"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ID": "all", "Status": "Enabled", "Prefix": "", "Priority": 1}
    s3.put_bucket_replication(
        Bucket=BUCKET,
        ReplicationConfiguration={
            "Role": "arn:aws:iam::123456789012:role/r",
            "Rules": [{**rule, "Destination": {"Bucket": "arn:aws:s3:::exfiltrated"}}],
        },
    )


BY_HAND: dict[str, tuple[ByHand, list[str]]] = {
    "policy": (lambda s3: s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY), ["policy"]),
    "acl": (lambda s3: s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read"), ["grant"]),
    "versioning": (
        lambda s3: s3.put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
        ),
        ["versioning.enabled"],
    ),
    "logging": (_log_to_itself, ["logging.target_bucket", "logging.target_prefix"]),
    "lifecycle": (
        lambda s3: s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET, LifecycleConfiguration={"Rules": [_RULE]}
        ),
        ["lifecycle_rule"],
    ),
    "cors": (
        lambda s3: s3.put_bucket_cors(
            Bucket=BUCKET,
            CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
        ),
        ["cors_rule"],
    ),
    "website": (
        lambda s3: s3.put_bucket_website(
            Bucket=BUCKET, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
        ),
        ["website.index_document"],
    ),
    "replication": (
        _replicate,
        ["versioning.enabled", "replication_configuration.role", "replication_configuration.rules"],
    ),
    "encryption": (
        lambda s3: encrypt(s3, BUCKET, "aws:kms", "arn:aws:kms:eu-west-1:123456789012:key/k"),
        [f"{_SSE}.sse_algorithm", f"{_SSE}.kms_master_key_id"],
    ),
    "tags": (
        lambda s3: s3.put_bucket_tagging(
            Bucket=BUCKET, Tagging={"TagSet": [{"Key": "owner", "Value": "nobody"}]}
        ),
        ["tags.owner"],
    ),
    "acceleration": (
        lambda s3: s3.put_bucket_accelerate_configuration(
            Bucket=BUCKET, AccelerateConfiguration={"Status": "Enabled"}
        ),
        ["acceleration_status"],
    ),
}


@mock_aws
def test_an_untouched_bucket_has_no_drift():
    made()
    found = scan([inline(), split()], MotoReader())
    assert (["none", "none"], [], []) == (found.kinds, found.unknown, found.unmanaged_ids)


@pytest.mark.parametrize("what", sorted(BY_HAND))
@mock_aws
def test_what_is_changed_by_hand_is_drift_of_the_bucket_in_both_styles(what: str):
    by_hand, paths = BY_HAND[what]
    by_hand(made())
    assert [*paths, *paths] == scan([inline(), split()], MotoReader()).paths


@mock_aws
def test_default_encryption_is_left_out_and_counted_where_none_is_declared():
    made()
    path = f"{_SSE}.sse_algorithm"
    found = scan([inline(), split()], MotoReader())
    inline_bucket, split_bucket = found.resources
    assert path in [left.path for left in inline_bucket.suppressed]
    assert path not in [left.path for left in split_bucket.suppressed]


@mock_aws
def test_declared_encryption_that_is_gone_is_drift():
    made().delete_bucket_encryption(Bucket=BUCKET)
    state = inline(server_side_encryption_configuration=[encrypted("AES256")])
    assert [f"{_SSE}.sse_algorithm"] == scan([state], MotoReader()).paths


@mock_aws
def test_a_bucket_configured_inline_all_over_equals_its_state():
    s3 = made()
    s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"And": {"Prefix": "logs/", "Tags": [{"Key": "a", "Value": "b"}]}},
                    "Transitions": [
                        {"Days": 60, "StorageClass": "GLACIER"},
                        {"Days": 30, "StorageClass": "STANDARD_IA"},
                    ],
                    "Expiration": {"Days": 90},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                }
            ]
        },
    )
    s3.put_bucket_website(
        Bucket=BUCKET,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "RoutingRules": [
                {
                    "Condition": {"KeyPrefixEquals": "docs/"},
                    "Redirect": {"ReplaceKeyPrefixWith": "documents/"},
                }
            ],
        },
    )
    encrypt(s3, BUCKET, "aws:kms", "arn:aws:kms:eu-west-1:123456789012:key/k-1")
    state = inline(
        policy=POLICY,
        versioning=[{"enabled": True, "mfa_delete": False}],
        lifecycle_rule=[
            {
                "abort_incomplete_multipart_upload_days": 3,
                "enabled": True,
                "expiration": [{"date": "", "days": 90, "expired_object_delete_marker": False}],
                "id": "old",
                "noncurrent_version_expiration": [{"days": 7}],
                "noncurrent_version_transition": [],
                "prefix": "logs/",
                "tags": {"a": "b"},
                "transition": [
                    {"date": "", "days": 30, "storage_class": "STANDARD_IA"},
                    {"date": "", "days": 60, "storage_class": "GLACIER"},
                ],
            }
        ],
        website=[
            {
                "error_document": "",
                "index_document": "index.html",
                "redirect_all_requests_to": "",
                "routing_rules": '[{"Condition":{"KeyPrefixEquals":"docs/"},'
                '"Redirect":{"ReplaceKeyPrefixWith":"documents/"}}]',
            }
        ],
        server_side_encryption_configuration=[encrypted("aws:kms", "k-1")],
    )
    assert scan([state], MotoReader()).paths == []
    rule = {**_RULE, "ID": "old"}
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    paths = scan([state], MotoReader()).paths
    assert 'lifecycle_rule["old"].prefix' in paths
    assert 'lifecycle_rule["old"].transition' in paths


@mock_aws
def test_grants_declared_by_hand_are_compared_by_id():
    s3 = made()
    friend = {"Grantee": {"Type": "CanonicalUser", "ID": "f" * 64}, "Permission": "READ"}
    own = {"Grantee": {"Type": "CanonicalUser", "ID": OWNER}, "Permission": "FULL_CONTROL"}
    policy = {"Owner": {"ID": OWNER}, "Grants": [own, friend]}
    s3.put_bucket_acl(Bucket=BUCKET, AccessControlPolicy=policy)
    grant = [
        {"id": "f" * 64, "permissions": ["READ"], "type": "CanonicalUser", "uri": ""},
        {"id": OWNER, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""},
    ]
    assert scan([split(grant=grant)], MotoReader()).paths == []
    more = {**friend, "Permission": "WRITE"}
    s3.put_bucket_acl(Bucket=BUCKET, AccessControlPolicy={**policy, "Grants": [own, friend, more]})
    where = f'grant["CanonicalUser,{"f" * 64},"].permissions'
    assert [where] == scan([split(grant=grant)], MotoReader()).paths


@pytest.mark.parametrize(
    ("acl", "groups"),
    [
        ("public-read", {ALL_USERS: ["READ"]}),
        ("public-read-write", {ALL_USERS: ["READ", "WRITE"]}),
        (
            "log-delivery-write",
            {"http://acs.amazonaws.com/groups/s3/LogDelivery": ["WRITE", "READ_ACP"]},
        ),
    ],
)
@mock_aws
def test_a_canned_acl_stands_for_its_grants(acl: str, groups: dict[str, list[str]]):
    s3 = made()
    own = {"Grantee": {"Type": "CanonicalUser", "ID": OWNER}, "Permission": "FULL_CONTROL"}
    others = [
        {"Grantee": {"Type": "Group", "URI": uri}, "Permission": permission}
        for uri, held in groups.items()
        for permission in held
    ]
    s3.put_bucket_acl(
        Bucket=BUCKET, AccessControlPolicy={"Owner": {"ID": OWNER}, "Grants": [own, *others]}
    )
    assert scan([inline(acl=acl)], MotoReader()).paths == []
    s3.put_bucket_acl(Bucket=BUCKET, ACL="private")
    assert scan([inline(acl=acl)], MotoReader()).paths == ["grant"]


@pytest.mark.parametrize(
    ("owner", "by_hand"),
    [
        ("aws_s3_bucket_lifecycle_configuration", "lifecycle"),
        ("aws_s3_bucket_cors_configuration", "cors"),
        ("aws_s3_bucket_website_configuration", "website"),
        ("aws_s3_bucket_accelerate_configuration", "acceleration"),
    ],
)
@mock_aws
def test_a_part_that_a_type_we_cannot_read_declares_is_not_the_buckets(owner: str, by_hand: str):
    BY_HAND[by_hand][0](made())
    assert scan([split(), part_of(owner)], MotoReader()).paths == []


@mock_aws
def test_a_bucket_that_is_gone_is_missing():
    made().delete_bucket(Bucket=BUCKET)
    found = scan([split()], MotoReader())
    assert (["missing"], []) == (found.kinds, found.unknown)


@mock_aws
def test_a_bucket_made_by_hand_is_unmanaged_though_its_policy_is_declared():
    made()
    made("made-by-hand")
    policy = declared("aws_s3_bucket_policy", {"bucket": "made-by-hand", "policy": POLICY})
    lifecycle = declared("aws_s3_bucket_lifecycle_configuration", {"bucket": "made-by-hand"})
    found = scan([split(), policy, lifecycle], MotoReader())
    assert ["made-by-hand"] == found.unmanaged_ids


@mock_aws
def test_a_refused_part_is_unknown_and_the_rest_is_compared():
    BY_HAND["tags"][0](made())
    found = scan([split()], MotoReader(broken={"s3.GetBucketPolicy": "AccessDenied"}))
    assert ["tags.owner"] == found.paths
    assert ["policy: AccessDenied"] == found.unknown
