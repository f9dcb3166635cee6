"""S3 buckets: listed once per account, read in detail only where declared.

ListBuckets names every bucket of the account, with its region since it pages
(``MaxBuckets``). S3 has no bulk call for what a bucket is configured with, so
each declared bucket costs one call per part, at its own region's endpoint.
Where a listing doesn't say the region, S3 itself redirects the first call.

A declared bucket that isn't listed may be gone or be another account's: one
HeadBucket tells the two apart, and anything but a clear "no such bucket" leaves
the bucket unknown; so it stays in a replay of recordings without a HeadBucket.
Where the list is refused, declared buckets are asked for by name instead.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.live.reader import Answer, Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

MAX_BUCKETS = 10_000  # S3's own maximum for one page
_DIRECTORY_BUCKET = "--x-s3"
_GONE = ("404", "NoSuchBucket", "NotFound")
_NOT_HERE = ("MethodNotAllowed", "NotImplemented", "UnsupportedArgument", "UnsupportedOperation")
"""What S3 says of a feature that the bucket's region or partition doesn't have."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One call per bucket: its answer hangs under ``key``, or ``inside`` of it does.

    An answer without ``inside`` is malformed, so the part is unknown.
    """

    key: str
    operation: str
    permission: str
    absent: tuple[str, ...] = ()
    inside: str = ""


_VERSIONING = _Part(
    "Versioning",
    "GetBucketVersioning",
    "s3:GetBucketVersioning",
    # No error says "never versioned", so the only nothing it can mean is the bucket's end.
    absent=("NoSuchBucket",),
)
_PARTS = (
    _VERSIONING,
    _Part(
        "Acceleration",
        "GetBucketAccelerateConfiguration",
        "s3:GetAccelerateConfiguration",
        absent=_NOT_HERE,
    ),
    _Part("Acl", "GetBucketAcl", "s3:GetBucketAcl"),
    _Part("Cors", "GetBucketCors", "s3:GetBucketCORS", absent=("NoSuchCORSConfiguration",)),
    _Part(
        "Encryption",
        "GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        absent=("ServerSideEncryptionConfigurationNotFoundError",),
        inside="ServerSideEncryptionConfiguration",
    ),
    _Part(
        "Lifecycle",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        absent=("NoSuchLifecycleConfiguration",),
    ),
    _Part("Logging", "GetBucketLogging", "s3:GetBucketLogging"),
    _Part(
        "ObjectLock",
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
        absent=("ObjectLockConfigurationNotFoundError", *_NOT_HERE),
        inside="ObjectLockConfiguration",
    ),
    _Part(
        "Ownership",
        "GetBucketOwnershipControls",
        "s3:GetBucketOwnershipControls",
        absent=("OwnershipControlsNotFoundError",),
        inside="OwnershipControls",
    ),
    _Part("Payment", "GetBucketRequestPayment", "s3:GetBucketRequestPayment"),
    _Part(
        "Policy",
        "GetBucketPolicy",
        "s3:GetBucketPolicy",
        absent=("NoSuchBucketPolicy",),
        inside="Policy",
    ),
    _Part(
        "PublicAccessBlock",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        absent=("NoSuchPublicAccessBlockConfiguration",),
        inside="PublicAccessBlockConfiguration",
    ),
    _Part(
        "Replication",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
        absent=("ReplicationConfigurationNotFoundError",),
        inside="ReplicationConfiguration",
    ),
    _Part("Tagging", "GetBucketTagging", "s3:GetBucketTagging", absent=("NoSuchTagSet",)),
    _Part(
        "Website",
        "GetBucketWebsite",
        "s3:GetBucketWebsite",
        absent=("NoSuchWebsiteConfiguration", "NotImplemented"),
    ),
)


class Buckets:
    """Buckets by name; a declared one has the keys of ``_PARTS``, each read or unread.

    A bucket that exists but isn't the account's has ``Name`` itself unread.
    """

    name = "s3.buckets"
    is_global = True
    permissions = (
        "s3:ListAllMyBuckets",
        "s3:ListBucket",  # HeadBucket
        *sorted(part.permission for part in _PARTS),
    )

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List once; then one call per part of each declared bucket."""
        listed = reader.pages("s3", "ListBuckets", "Buckets", {"MaxBuckets": MAX_BUCKETS})
        buckets = {str(bucket["Name"]): bucket for bucket in listed.items}
        items = {
            name: Item(id=name, raw=buckets[name]) for name in buckets if name not in wanted.ids
        }
        missing = sorted(wanted.ids - buckets.keys())
        if listed.failure is None:
            items.update(_in_detail(reader, buckets, wanted, len(buckets)))
            items.update(_not_listed(reader, missing, len(buckets) + len(missing)))
        else:
            # Where nothing was listed nobody knows how many there are: not just one.
            more = len(buckets) + len(missing) + (not buckets)
            buckets.update(_by_name(reader, missing, more))
            items.update(_in_detail(reader, buckets, wanted, more))
        return Listing(items=items, failure=listed.failure)


