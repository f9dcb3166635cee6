"""A secret's digest of another scan is unknown, not different."""

from __future__ import annotations

from driftguard.live.digests import without_digests
from driftguard.live.reader import Listing
from driftguard.model import Item, Unreadable
from driftguard.redact import Redactor


def test_a_part_with_a_digest_is_unread_and_the_others_are_not() -> None:
    token = Redactor().mark("hunter2-hunter2")
    raw = {"Name": "a", "Environment": {"Variables": [{"KEY": f"x {token}"}]}, "Tags": []}
    listing = Listing(items={"a": Item(id="a", raw=raw), "b": Item(id="b", raw={"Name": "b"})})

    found = without_digests(listing)

    assert {"Environment"} == found.items["a"].unread.keys()
    assert listing.items["b"] is found.items["b"]


def test_a_part_that_was_unread_keeps_its_own_reason() -> None:
    why = Unreadable(reason="denied")
    item = Item(id="a", raw={"Policy": Redactor().mark("hunter2-hunter2")}, unread={"Policy": why})

    found = without_digests(Listing(items={"a": item}, failure=why))

    assert why == found.items["a"].unread["Policy"]
    assert why == found.failure
