"""What VPCs and subnets have in common: IPv6 blocks that come and go, and sharing."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.model import Item
from driftguard.parts.shapes import an_object, objects

Raw = Mapping[str, object]

# An association that was refused or taken away stays in the answer for a while.
_STANDING = frozenset({"associated", "associating"})


def ipv6_association(raw: Raw, wanted: str = "") -> Raw | None:
    """Return the standing IPv6 association with an id, else the first; None without one."""
    associations = objects(raw.get("Ipv6CidrBlockAssociationSet"))
    standing = [one for one in associations if str(_state(one)) in _STANDING]
    named = [one for one in standing if one.get("AssociationId") == wanted]
    return next(iter(named or standing), None)


def _state(association: Raw) -> object:
    return an_object(association.get("Ipv6CidrBlockState")).get("State")


def shared(item: Item) -> str | None:
    """Say which other account shares an item with this one; None where it is its own."""
    owner = item.raw.get("SharedBy")
    return f"shared by account {owner}" if owner else None
