"""A state on a web server: ``https://HOST/PATH``, e.g. of Terraform's http backend or GitLab.

GitLab's form is ``https://HOST/api/v4/projects/ID/terraform/state/NAME``. The place
``http://`` alone is the address in ``TF_HTTP_ADDRESS``. Credentials:
``web/credentials.py``.
https://developer.hashicorp.com/terraform/language/backend/http
https://docs.gitlab.com/user/infrastructure/iac/terraform_state/
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from driftguard.declared.place import Fetched, Found, Visit
from driftguard.declared.web.address import WebAddress, parse_address
from driftguard.declared.web.credentials import credentials
from driftguard.declared.web.refusals import refusal
from driftguard.errors import DeclaredError

_SCHEMES = ("http://", "https://")
_VARIABLE = "TF_HTTP_ADDRESS"
_HERE = ("localhost", "127.0.0.1", "::1")
_OK = 200


def claims(place: str) -> bool:
    """Tell whether this is an address of the web."""
    return place.lower().startswith(_SCHEMES)


def states(visit: Visit) -> Iterator[Found]:
    """Yield the one state that lies there. Raises DeclaredError."""
    from driftguard.declared.web.client import WebClient  # noqa: PLC0415  # slow to import

    address = _address(visit.place)
    name = str(address)
    sent = credentials(address, visit.access.web, os.environ, name)
    answer = WebClient(options=visit.options, clock=visit.clock).get(
        address, place=name, headers=sent.headers, ca_file=sent.ca_file
    )
    if answer.status != _OK:
        raise refusal(answer.status, name, with_credentials=bool(sent.headers))
    note = _note(address, name) if sent.headers else ""
    yield Fetched(name=name, data=answer.body, note=note, identity=address.url)


def _address(place: str) -> WebAddress:
    if place.lower() not in _SCHEMES:
        return parse_address(place, "A place on the web")
    named = os.environ.get(_VARIABLE, "")
    if not named:
        raise DeclaredError(
            f"{place} names no host, and {_VARIABLE} is not set.", hint="Write https://HOST/PATH."
        )
    return parse_address(named, f"What {_VARIABLE} holds")


def _note(address: WebAddress, name: str) -> str:
    if address.scheme == "https" or address.host in _HERE:
        return ""
    return f"{name} was read without TLS: its secrets and the credentials can be read on the way."
