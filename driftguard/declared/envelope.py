"""From bytes to the JSON object of a version 4 state, or to one sentence that says why not.

Whatever the bytes are, they are never quoted: a state holds secrets, and so may
what was mistaken for one.
https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/version4.go
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from driftguard.errors import DeclaredError

GZIP_MAGIC = b"\x1f\x8b"
STATE_VERSION = 4
_PULL = "Give the raw state, as `terraform state pull` prints it."


class _DuplicateKeyError(ValueError):
    """An object names a key twice, so what it says depends on who reads it."""


def open_state(data: bytes, *, place: str, max_bytes: int) -> Mapping[str, object]:
    """Return the state's JSON object. Raises DeclaredError, a sentence for each kind of trouble.

    A UTF-8 byte order mark is tolerated. ``max_bytes`` bounds the size.
    """
    document = open_json(data, place=place, max_bytes=max_bytes)
    _check_version(document, place)
    if not isinstance(document.get("resources"), list):
        raise DeclaredError(f"{place} is a state without a list of resources.", hint=_PULL)
    return document


def open_json(data: bytes, *, place: str, max_bytes: int) -> Mapping[str, object]:
    """Return the JSON object that a state or a plan is. Raises DeclaredError, one sentence."""
    if len(data) > max_bytes:
        raise too_large(place, max_bytes)
    document = _json(_text(data, place), place)
    if not isinstance(document, dict):
        raise DeclaredError(f"{place} is JSON but not a Terraform state.", hint=_PULL)
    return document


def too_large(place: str, max_bytes: int) -> DeclaredError:
    """Return the error for a state over the limit; places use it before they read it all."""
    return DeclaredError(
        f"{place} is larger than the limit of {max_bytes} bytes.",
        hint="Raise the limit of the state's size if this really is a state.",
    )


def _text(data: bytes, place: str) -> str:
    if data.startswith(GZIP_MAGIC):
        raise DeclaredError(
            f"{place} is compressed with gzip.", hint="Decompress it first: gunzip FILE."
        )
    if not data.strip():
        raise DeclaredError(
            f"{place} is empty.", hint="A state is never empty; was it cut off while being written?"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DeclaredError(
            f"{place} is not a Terraform state: it isn't UTF-8 text.", hint=_PULL
        ) from None


def _json(text: str, place: str) -> object:
    if text.lstrip()[:1] == "<":
        raise DeclaredError(
            f"{place} is a web page, probably a login or error page, not a state.",
            hint="Check the address and the credentials it was fetched with.",
        )
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise DeclaredError(
            f"{place} is nested too deep to be a Terraform state.", hint=_PULL
        ) from None
    except _DuplicateKeyError:
        raise DeclaredError(
            f"{place} is ambiguous: a JSON object in it names the same key twice.",
            hint="Restore the state from a backup; Terraform doesn't write such files.",
        ) from None
    except json.JSONDecodeError as error:
        raise _not_json(error, text, place) from None
    except ValueError:
        raise DeclaredError(f"{place} is not JSON.", hint=_PULL) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKeyError
    return found


def _no_constant(name: str) -> object:
    """Refuse NaN and Infinity, which Python's parser takes and JSON doesn't have."""
    raise ValueError(name)


def _not_json(error: json.JSONDecodeError, text: str, place: str) -> DeclaredError:
    starts_well = text.lstrip()[:1] in ("{", "[")
    if starts_well and (error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")):
        return DeclaredError(
            f"{place} is cut off: the JSON ends in the middle.",
            hint="Fetch it again; if it stays so, restore the state from a backup.",
        )
    where = f"line {error.lineno}, column {error.colno}"
    return DeclaredError(f"{place} is not JSON ({where}).", hint=_PULL)


def _check_version(document: Mapping[str, object], place: str) -> None:
    if "encrypted_data" in document or "encryption_version" in document:
        raise DeclaredError(
            f"{place} is encrypted by OpenTofu.",
            hint="Scan its working directory instead (tofu:PATH), where tofu can decrypt it.",
        )
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int):
        raise _not_a_state(document, place)
    if version < STATE_VERSION:
        raise _older(document, version, place)
    if version > STATE_VERSION:
        raise DeclaredError(
            f"{place} is a state of version {version}; DriftGuard reads version {STATE_VERSION}.",
            hint="It comes from a newer Terraform than DriftGuard knows; update DriftGuard.",
        )


def _older(document: Mapping[str, object], version: int, place: str) -> DeclaredError:
    if "backend" in document:
        return DeclaredError(
            f"{place} only records which backend a working directory uses; it is not a state.",
            hint="Give the working directory itself, so that its state is pulled.",
        )
    return DeclaredError(
        f"{place} is a state of version {version}, from Terraform 0.11 or older.",
        hint="Upgrade it with Terraform 0.12 or later (any apply writes version 4).",
    )


def _not_a_state(document: Mapping[str, object], place: str) -> DeclaredError:
    if "format_version" in document:
        return DeclaredError(
            f"{place} is what `terraform show -json` prints, not a raw state.", hint=_PULL
        )
    return DeclaredError(f"{place} is JSON but not a Terraform state: no version.", hint=_PULL)