def _in_detail(
    reader: Reader, buckets: Mapping[str, Mapping[str, object]], wanted: Wanted, among: int
) -> Iterator[tuple[str, Item]]:
    """Yield the declared buckets with all their parts; not one that went away meanwhile."""
    by_region: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(wanted.ids & buckets.keys()):
        by_region[str(buckets[name].get("BucketRegion") or "")].append(name)
    for region, names in by_region.items():
        answers = {part: _ask(reader, part, names, among, region) for part in _PARTS}
        for name in names:
            if answers[_VERSIONING][name] is not None:
                yield name, _item(buckets[name], {part: answers[part][name] for part in _PARTS})


def _ask(
    reader: Reader, part: _Part, names: Sequence[str], among: int, region: str
) -> Mapping[str, Answer]:
    requests = {name: {"Bucket": name} for name in names}
    return reader.each(
        "s3", part.operation, requests, absent=part.absent, among=among, region=region
    )


def _item(bucket: Mapping[str, object], answers: Mapping[_Part, Answer]) -> Item:
    raw: dict[str, object] = dict(bucket)
    unread: dict[str, Unreadable] = {}
    for part, answer in answers.items():
        found = _inside(part, answer)
        if isinstance(found, Unreadable):
            unread[part.key] = found
        elif found is not None:
            raw[part.key] = found
    return Item(id=str(bucket["Name"]), raw=raw, unread=unread)


def _inside(part: _Part, answer: Answer) -> object:
    if answer is None or isinstance(answer, Unreadable) or not part.inside:
        return answer
    if not answer.get(part.inside):
        return Unreadable(reason=f"S3's answer to {part.operation} has no {part.inside}")
    return answer[part.inside]


def _not_listed(reader: Reader, missing: Sequence[str], among: int) -> Iterator[tuple[str, Item]]:
    """Yield the declared buckets that aren't listed and aren't known to be gone."""
    directory = [name for name in missing if name.endswith(_DIRECTORY_BUCKET)]
    for name in directory:
        yield name, _unknown(name, Unreadable(reason="directory buckets can't be read yet"))
    requests = {name: {"Bucket": name} for name in missing if name not in directory}
    heads = reader.each("s3", "HeadBucket", requests, absent=_GONE, among=among) if requests else {}
    for name, answer in heads.items():
        if answer is not None:
            yield name, _unknown(name, _why(reader.scope.account, answer))


def _by_name(
    reader: Reader, missing: Sequence[str], among: int
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the declared buckets that the account owns, though they could not be listed."""
    account = reader.scope.account
    if not (account and missing):
        return
    requests = {name: {"Bucket": name, "ExpectedBucketOwner": account} for name in missing}
    for name, answer in reader.each("s3", "HeadBucket", requests, among=among).items():
        if answer is not None and not isinstance(answer, Unreadable):
            yield name, {"Name": name, "BucketRegion": answer.get("BucketRegion")}


def _why(account: str, answer: Mapping[str, object] | Unreadable) -> Unreadable:
    if isinstance(answer, Unreadable):
        return Unreadable(
            reason="it is not among the account's buckets, and whether it exists is unknown: "
            f"{answer.reason}",
            retryable=answer.retryable,
        )
    whose = f"account {account}'s buckets" if account else "the account's buckets"
    return Unreadable(reason=f"it exists, but not among {whose}: another account owns it")


def _unknown(name: str, why: Unreadable) -> Item:
    return Item(id=name, raw={}, unread={"Name": why})
