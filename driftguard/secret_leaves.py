"""Walking JSON values leaf by leaf, down into JSON that is kept as text."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

MAX_DEPTH = 200
"""Levels; what is nested deeper is replaced whole (a state so deep is refused anyway)."""
MAX_JSON_TEXT = 4 * 1024 * 1024
"""Characters; a longer JSON text is treated as plain text."""


def leaf_text(value: object) -> str:
    """Return a leaf's canonical text: True and ``"true"`` are one, 5, 5.0 and ``"5"`` too."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return str(value)
    except ValueError:  # an int of more digits than Python likes to print
        return f"{value:x}"


def leaves(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the canonical text of every leaf; None says nothing."""
    if isinstance(value, str):
        document = json_document(value)
        if document is None:
            yield value
        else:
            yield from leaves(document, depth + 1)
    elif depth > MAX_DEPTH or value is None:
        return
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves(inner, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from leaves(inner, depth + 1)
    else:
        yield leaf_text(value)


def json_document(text: str) -> dict[str, object] | list[object] | None:
    """Return the object or list that a text holds as JSON, or None."""
    stripped = text[:64].lstrip()
    if stripped[:1] not in ("{", "[") or len(text) > MAX_JSON_TEXT:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict | list) else None


def json_text(document: object) -> str:
    """Write a document the way AWS keeps policies: without spaces."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def spellings(secret: str) -> Iterator[str]:
    """Yield how a secret may be written elsewhere, itself first."""
    candidates = (secret, *_encodings(secret), secret.strip(), *_encodings(secret.strip()))
    yield from dict.fromkeys(candidates)


def _encodings(secret: str) -> Iterator[str]:
    encoded = secret.encode("utf-8", "surrogatepass")
    escaped = json.dumps(secret, ensure_ascii=False)[1:-1]
    yield escaped
    yield json.dumps(secret)[1:-1]
    # Go's encoder, and so Terraform's jsonencode, escapes for HTML:
    yield escaped.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    yield base64.b64encode(encoded).decode().rstrip("=")
    yield quote(encoded, safe="")
    yield quote_plus(encoded)
