"""Regions and partitions: which belongs where, and where global services answer.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_REGION = re.compile(r"[a-z]{2,5}(-[a-z]{2,15}){1,2}-[0-9]{1,2}")

_PARTITION_BY_PREFIX: tuple[tuple[str, str], ...] = (
    ("us-gov-", "aws-us-gov"),
    ("cn-", "aws-cn"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)

_HOME: Mapping[str, str] = MappingProxyType(
    {
        "aws": "us-east-1",
        "aws-us-gov": "us-gov-west-1",
        "aws-cn": "cn-north-1",
        "aws-iso": "us-iso-east-1",
        "aws-iso-b": "us-isob-east-1",
        "aws-iso-e": "eu-isoe-west-1",
        "aws-iso-f": "us-isof-south-1",
        "aws-eusc": "eusc-de-east-1",
    }
)
"""The region that serves and signs for a partition's global services (IAM, Route 53).
https://docs.aws.amazon.com/general/latest/gr/iam-service.html"""


def is_region(name: str) -> bool:
    """Tell whether a name has a region's form; it becomes part of the host that is asked."""
    return _REGION.fullmatch(name) is not None


def partition_of_region(region: str) -> str:
    """Return the partition of a region, ``aws`` for any that is not of another."""
    return next((one for prefix, one in _PARTITION_BY_PREFIX if region.startswith(prefix)), "aws")


def partition_of_arn(arn: str) -> str:
    """Return the partition an ARN names, or the empty string."""
    parts = arn.split(":")
    return parts[1] if parts[0] == "arn" and len(parts) > 1 and parts[1] in _HOME else ""


def home_region(partition: str) -> str:
    """Return the region where a partition's global services are asked."""
    return _HOME.get(partition, _HOME["aws"])
