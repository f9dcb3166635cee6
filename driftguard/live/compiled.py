"""XML answers turned into boto3's dicts by functions made once from botocore's shapes.

botocore looks up, for each element of each answer, how its shape is to be read.
Here a structure learns what a tag means when it first meets it. What is not
read exactly as botocore reads it raises, and botocore's own parser has its say.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from sys import intern
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element  # a class to annotate with; botocore's parser made it

from botocore.utils import parse_timestamp
from dateutil.tz import tzutc  # type: ignore[import-untyped]  # comes with botocore

Convert: TypeAlias = "Callable[[Element], Any]"

_MOST_TAGS = 1024
"""Tags that one structure remembers: an answer's names are untrusted, and may be endless."""
_UTC = tzutc()
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z", re.ASCII)


_LONGEST_WORD = 20
"""Characters of a text that is probably in many answers (a protocol, a network, a group's id)."""


class UnsupportedError(Exception):
    """A shape that only botocore's own parser reads."""


class OddAnswerError(Exception):
    """An answer that is not built as usual, which botocore's own parser may judge."""


class Compiler:
    """The functions for the shapes of one service model; structures are shared by name."""

    def __init__(self) -> None:
        self._structures: dict[str, Convert] = {}

    def structure(self, shape: Any) -> Convert:  # noqa: ANN401  # a botocore class
        """Return the function for a structure. Raises UnsupportedError."""
        made = self._structures.get(shape.name)
        if made is None:
            _refuse_odd(shape)
            made = self._structures[shape.name] = self._reading(shape)
        return made

    def _reading(self, shape: Any) -> Convert:  # noqa: ANN401  # as above
        members = {_xml_name(inner, name): (name, inner) for name, inner in shape.members.items()}
        known: dict[str, tuple[str, Convert | None]] = {}

        def learn(tag: str) -> tuple[str, Convert | None]:
            if len(known) >= _MOST_TAGS or "\n" in tag:
                raise OddAnswerError
            name, inner = members.get(tag.rpartition("}")[2], ("", None))
            found = known[tag] = (name, self._convert(inner) if name else None)
            return found

        def read(node: Element) -> dict[str, Any]:
            values: dict[str, Any] = {}
            unknown = 0
            for child in node:
                try:
                    name, convert = known[child.tag]
                except KeyError:
                    name, convert = learn(child.tag)
                if convert is not None:
                    values[name] = convert(child)
                elif name:
                    text = child.text or ""
                    values[name] = intern(text) if len(text) <= _LONGEST_WORD else text
                else:
                    unknown += 1
            if len(values) + unknown != len(node):
                raise OddAnswerError  # a member came twice
            return values

        return read

    def elements(self, shape: Any) -> Convert:  # noqa: ANN401  # as above
        """Return the function for a list. Raises UnsupportedError."""
        return self._list(shape)

    def _convert(self, shape: Any) -> Convert | None:  # noqa: ANN401  # as above
        """Return the function for any shape; None for text, which needs none."""
        kind = shape.type_name
        if kind in ("string", "character"):
            return None
        if kind == "structure":
            return self.structure(shape)
        if kind == "list":
            return self._list(shape)
        if kind == "map":
            return self._map(shape)
        if kind not in _SCALARS:
            raise UnsupportedError
        return _SCALARS[kind]

    def _list(self, shape: Any) -> Convert:  # noqa: ANN401  # as above
        _refuse_flat(shape)
        convert = self._convert(shape.member)
        if convert is None:
            return lambda node: [child.text or "" for child in node]
        return lambda node: [convert(child) for child in node] if len(node) else []

    def _map(self, shape: Any) -> Convert:  # noqa: ANN401  # as above
        _refuse_flat(shape)
        names = _xml_name(shape.key, "key"), _xml_name(shape.value, "value")
        key, value = self._convert(shape.key) or _text, self._convert(shape.value) or _text

        def read(node: Element) -> dict[Any, Any]:
            pairs = {}
            for entry in node:
                first, second = entry
                if (_local(first), _local(second)) != names:
                    raise OddAnswerError
                pairs[key(first)] = value(second)
            return pairs

        return read


def _refuse_odd(shape: Any) -> None:  # noqa: ANN401  # as above
    if shape.is_tagged_union or shape.is_document_type or shape.metadata.get("exception"):
        raise UnsupportedError
    for inner in shape.members.values():
        if not _ORDINARY.issuperset(inner.serialization):
            raise UnsupportedError


_ORDINARY = frozenset({"name", "flattened", "queryName"})
"""What may be said of a member; a header's or an attribute's value is botocore's to read."""


def _refuse_flat(shape: Any) -> None:  # noqa: ANN401  # as above
    if shape.serialization.get("flattened"):
        raise UnsupportedError


def _xml_name(shape: Any, name: str) -> str:  # noqa: ANN401  # as above
    said = shape.serialization.get("name")
    return name if said is None else str(said)


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _text(node: Element) -> str:
    return node.text or ""


def _time(node: Element) -> datetime:
    """Read a time as botocore does, who leaves it to dateutil; AWS's usual form is read at once."""
    text = node.text or ""
    if _TIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=_UTC)
        except ValueError:
            pass
    moment: datetime = parse_timestamp(text)
    return moment


_SCALARS: dict[str, Convert] = {
    "blob": lambda node: base64.b64decode(node.text or ""),
    "boolean": lambda node: node.text == "true",
    "double": lambda node: float(node.text or ""),
    "float": lambda node: float(node.text or ""),
    "integer": lambda node: int(node.text or ""),
    "long": lambda node: int(node.text or ""),
    "timestamp": _time,
}
