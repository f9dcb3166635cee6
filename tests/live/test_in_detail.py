"""What a bulk call listed, and more about the declared ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pytest

from driftguard.live.collections.sqs_queues import Queues
from driftguard.live.in_detail import Detail, read_in_detail
from driftguard.live.reader import Answer, Pages, Wanted
from driftguard.model import Scope, Unreadable

DENIED = Unreadable(reason="access denied: grant x:GetThing")
PROOF = Detail(
    key="Thing",
    operation="GetThing",
    params=lambda one, listed: {"Name": one, "Colour": listed.get("Colour")},
    absent=("Gone",),
    inside="Thing",
    must=True,
    proves=True,
)
TAGS = Detail(
    key="Tags",
    operation="ListTags",
    params=lambda one, listed: {"Name": one},
    absent=("NoTags",),
    inside="Tags",
)


@dataclass(kw_only=True)
class Told:
    """A reader that gives the answers that it is told to."""

    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    partition: str = "aws"
    asked: dict[str, tuple[Mapping[str, object], int | None]] = field(default_factory=dict)

    scope = Scope(account="123456789012", region="cn-north-1")

    def call(self, *args: object, **options: object) -> Answer:
        return None

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] = MappingProxyType({}),
    ) -> Pages:
        self.asked[operation] = ({"": params}, None)
        return Pages(items=(), failure=DENIED)

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: object = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        self.asked[operation] = (requests, among)
        return {one: self.answers.get(operation, {}).get(one, DENIED) for one in requests}


def read(reader: Told, listed: Mapping[str, Mapping[str, object]], failure: Unreadable | None):
    return read_in_detail(reader, "x", listed, failure, {"a", "b"}, (PROOF, TAGS))


def test_only_wanted_ones_that_are_listed_are_asked_for():
    reader = Told()
    listed = {"a": {"Colour": "red"}, "c": {}}
    found = read(reader, listed, None)
    assert ({"a": {"Name": "a", "Colour": "red"}}, 2) == reader.asked["GetThing"]
    assert {"a", "c"} == set(found.items)
    assert {"Thing": DENIED, "Tags": DENIED} == found.items["a"].unread
    assert {} == found.items["c"].unread


def test_a_detail_hangs_beside_what_the_list_said():
    reader = Told(answers={"GetThing": {"a": {"Thing": 1}}, "ListTags": {"a": None}})
    item = read(reader, {"a": {"Colour": "red"}}, None).items["a"]
    assert ({"Colour": "red", "Thing": 1, "Tags": None}, {}) == (item.raw, item.unread)


@pytest.mark.parametrize("answer", [{}, {"Thing": None}, {"Thing": {}}])
def test_an_answer_without_what_was_asked_for_is_malformed(answer: Answer):
    reader = Told(answers={"GetThing": {"a": answer}, "ListTags": {"a": {}}})
    item = read(reader, {"a": {}}, None).items["a"]
    assert {"Thing": Unreadable(reason="AWS's answer to GetThing has no Thing")} == item.unread
    assert {"Tags": None} == item.raw


def test_what_went_away_meanwhile_is_absent():
    found = read(Told(answers={"GetThing": {"a": None}}), {"a": {}, "b": {}}, None)
    assert (["b"], {"a"}) == (list(found.items), found.absent)


def test_where_the_list_was_refused_each_is_asked_for_by_itself():
    reader = Told(answers={"GetThing": {"a": {"Thing": 1}, "b": None}})
    found = read(reader, {}, DENIED)
    assert (["a"], {"b"}, DENIED) == (list(found.items), found.absent, found.failure)
    assert 3 == reader.asked["GetThing"][1], "there may be others that an answer is about"


def test_what_is_neither_listed_nor_proven_stays_unknown():
    found = read(Told(answers={"ListTags": {"a": {"Tags": {}}}}), {}, DENIED)
    assert ({}, frozenset()) == (found.items, found.absent)
    blind = read_in_detail(Told(), "x", {}, DENIED, {"a"}, (TAGS,))
    assert {} == blind.items


@pytest.mark.parametrize(("partition", "domain"), [("aws", ""), ("aws-cn", ".cn")])
def test_a_queue_that_is_not_listed_is_asked_for_by_a_made_up_url(partition: str, domain: str):
    reader = Told(partition=partition)
    Queues().read(reader, Wanted(ids=frozenset({"123456789012/orders"})))
    url = f"https://sqs.cn-north-1.amazonaws.com{domain}/123456789012/orders"
    asked = reader.asked["GetQueueAttributes"][0]
    assert {"QueueUrl": url, "AttributeNames": ["All"]} == asked["123456789012/orders"]


def test_queues_are_listed_page_by_page():
    """Without MaxResults, ListQueues stops at 1,000 and gives no token."""
    reader = Told()
    Queues().read(reader, Wanted())
    assert {"MaxResults": 1000} == reader.asked["ListQueues"][0][""]
