"""KMS keys, their policies and their aliases, which come from one collection."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.policy import POLICY
from driftguard.model import Item, Severity
from driftguard.resource_type import Attribute

COLLECTION = "kms.keys"

_DELETED = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


def policy_attribute(*, part: bool) -> Attribute:
    """Return the attribute ``policy``; ``part`` where another resource may own it."""
    return Attribute(
        name="policy",
        wire="Policy",
        kind=POLICY,
        part=part,
        severity=Severity.HIGH,
        note="Who may use and manage the key, compared by meaning.",
    )


def is_deleted(item: Item) -> bool:
    """Tell whether a key is in its deletion window.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    metadata = item.raw.get("Metadata")
    return isinstance(metadata, Mapping) and metadata.get("KeyState") in _DELETED


def is_alias(object_id: str) -> bool:
    """Tell an alias from a key: its name begins with ``alias/``, a key's id is a UUID."""
    return object_id.startswith("alias/")


def aws_made(alias: str) -> str | None:
    """Return why an alias, and the key that it names, is AWS's own, or None.

    Nobody else can make an alias with that prefix.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    """
    return f"AWS's own, {alias}" if alias.startswith("alias/aws/") else None
