"""Objects that another account shares with this one show up in its bulk answers.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.live.reader import Reader
from driftguard.model import Item


def owned_item(reader: Reader, raw: Mapping[str, object], id_key: str) -> Item:
    """Return the item with ``SharedBy``: the owner's account where it is not the scope's."""
    owner, account = str(raw.get("OwnerId") or ""), reader.scope.account
    shared_by = owner if account and owner != account else ""
    return Item(id=str(raw[id_key]), raw={**raw, "SharedBy": shared_by})
