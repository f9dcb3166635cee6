"""AWS answers as JSON and back: datetimes and bytes keep their type.

The form of a datetime is that of Cloud Custodian's recordings, so that both are
read by the same code. What was read is bounded: a recording may come from anybody.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

_CLASS = "__class__"
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
MAX_DEPTH = 64
"""Levels of nesting; AWS's own answers stay under twenty."""


def encoded(value: object) -> object:
    """Return a value of a boto3 answer as plain JSON."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return {_CLASS: "datetime", **{part: getattr(moment, part) for part in _PARTS}}
    if isinstance(value, bytes | bytearray):
        return {_CLASS: "bytes", "base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        found = {str(key): encoded(inner) for key, inner in value.items()}
        return {_CLASS: "mapping", "of": found} if _CLASS in found else found
    if isinstance(value, list | tuple | set | frozenset):
        return [encoded(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def decoded(value: object, depth: int = 0) -> object:
    """Return the boto3 answer that was encoded. Raises ValueError for what can't be one."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [decoded(inner, depth + 1) for inner in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_CLASS)
    if kind == "datetime":
        return _moment(value)
    if kind == "bytes":
        return _bytes(value)
    if kind == "mapping" and isinstance(value.get("of"), dict):
        value = cast("dict[str, object]", value["of"])
    return {_text(key): decoded(inner, depth + 1) for key, inner in value.items()}


def _moment(value: Mapping[str, object]) -> datetime:
    parts = [value.get(part, 0) for part in _PARTS]
    if not all(isinstance(part, int) for part in parts):
        raise ValueError("not a date")
    try:
        return datetime(*cast("list[int]", parts), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except OverflowError:
        raise ValueError("not a date") from None


def _bytes(value: Mapping[str, object]) -> bytes:
    try:
        return base64.b64decode(str(value.get("base64")), validate=True)
    except binascii.Error:
        raise ValueError("not bytes") from None


def _text(value: str) -> str:
    """Replace half characters, which no terminal or file could take."""
    if value.isascii():
        return value
    return value.encode("utf-8", "replace").decode("utf-8")
