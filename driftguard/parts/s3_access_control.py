"""Who a bucket's access control list lets in, declared as grants or as a canned ACL.

AWS knows grants only; a canned ACL is Terraform's and S3's short word for some
of them. Both sides meet as ``grant`` blocks of ``aws_s3_bucket``, one for each
grantee. A canned ACL means the owner without naming it, so the owner is then
called ``owner`` on both sides.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from driftguard.canonical.kinds import TEXT, Blocks, SetOf
from driftguard.errors import CanonicalError
from driftguard.parts.s3_bucket import first, listed

Raw = Mapping[str, object]
Grant = dict[str, object]

GRANTS = Blocks(
    fields={"type": TEXT, "id": TEXT, "uri": TEXT, "permissions": SetOf()},
    key=("type", "id", "uri"),
)

_OWNER = "owner"
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_CANNED: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "private": {},
        "bucket-owner-read": {},  # S3 ignores it on a bucket
        "bucket-owner-full-control": {},  # the same
        "public-read": {_ALL_USERS: ("READ",)},
        "public-read-write": {_ALL_USERS: ("READ", "WRITE")},
        "authenticated-read": {_AUTHENTICATED: ("READ",)},
        "log-delivery-write": {_LOG_DELIVERY: ("WRITE", "READ_ACP")},
    }
)


def canned(acl: str) -> list[Grant]:
    """Return the grants of a canned ACL; none given is S3's default, ``private``."""
    groups = _CANNED.get(acl or "private")
    if groups is None:
        raise CanonicalError("A canned ACL is one whose grants AWS doesn't document.")
    grants: list[Grant] = [{"type": "CanonicalUser", "id": _OWNER, "permissions": ["FULL_CONTROL"]}]
    for uri, held in groups.items():
        grants.append({"type": "Group", "uri": uri, "permissions": held})
    return grants


def live_grants(acl: Raw, *, named: bool) -> list[Grant]:
    """Return a GetBucketAcl answer as grants; the owner by id where the declaration names ids."""
    owner = first(acl.get("Owner")).get("ID")
    found = []
    for grant in listed(acl.get("Grants")):
        grantee = first(grant.get("Grantee"))
        known = grantee.get("ID")
        found.append(
            {
                "type": grantee.get("Type"),
                "id": _OWNER if known == owner and known and not named else known,
                "uri": grantee.get("URI"),
                "permission": grant.get("Permission"),
            }
        )
    return by_grantee(found)


def declared_grants(blocks: object) -> list[Grant]:
    """Return ``grant`` blocks with a ``grantee`` inside, as the split resources have them."""
    return by_grantee(
        {**first(block.get("grantee")), "permission": block.get("permission")}
        for block in listed(blocks)
    )


def by_grantee(grants: Iterable[Raw]) -> list[Grant]:
    """Gather the permissions of each grantee."""
    permissions: defaultdict[tuple[str, ...], list[object]] = defaultdict(list)
    for grant in grants:
        who = tuple(str(grant.get(name) or "") for name in ("type", "id", "uri"))
        permissions[who].append(grant.get("permission"))
    return [
        {"type": kind, "id": known, "uri": uri, "permissions": held}
        for (kind, known, uri), held in permissions.items()
    ]
