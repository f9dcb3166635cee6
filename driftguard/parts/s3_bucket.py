"""A bucket and the resources that declare one part of it each.

Since version 4 of the provider a bucket is split: ``aws_s3_bucket_policy`` and
its kin each declare one part, and ``aws_s3_bucket`` keeps computed mirrors of
them all. The split resource owns its part; the mirror is compared only where
nobody else declares it.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-4-upgrade#s3-bucket-refactor
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from driftguard.canonical.freeze import is_nothing
from driftguard.errors import CanonicalError
from driftguard.model import Declared, Item, Unreadable
from driftguard.ownership import Claim

COLLECTION = "s3.buckets"

IDENTITY = {
    "id": "identity",
    "bucket": "identity: says where to look",
    "region": "identity: says where to look",
}
"""What every split resource has and nobody compares."""

EXPECTED_OWNER = {
    "expected_bucket_owner": "configuration only: a condition on the provider's calls"
}

Locate = Callable[[Declared, Item], "Item | Unreadable | None"]


def bucket_of(declared: Declared) -> str:
    """Return the bucket's name: ids of split resources add an account or an ACL after commas."""
    return str(declared.attributes.get("bucket") or declared.id.partition(",")[0])


def owns(*attributes: str) -> Callable[[Declared], Iterator[Claim]]:
    """Return the claims of a split resource: these attributes of ``aws_s3_bucket``."""

    def claims(declared: Declared) -> Iterator[Claim]:
        for attribute in attributes:
            yield Claim(collection=COLLECTION, id=bucket_of(declared), attribute=attribute)

    return claims


def declared_by(split_type: str) -> Mapping[str, str]:
    """Return ``owned_by`` for a split type that isn't compared (yet)."""
    return MappingProxyType({split_type: "bucket"})


def whole(declared: Declared, item: Item) -> Item | Unreadable:
    """Return the bucket, unless it isn't known whether it is the account's at all."""
    return item.unread.get("Name") or item


def part(key: str, *, always: bool = False) -> Locate:
    """Return how one part of a bucket is found: not there where ``key`` isn't.

    ``always`` is for parts that no bucket is without (an ACL, versioning).
    """

    def locate(declared: Declared, item: Item) -> Item | Unreadable | None:
        unknown = item.unread.get("Name") or item.unread.get(key)
        if unknown is not None:
            return unknown
        return item if always or item.raw.get(key) else None

    return locate


def first(value: object) -> Mapping[str, object]:
    """Return a block that occurs once: the state holds it as a list of one object."""
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> tuple[Mapping[str, object], ...]:
    """Return a list of objects. Raises CanonicalError where a state or AWS holds anything else."""
    if is_nothing(value):
        return ()
    found = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(one, Mapping) for one in found):
        raise CanonicalError("Expected a list of objects.")
    return cast("tuple[Mapping[str, object], ...]", found)
