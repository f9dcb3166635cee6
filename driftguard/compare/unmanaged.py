"""What is live and nobody declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from driftguard.canonical.freeze import thaw
from driftguard.compare.attribute import live_value, unread_part
from driftguard.compare.secrets import Redact
from driftguard.errors import CanonicalError
from driftguard.model import Address, Change, ChangeKind, Drift, DriftKind, Item, Json, Scope
from driftguard.resource_type import ResourceType


def find_unmanaged(
    resource_type: ResourceType,
    scope: Scope,
    items: Mapping[str, Item],
    managed: Collection[str],
    redact: Redact,
    *,
    aws_defaults: bool = False,
) -> Iterator[Drift]:
    """Yield a drift for each live object of a type whose id nobody declared.

    AWS's own defaults (a default VPC) are left out unless ``aws_defaults``.
    """
    if resource_type.unmanaged is None:
        return
    for object_id in sorted(items.keys() - managed):
        item = items[object_id]
        if not resource_type.unmanaged(item):
            continue
        if resource_type.aws_default(item) is not None and not aws_defaults:
            continue
        yield Drift(
            address=_address(resource_type, object_id, redact),
            scope=scope,
            kind=DriftKind.UNMANAGED,
            id=str(redact.value(object_id)),
            changes=tuple(_description(resource_type, item, redact)),
        )


def _address(resource_type: ResourceType, object_id: str, redact: Redact) -> Address:
    key = str(redact.value(object_id))
    return Address(type=resource_type.name, name="unmanaged", key=key)


def _description(resource_type: ResourceType, item: Item, redact: Redact) -> Iterator[Change]:
    """Show what a person needs to recognise it; what can't be read is not shown."""
    for attribute in resource_type.attributes:
        if attribute.name not in resource_type.describe or unread_part(attribute, item):
            continue
        try:
            live = thaw(attribute.kind.canonical(live_value(attribute, item.raw)))
        except CanonicalError:
            continue
        if attribute.sensitive:
            live = cast("Json", redact.mark(live))
        if live is not None:
            shown = cast("Json", redact.value(live))
            yield Change(path=attribute.name, kind=ChangeKind.ADDED, live=shown)
