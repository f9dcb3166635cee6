"""IAM instance profiles with their roles, by name.

ListInstanceProfiles has all but the tags; GetInstanceProfile has them too and
is asked for declared profiles alone, so it also stands in where the list is
refused.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from driftguard.live.iam_words import NO_ENTITY
from driftguard.live.reader import Answer, Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

Raw = Mapping[str, object]


class InstanceProfiles:
    """Instance profiles by name."""

    name = "iam.instance_profiles"
    is_global = True
    permissions = ("iam:ListInstanceProfiles", "iam:GetInstanceProfile")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call, and one call for each declared profile."""
        listed = reader.pages("iam", "ListInstanceProfiles", "InstanceProfiles")
        known = {str(one["InstanceProfileName"]): one for one in listed.items}
        ids = wanted.ids & known.keys() if listed.failure is None else wanted.ids
        requests = {name: {"InstanceProfileName": name} for name in ids}
        got = reader.each("iam", "GetInstanceProfile", requests, absent=NO_ENTITY)
        for name, answer in got.items():
            if answer is not None and not isinstance(answer, Unreadable):
                known[name] = {"Tags": None, **cast("Raw", answer["InstanceProfile"])}
        return Listing(
            items={name: _item(name, raw, got.get(name)) for name, raw in known.items()},
            failure=listed.failure,
            absent=frozenset(name for name, one in got.items() if one is None) - known.keys(),
        )


def _item(name: str, raw: Raw, got: Answer) -> Item:
    lost = Unreadable(reason="it came or went while it was being read", retryable=True)
    why = got if isinstance(got, Unreadable) else lost
    return Item(id=name, raw=raw, unread={} if "Tags" in raw else {"Tags": why})
