"""Files of policy's making (rules, their tests, exceptions) as bounded bytes, text and YAML."""

from __future__ import annotations

from driftguard.errors import PolicyError, SettingsError
from driftguard.settings.document import Document, parse_document

MAX_BYTES = 1024 * 1024
"""Of one file."""


def text_of(data: bytes, place: str) -> str:
    """Return the bytes as text, without a byte order mark. Raises PolicyError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"{place}:{line}: this is not UTF-8 text."
        raise PolicyError(message, hint="Save the file as UTF-8.") from None


def document_of(data: bytes, place: str, *, ours: bool = False) -> Document:
    """Parse the bytes as YAML. Raises PolicyError, with file and line."""
    text = text_of(data, place)
    try:
        return parse_document(text, place, ours=ours)
    except SettingsError as error:
        raise PolicyError(error.message, hint=error.hint) from None


def mapping_of(document: Document, place: str, hint: str) -> dict[str, object]:
    """Return the keys and values that a document holds. Raises PolicyError where it holds none."""
    if isinstance(document.value, dict):
        return document.value
    what = "is empty" if document.value is None else "does not hold keys and values"
    raise PolicyError(f"{place}:1: the file {what}.", hint=hint)
