"""Facts of one object that AWS gives only one call at a time, put beside what a bulk call gave.

One shape occurs all over EC2: ``Describe…Attribute`` with an id and the name
of an attribute, answered under a key of that attribute's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from driftguard.live.reader import Answer, Reader
from driftguard.model import Item, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One such fact: how it is asked for, and the key it is answered under."""

    operation: str
    id_parameter: str
    attribute: str
    key: str
    absent: tuple[str, ...] = ()
    """Error codes that mean that this object has no such attribute."""


@dataclass(slots=True, kw_only=True)
class Details:
    """Raw answers and failures by object id, while a collection is being read."""

    raw: dict[str, dict[str, object]] = field(default_factory=dict)
    unread: dict[str, dict[str, Unreadable]] = field(default_factory=dict)

    def ask(self, reader: Reader, detail: Detail, ids: Collection[str], *, among: int) -> None:
        """Ask EC2 for one detail of each id."""
        requests = {
            one: {detail.id_parameter: one, "Attribute": detail.attribute} for one in sorted(ids)
        }
        answers = reader.each("ec2", detail.operation, requests, absent=detail.absent, among=among)
        for one in requests:
            self._keep(one, detail.key, answers.get(one, Unreadable(reason="it was not asked for")))

    def _keep(self, object_id: str, key: str, answer: Answer) -> None:
        if answer is None:
            self.raw.setdefault(object_id, {})[key] = None
        elif isinstance(answer, Unreadable):
            self.unread.setdefault(object_id, {})[key] = answer
        elif key not in answer:
            # A recording may answer for another attribute of the same object.
            missing = Unreadable(reason=f"AWS's answer lacks {key}")
            self.unread.setdefault(object_id, {})[key] = missing
        else:
            self.raw.setdefault(object_id, {})[key] = answer[key]

    def add_to(self, item: Item) -> Item:
        """Return the item with what was found out about it."""
        raw: Mapping[str, object] = {**item.raw, **self.raw.get(item.id, {})}
        return replace(item, raw=raw, unread={**item.unread, **self.unread.get(item.id, {})})
