"""The compiled parser reads what botocore's own does: same answer, same error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import botocore
import pytest
from botocore.parsers import QueryParser, ResponseParserFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from driftguard.live import collections
from driftguard.live.operations import _service
from driftguard.live.parsers import Parsers, is_tested

BOTOCORES: Any = QueryParser
XML = ("ec2", "iam", "rds", "sns", "sts")
NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
TEXTS = {
    "blob": st.sampled_from(["", "aGVsbG8=", "??"]),
    "boolean": st.sampled_from(["true", "false", "", "TRUE"]),
    "double": st.sampled_from(["0.5", "1", "x"]),
    "float": st.sampled_from(["0.5", "-2", ""]),
    "integer": st.sampled_from(["0", "65535", "-1", " 7 ", "x"]),
    "long": st.sampled_from(["0", "9999999999", ""]),
    "timestamp": st.sampled_from(
        [
            "2024-05-01T10:00:00.000Z",
            "2024-05-01T10:00:00Z",
            "1714557600",
            "2024-02-30T10:00:00Z",
            "2024-05-01T10:00:00.123456+02:00",
            "Wed, 01 May 2024 10:00:00 GMT",
            "",
        ]
    ),
}
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8)


def operations() -> Iterator[tuple[str, str]]:
    """Yield every operation of an XML API that a collection names."""
    words = {("sts", "GetCallerIdentity")}
    for path in Path(collections.__file__).parents[1].rglob("*.py"):
        found = {
            n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)
        }
        for service in XML:
            words |= {(service, str(one)) for one in found & set(_service(service).operation_names)}
    yield from sorted(words)


OPERATIONS = tuple(operations())


@st.composite
def element(draw: st.DrawFn, shape: Any, name: str, depth: int = 0) -> str:
    """Draw an element of a shape, now and then with what no model knows."""
    inner = "".join(draw(contents(shape, depth)))
    return f"<{name}>{inner}</{name}>"


@st.composite
def contents(draw: st.DrawFn, shape: Any, depth: int) -> list[str]:
    kind = shape.type_name
    if kind == "structure":
        chosen = draw(st.lists(st.sampled_from(sorted(shape.members) or ["Unknown"]), max_size=6))
        chosen = chosen if draw(st.integers(0, 9)) == 0 else list(dict.fromkeys(chosen))
        inner = []
        for name in chosen if depth < 6 else ():
            member = shape.members.get(name)
            if member is not None:
                wire = member.serialization.get("name", name)
                inner.append(draw(element(member, wire, depth + 1)))
        odd = draw(st.sampled_from(["", "", "", "<unknownToAll><x/></unknownToAll>", "<!-- -->"]))
        return [*inner, odd]
    if kind == "list":
        many = draw(st.integers(0, 3)) if depth < 6 else 0
        return [draw(element(shape.member, "item", depth + 1)) for _ in range(many)]
    if kind == "map":
        key = shape.key.serialization.get("name") or "key"
        value = shape.value.serialization.get("name") or "value"
        pairs = draw(st.lists(st.tuples(TEXT, TEXT), max_size=3))
        return [
            f"<entry><{key}>{escape(a)}</{key}><{value}>{escape(b)}</{value}></entry>"
            for a, b in pairs
        ]
    return [escape(draw(TEXTS.get(kind, TEXT)))]


def answer_of(service: str, operation: str, shape: Any, inner: str) -> bytes:
    wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
    inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    meta = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
    meta = "<requestId>r</requestId>" if service == "ec2" else meta
    root = f"{operation}Response"
    return f'<{root} xmlns="{NAMESPACE}">{meta}{inner}</{root}>'.encode()


def parsed(factory: Any, service: str, shape: Any, body: bytes, status: int = 200) -> object:
    """Return what a parser makes of a body, or the name of what it raises."""
    parser = factory.create_parser(_service(service).resolved_protocol)
    response = {"body": body, "status_code": status, "headers": {"X-A": "b"}, "context": {}}
    try:
        return comparable(parser.parse(response, shape))
    except Exception as error:  # noqa: BLE001  # which one is what is compared
        return type(error).__name__


def comparable(value: Any) -> Any:
    """Spell out the XML elements that botocore leaves where a text is repeated."""
    if isinstance(value, ET.Element):
        return ET.tostring(value)
    if isinstance(value, dict):
        return {key: comparable(inner) for key, inner in value.items()}
    return [comparable(inner) for inner in value] if isinstance(value, list) else value


def shape_of(service: str, operation: str) -> Any:
    return _service(service).operation_model(operation).output_shape


def test_every_collection_of_an_xml_api_is_walked() -> None:
    assert {"ec2", "iam", "rds", "sns", "sts"} == {service for service, _ in OPERATIONS}
    assert ("ec2", "DescribeSecurityGroups") in OPERATIONS
    assert len(OPERATIONS) >= 20


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
@settings(max_examples=25, deadline=None, database=None)
@given(data=st.data())
def test_any_answer_is_parsed_as_botocore_parses_it(
    data: st.DataObject, service: str, operation: str
) -> None:
    shape = shape_of(service, operation)
    inner = "".join(data.draw(contents(shape, 0))) if shape is not None else ""
    body = answer_of(service, operation, shape, inner)
    expected = parsed(ResponseParserFactory(), service, shape, body)
    assert expected == parsed(Parsers(), service, shape, body)


@pytest.mark.parametrize("body", [b"", b"<a", b"<a/>", b"<html><body/></html>", b"\xff"])
@pytest.mark.parametrize("status", [200, 400, 503])
def test_broken_answers_and_errors_are_botocores_to_judge(body: bytes, status: int) -> None:
    for service, operation in (("ec2", "DescribeVpcs"), ("iam", "ListRoles")):
        shape = shape_of(service, operation)
        expected = parsed(ResponseParserFactory(), service, shape, body, status)
        assert expected == parsed(Parsers(), service, shape, body, status)


def compiled_bodies(monkeypatch: pytest.MonkeyPatch, factory: Any) -> list[bool]:
    """Return for one good answer whether botocore's own code parsed its body."""
    asked: list[bool] = []
    own = BOTOCORES._parse_body_as_xml

    def noted(self: Any, *args: Any, **named: Any) -> Any:
        asked.append(True)
        return own(self, *args, **named)

    monkeypatch.setattr(BOTOCORES, "_parse_body_as_xml", noted)
    body = answer_of("ec2", "DescribeVpcs", None, "<vpcSet><item><vpcId>v</vpcId></item></vpcSet>")
    found: Any = parsed(factory, "ec2", shape_of("ec2", "DescribeVpcs"), body)
    assert [{"VpcId": "v"}] == found["Vpcs"]
    return asked


def test_a_good_answer_is_not_botocores_to_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [] == compiled_bodies(monkeypatch, Parsers())


def test_an_untested_version_of_botocore_parses_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(botocore, "__version__", "9.0.0")
    assert [True] == compiled_bodies(monkeypatch, Parsers())


def test_a_session_with_parsers_of_its_own_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    factory = Parsers()
    factory.set_parser_defaults(timestamp_parser=str)
    assert [True] == compiled_bodies(monkeypatch, factory)


@pytest.mark.parametrize(
    ("version", "tested"),
    [("1.39.9", False), ("1.40.0", True), ("1.44.8", True), ("1.45.0", False), ("2.0", False)],
)
def test_only_tested_versions_are_trusted(version: str, tested: bool) -> None:
    assert tested == is_tested(version)
