"""Whether a body is an answer of the API at all, before botocore parses it.

botocore reads an answer leniently: JSON that does not parse, or a proxy's HTML
page that is well-formed XML, becomes an answer without anything in it. An empty
list would follow, and with it "missing". So both are refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from driftguard.live.failure import MalformedAnswerError

_FIRST_ELEMENT = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.DOTALL
)
_HEAD = 4096
"""Bytes within which a document's first element begins."""


def check_body(operation: Any, response: Mapping[str, Any]) -> None:  # noqa: ANN401  # botocore's
    """Raise MalformedAnswerError for a success that is none; errors are botocore's to parse."""
    body = response["body"]
    if response["status_code"] >= 300 or not isinstance(body, bytes):  # noqa: PLR2004  # HTTP
        return
    if not _has_body(operation):
        return
    protocol = operation.service_model.resolved_protocol
    if protocol in ("json", "rest-json"):
        _check_json(body)
    elif protocol in ("ec2", "query", "rest-xml"):
        _check_xml(body, any_root=protocol == "rest-xml")


def _has_body(operation: Any) -> bool:  # noqa: ANN401  # as above
    """Tell whether the answer is a document, and not headers alone or a text of its own."""
    shape = operation.output_shape
    if shape is None or operation.http.get("method") == "HEAD":
        return False
    if shape.serialization.get("payload"):
        return bool(shape.members[shape.serialization["payload"]].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())


def _check_json(body: bytes) -> None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswerError("it is not JSON") from None
    if not isinstance(parsed, dict):
        raise MalformedAnswerError("it is not a JSON object")


def _check_xml(body: bytes, *, any_root: bool) -> None:
    found = _FIRST_ELEMENT.match(body[:_HEAD])
    if found is None:
        raise MalformedAnswerError("it is not XML")
    root = found[1].decode().lower()
    if root in ("html", "error") or not (any_root or root.endswith("response")):
        raise MalformedAnswerError("it is some other document")
