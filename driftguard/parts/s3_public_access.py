"""The four switches of a public access block, of a bucket or of an account.

A block with all four off does what no block does, so the two are equal.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import BOOLEAN
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.parts.s3_bucket import Locate, part
from driftguard.resource_type import Attribute

_SWITCHES = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


def switches(key: str, severity: Severity) -> tuple[Attribute, ...]:
    """Return the four attributes of a block that the raw item has under ``key``."""
    return tuple(
        Attribute(name=name, wire=f"{key}.{wire}", kind=BOOLEAN, severity=severity)
        for name, wire in _SWITCHES.items()
    )


def block(key: str) -> Locate:
    """Return how a block is found; none at all stands for one with all four off."""
    read = part(key)

    def locate(declared: Declared, item: Item) -> Item | Unreadable | None:
        found = read(declared, item)
        switched_off = not any(BOOLEAN.canonical(declared.attributes.get(one)) for one in _SWITCHES)
        return item if found is None and switched_off else found

    return locate
