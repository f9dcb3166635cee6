"""User data: what an instance runs when it starts, in the three forms a state holds it.

Up to provider 5 ``user_data`` is the SHA-1 of the decoded data, from provider
6 on the text itself; ``user_data_base64`` is always the encoded data. EC2
answers the encoded data. The same data in another form is no change.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping

from driftguard.canonical.kinds import TEXT
from driftguard.model import TOKEN_PATTERN, Severity
from driftguard.parts.shapes import an_object
from driftguard.resource_type import UNSET, Attribute

Raw = Mapping[str, object]

_DIGEST = re.compile(r"[0-9a-f]{40}")
_TOKEN = re.compile(TOKEN_PATTERN)
_NAMES = ("user_data", "user_data_base64")


def user_data_attributes() -> tuple[Attribute, ...]:
    """Return ``user_data`` and ``user_data_base64``: one of them is compared."""
    return tuple(
        Attribute(
            name=name,
            wire=f"UserDataIn.{name}",
            needs=("UserData",),
            declared=_declared(name),
            kind=TEXT,
            severity=Severity.HIGH,
            sensitive=True,
            note="Compared by its data, whatever form the state holds it in; never shown.",
        )
        for name in _NAMES
    )


def _declared(name: str) -> Callable[[Raw], object]:
    def declared(attributes: Raw) -> object:
        return attributes.get(name, UNSET) if name == _used(attributes) else UNSET

    return declared


def _used(attributes: Raw) -> str:
    return "user_data_base64" if attributes.get("user_data_base64") else "user_data"


def located(attributes: Raw, raw: Raw) -> Raw:
    """Return the live item with its user data in the form in which the state holds it."""
    value = an_object(raw.get("UserData")).get("Value")
    encoded = str(TEXT.canonical(value) or "")
    name = _used(attributes)
    declared = str(attributes.get(name) or "")
    return {**raw, "UserDataIn": {name: _in_form_of(declared, encoded, attributes)}}


def _in_form_of(declared: str, encoded: str, attributes: Raw) -> str:
    if not encoded:
        return ""
    data = _decoded(encoded)
    text = data.decode("utf-8", "replace")
    if declared and (declared in (encoded, text) or _decoded(declared) == data):
        return declared
    if _is_digest(declared, attributes):
        return hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return encoded if attributes.get("user_data_base64") else text


def _is_digest(declared: str, attributes: Raw) -> bool:
    """Tell whether the state holds a digest; a token hides that, the provider's age tells it."""
    if not declared or _TOKEN.search(declared):
        return "region" not in attributes and not attributes.get("user_data_base64")
    return _DIGEST.fullmatch(declared) is not None


def _decoded(text: str) -> bytes:
    """Decode base64; what is not base64 stands for itself, as in the provider."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")
