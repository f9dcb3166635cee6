"""A warm look finds exactly what a cold one does, whatever changed in between."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import XMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftguard.live import parsers, pieces
from driftguard.live.operations import _service
from driftguard.live.parsers import Parsers
from driftguard.live.reader import Listing
from driftguard.live.warm import Warm
from driftguard.model import Item, Scope, Unreadable

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
PART = ("ec2.vpcs", Scope(account="1", region="us-east-1"))
INSIDE = st.sampled_from(
    [
        "<vpcId>vpc-1</vpcId>",
        "<vpcId>vpc-2</vpcId><isDefault>true</isDefault>",
        "<vpcId>vpc-3</vpcId><tagSet><item><key>a</key><value>b</value></item></tagSet>",
        # What the cut looks for stands inside an element as well:
        "<vpcId>vpc-4</vpcId><tagSet><item><vpcId>no</vpcId><key>a</key></item></tagSet>",
        "<vpcId>vpc-5</vpcId><!-- <item><vpcId> -->",
        "<vpcId><![CDATA[<item><vpcId>]]></vpcId>",
        "<vpcId>&amp;</vpcId>",
        "<isDefault>false</isDefault><vpcId>vpc-6</vpcId>",
        "<vpcId>vpc-7</vpcId></item><item><vpcId>vpc-8</vpcId>",
        "<vpcId>vpc-9</vpcId></item></vpcSet><vpcSet><item>",
        "<vpcId>broken",
        "<x:y/>",
    ]
)
HEADS = st.sampled_from(
    ["", "<requestId>r-1</requestId>", "<!-- <vpcSet><item><vpcId> -->", "<other><vpcSet/></other>"]
)
TAILS = st.sampled_from(["", "<nextToken>t</nextToken>", "<!-- </vpcSet> -->", "<vpcSet/>", "<"])


@pytest.fixture(autouse=True)
def small_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_SHORTEST", 0)


def answer_of(head: str, inside: list[str], tail: str) -> bytes:
    items = "".join(f"<item>{one}</item>" for one in inside)
    root = "DescribeVpcsResponse"
    body = f'<{root} xmlns="{NAMESPACE}">{head}<vpcSet>{items}</vpcSet>{tail}</{root}>'
    return body.encode()


def parsed(factory: Any, body: bytes) -> object:
    shape = _service("ec2").operation_model("DescribeVpcs").output_shape
    response = {"body": body, "status_code": 200, "headers": {}, "context": {}}
    try:
        return factory.create_parser("ec2").parse(response, shape)
    except Exception as error:  # noqa: BLE001  # which one is what is compared
        return type(error).__name__


@settings(max_examples=300, deadline=None, database=None)
@given(looks=st.lists(st.tuples(HEADS, st.lists(INSIDE, max_size=5), TAILS), max_size=4))
def test_every_look_finds_what_a_cold_one_finds(looks: list[tuple[str, list[str], str]]) -> None:
    warm = Warm()
    for head, inside, tail in looks:
        body = answer_of(head, inside, tail)
        assert parsed(Parsers(), body) == parsed(Parsers(warm), body)
        warm.looked({})


def test_only_what_changed_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    class Noted(XMLParser):
        def feed(self, data: Any) -> None:
            read.append(data)
            super().feed(data)

    monkeypatch.setattr(parsers, "XMLParser", Noted)
    warm = Warm()
    many = [f"<vpcId>vpc-{number}</vpcId>" for number in range(9)]
    before: Any = parsed(Parsers(warm), answer_of("<requestId>1</requestId>", many, ""))
    assert 9 == len(read)
    warm.looked({})
    many[4] = "<vpcId>vpc-other</vpcId>"
    after: Any = parsed(Parsers(warm), answer_of("<requestId>2</requestId>", many, ""))
    assert [b"<list><item><vpcId>vpc-other</vpcId></item></list>"] == read[9:]
    assert after["Vpcs"][0] is before["Vpcs"][0]
    assert "2" == after["ResponseMetadata"]["RequestId"]


def test_what_a_look_did_not_meet_is_forgotten() -> None:
    warm = Warm()
    warm.keep(b"digest", ["element"])
    warm.looked({})
    assert ["element"] == warm.elements(b"digest")
    warm.looked({})
    warm.looked({})
    assert warm.elements(b"digest") is None


def test_bytes_read_by_another_shape_are_another_piece() -> None:
    warm = Warm()
    shapes = [
        _service("ec2").operation_model(name).output_shape
        for name in ("DescribeVpcs", "DescribeSubnets")
    ]
    assert 2 == len({warm.digest(shape, b"<item/>") for shape in shapes})


def test_equal_objects_are_the_last_looks_own_and_failures_are_of_now() -> None:
    warm = Warm()
    first = Listing(items={"a": Item(id="a", raw={"A": 1}), "b": Item(id="b", raw={"B": 1})})
    warm.looked({PART: first})
    now = Listing(
        items={"a": Item(id="a", raw={"A": 1}), "b": Item(id="b", raw={"B": 2})},
        failure=Unreadable(reason="denied"),
    )
    found = warm.same(PART, now)
    assert now == found
    assert found.items["a"] is first.items["a"]
    assert found.items["b"] is now.items["b"]
    assert "denied" == (found.failure.reason if found.failure else "")
