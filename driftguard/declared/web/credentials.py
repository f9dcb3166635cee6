"""What is sent to an address, and from where it is taken: never from what is told or kept.

In this order: the settings' entry for the address, what stands before the ``@`` of
the address itself, and the variables that Terraform's own http backend and GitLab's
jobs have.
https://developer.hashicorp.com/terraform/language/backend/http
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from driftguard.declared.place import WebAccess
from driftguard.declared.web.address import WebAddress, parse_address
from driftguard.errors import DeclaredError

AUTHORIZATION = "Authorization"
_NEVER = re.compile(r"[^\x20-\x7e\xa0-\xff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The headers that an origin is asked with, and whom to trust to be it."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""


def credentials(
    address: WebAddress,
    accesses: Sequence[WebAccess],
    environment: Mapping[str, str],
    place: str,
) -> Credentials:
    """Return what an address is asked with. Raises DeclaredError for a variable that is unset."""
    own = configured(address, accesses, environment, place)
    if own.headers:
        return own
    user = _user(address, environment)
    headers = {AUTHORIZATION: _basic(*user)} if user else {}
    return Credentials(headers=headers, ca_file=own.ca_file)


def configured(
    address: WebAddress,
    accesses: Sequence[WebAccess],
    environment: Mapping[str, str],
    place: str,
) -> Credentials:
    """Return what the settings say of an address; nothing where they don't."""
    fitting = [one for one in accesses if covers(one.address, address)]
    if not fitting:
        return Credentials()
    access = max(fitting, key=lambda one: len(one.address))

    def secret(variable: str) -> str:
        return from_variable(variable, environment, place)

    headers = {name: secret(variable) for name, variable in access.header_variables}
    if access.token_variable:
        headers[AUTHORIZATION] = f"Bearer {secret(access.token_variable)}"
    elif access.password_variable:
        headers[AUTHORIZATION] = _basic(access.username, secret(access.password_variable))
    return Credentials(headers=headers, ca_file=access.ca_file)


def covers(prefix: str, address: WebAddress) -> bool:
    """Tell whether an address is of the prefix's origin and at or below its path."""
    try:
        begin = parse_address(prefix)
    except DeclaredError:
        return False
    if begin.origin != address.origin:
        return False
    folder = begin.path.rstrip("/")
    within = address.path == folder or address.path.startswith(f"{folder}/")
    return within and "/.." not in address.path


def from_variable(variable: str, environment: Mapping[str, str], place: str) -> str:
    """Return a secret of the environment. Raises DeclaredError, which names the variable."""
    value = environment.get(variable, "").strip()
    if not value:
        raise DeclaredError(
            f"{place} can't be read: the variable {variable} is not set.",
            hint="The settings say that it holds what this address is asked with.",
        )
    return checked(value, variable, place)


def checked(value: str, variable: str, place: str) -> str:
    """Return a value that fits in a header. Raises DeclaredError for one that does not."""
    if _NEVER.search(value):
        raise DeclaredError(
            f"{place} can't be read: what {variable} holds can't be sent in a header.",
            hint="Check it for line breaks and other control characters.",
        )
    return value


def _user(address: WebAddress, environment: Mapping[str, str]) -> tuple[str, str] | None:
    if address.username or address.password:
        return address.username, address.password
    limit = environment.get("TF_HTTP_ADDRESS", "")
    name, password = (environment.get(f"TF_HTTP_{one}", "") for one in ("USERNAME", "PASSWORD"))
    if (name or password) and (not limit or _same_origin(limit, address)):
        return name, password.strip()
    job, api = environment.get("CI_JOB_TOKEN", ""), environment.get("CI_API_V4_URL", "")
    if job and api and covers(api, address):
        return "gitlab-ci-token", job
    return None


def _same_origin(text: str, address: WebAddress) -> bool:
    try:
        return parse_address(text).origin == address.origin
    except DeclaredError:
        return False


def _basic(username: str, password: str) -> str:
    """Return a basic Authorization header; https://www.rfc-editor.org/rfc/rfc7617."""
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"
