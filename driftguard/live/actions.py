"""Which IAM action allows an operation: nearly always its name, and where it is not.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "apigatewayv2": "apigateway",
        "application-autoscaling": "application-autoscaling",
        "docdb": "rds",
        "efs": "elasticfilesystem",
        "elb": "elasticloadbalancing",
        "elbv2": "elasticloadbalancing",
        "emr": "elasticmapreduce",
        "neptune": "rds",
        "opensearch": "es",
        "resourcegroupstaggingapi": "tag",
        "s3control": "s3",
        "sesv2": "ses",
        "sso-admin": "sso",
        "stepfunctions": "states",
    }
)
"""IAM's service prefix, where it is not boto3's name of the service."""

_ACTIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("s3", "GetBucketAccelerateConfiguration"): "s3:GetAccelerateConfiguration",
        ("s3", "GetBucketAnalyticsConfiguration"): "s3:GetAnalyticsConfiguration",
        ("s3", "GetBucketCors"): "s3:GetBucketCORS",
        ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
        ("s3", "GetBucketIntelligentTieringConfiguration"): (
            "s3:GetIntelligentTieringConfiguration"
        ),
        ("s3", "GetBucketInventoryConfiguration"): "s3:GetInventoryConfiguration",
        ("s3", "GetBucketLifecycle"): "s3:GetLifecycleConfiguration",
        ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
        ("s3", "GetBucketMetricsConfiguration"): "s3:GetMetricsConfiguration",
        ("s3", "GetBucketNotificationConfiguration"): "s3:GetBucketNotification",
        ("s3", "GetBucketReplication"): "s3:GetReplicationConfiguration",
        ("s3", "GetObjectLockConfiguration"): "s3:GetBucketObjectLockConfiguration",
        ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
        ("s3", "HeadBucket"): "s3:ListBucket",
        ("s3", "ListBucketAnalyticsConfigurations"): "s3:GetAnalyticsConfiguration",
        ("s3", "ListBucketIntelligentTieringConfigurations"): (
            "s3:GetIntelligentTieringConfiguration"
        ),
        ("s3", "ListBucketInventoryConfigurations"): "s3:GetInventoryConfiguration",
        ("s3", "ListBucketMetricsConfigurations"): "s3:GetMetricsConfiguration",
        ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
        ("s3", "ListMultipartUploads"): "s3:ListBucketMultipartUploads",
        ("s3", "ListObjectVersions"): "s3:ListBucketVersions",
        ("s3", "ListObjects"): "s3:ListBucket",
        ("s3", "ListObjectsV2"): "s3:ListBucket",
        ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
    }
)


def iam_action(service: str, operation: str) -> str:
    """Return the action to grant, e.g. ``s3:ListAllMyBuckets``, by boto3's name of the service."""
    if _PREFIXES.get(service, service) == "apigateway":
        return "apigateway:GET"
    known = _ACTIONS.get((service, operation))
    return known or f"{_PREFIXES.get(service, service)}:{operation}"
