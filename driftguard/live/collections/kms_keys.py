"""KMS keys and their aliases: two bulk calls, four details of each declared key.

ListKeys says no more than the ids, of AWS's own keys and of keys in their
deletion window, too. Which are AWS's own is known from the aliases that only
AWS can make (``alias/aws/…``).
https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from driftguard.live.in_detail import Detail, Raw, read_in_detail
from driftguard.live.reader import Listing, Pages, Reader, Wanted
from driftguard.model import Item

_KEYS_AT_ONCE, _ALIASES_AT_ONCE = 1000, 100  # AWS's own maxima for one page
_ALIAS = "alias/"
_DETAILS = (
    Detail(
        key="Metadata",
        operation="DescribeKey",
        params=lambda key, listed: {"KeyId": key},
        absent=("NotFoundException",),
        inside="KeyMetadata",
        must=True,
        proves=True,
    ),
    Detail(
        key="Policy",
        operation="GetKeyPolicy",
        params=lambda key, listed: {"KeyId": key, "PolicyName": "default"},
        inside="Policy",
        must=True,
    ),
    Detail(
        key="Rotation",
        operation="GetKeyRotationStatus",
        params=lambda key, listed: {"KeyId": key},
        # Asymmetric keys, HMAC keys and imported key material don't rotate.
        absent=("UnsupportedOperationException",),
    ),
    Detail(
        key="Tags",
        operation="ListResourceTags",
        # A key has at most 50 tags, so one page holds them all.
        params=lambda key, listed: {"KeyId": key, "Limit": 50},
        inside="Tags",
    ),
)


class Keys:
    """Keys by id and aliases by name (``alias/…``).

    A key has ``Aliases``, the names that point to it; a declared one has
    ``Metadata``, ``Policy``, ``Rotation`` and ``Tags``.
    """

    name = "kms.keys"
    is_global = False
    permissions = (
        "kms:ListKeys",
        "kms:ListAliases",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
    )

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List both once; then four calls for each declared key."""
        keys = reader.pages("kms", "ListKeys", "Keys", {"Limit": _KEYS_AT_ONCE})
        aliases = reader.pages("kms", "ListAliases", "Aliases", {"Limit": _ALIASES_AT_ONCE})
        listed: dict[str, Raw] = {str(key["KeyId"]): key for key in keys.items}
        wanted_keys = {one for one in wanted.ids if not one.startswith(_ALIAS)}
        found = read_in_detail(reader, "kms", listed, keys.failure, wanted_keys, _DETAILS)
        names = {
            str(one["AliasName"]): Item(id=str(one["AliasName"]), raw=one) for one in aliases.items
        }
        absent = set(found.absent)
        if keys.failure is None:
            absent |= wanted_keys - listed.keys()
        if aliases.failure is None:
            absent |= wanted.ids - wanted_keys - names.keys()
        return Listing(
            items={**_with_names(found, aliases), **names},
            failure=keys.failure or aliases.failure,
            absent=frozenset(absent),
        )


def _with_names(found: Listing, aliases: Pages) -> Mapping[str, Item]:
    """Return the keys with the names that point to them, unread where the list isn't complete."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for alias in aliases.items:
        names[str(alias.get("TargetKeyId") or "")].append(str(alias["AliasName"]))
    unread = {"Aliases": aliases.failure} if aliases.failure else {}
    return {
        one: replace(
            item,
            raw={**item.raw, "Aliases": sorted(names[one])},
            unread={**item.unread, **unread},
        )
        for one, item in found.items.items()
    }
