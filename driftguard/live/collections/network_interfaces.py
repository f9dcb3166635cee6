"""EC2 network interfaces: what security groups and instances are reached by.

Read for exposure evidence alone, so ``wanted`` names not interfaces but what
they belong to. For a few groups and instances AWS filters; for many the whole
list is shorter than the questions.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

MOST_FILTERED = 200
"""Values that one filter may have.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html"""

_FILTERS = {"sg": "group-id", "i": "attachment.instance-id"}
_EVERYTHING: Mapping[str, object] = {}


class NetworkInterfaces:
    """Interfaces by id: those of the wanted groups (``sg-``) and instances (``i-``), or all."""

    name = "ec2.network_interfaces"
    is_global = False
    permissions = ("ec2:DescribeNetworkInterfaces",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call for the groups and one for the instances, or one for everything."""
        items: dict[str, Item] = {}
        failure: Unreadable | None = None
        for question in _questions(wanted.ids):
            found = reader.pages("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", question)
            failure = failure or found.failure
            for raw in found.items:
                one = str(raw["NetworkInterfaceId"])
                items[one] = Item(id=one, raw=raw)
        return Listing(items=items, failure=failure)


def _questions(ids: frozenset[str]) -> Iterator[Mapping[str, object]]:
    by_kind: dict[str, list[str]] = {}
    for one in sorted(ids):
        by_kind.setdefault(one.partition("-")[0], []).append(one)
    few = all(len(some) <= MOST_FILTERED for some in by_kind.values())
    if not by_kind or not few or by_kind.keys() - _FILTERS.keys():
        yield _EVERYTHING
        return
    for kind, some in by_kind.items():
        yield {"Filters": [{"Name": _FILTERS[kind], "Values": some}]}
