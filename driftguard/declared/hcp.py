"""Workspaces of HCP Terraform and Terraform Enterprise, by API.

``hcp://ORG/WORKSPACE`` lies on app.terraform.io, ``tfe://HOST/ORG/WORKSPACE`` on a
server of one's own. A workspace may be a glob (``hcp://shop/prod-*``). Tokens:
``hcp_token.py``. Needed: "Read state versions" of the workspaces.
https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces
https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from driftguard.declared.hcp_token import token_for
from driftguard.declared.place import Fetched, Found, Remark, Visit
from driftguard.declared.wanted import matches
from driftguard.declared.web.address import WebAddress, linked_address, parse_address
from driftguard.declared.web.answer import Answer
from driftguard.declared.web.credentials import AUTHORIZATION, Credentials, configured
from driftguard.declared.web.refusals import refusal
from driftguard.errors import DeclaredError, DriftGuardError, Interrupted

HCP_HOST = "app.terraform.io"
_HCP, _TFE = "hcp://", "tfe://"
_NAME = re.compile(r"[A-Za-z0-9_*-]{1,90}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?", re.ASCII)
_OK, _ABSENT = 200, 404
_PAGE = 100
"""Workspaces; the most that the API gives at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Location:
    host: str
    organization: str
    workspace: str
    shown: str
    """All before the workspace's name."""

    def name(self, workspace: str) -> str:
        return f"{self.shown}{workspace}"

    def address(self, path: str) -> WebAddress:
        return parse_address(f"https://{self.host}/api/v2/{path}", self.shown)


def claims(place: str) -> bool:
    """Tell whether this names a workspace."""
    return place.startswith((_HCP, _TFE))


def states(visit: Visit) -> Iterator[Found]:
    """Yield the current states of the workspaces. Raises DeclaredError for all of them."""
    location = _parsed(visit.place)
    server = _Server.of(location, visit)
    if "*" not in location.workspace:
        path = f"organizations/{quote(location.organization)}/workspaces/{location.workspace}"
        found = server.asked(path, location.name(location.workspace))
        yield server.state(_id_of(found.get("data"), visit.place), location.workspace)
        return
    found_one = False
    for workspace in server.workspaces():
        one = _or_error(server, workspace)
        found_one = found_one or not isinstance(one, Remark)
        yield one
    if not found_one:
        raise DeclaredError(
            f"{visit.place} holds no state: no workspace that matches has one.",
            hint="Check the pattern, and that the token may see the workspaces.",
        )


def _or_error(server: _Server, workspace: _Workspace) -> Found:
    """Return a state, or why not: one workspace that can't be read hides no other."""
    try:
        return server.state(workspace.identity, workspace.name)
    except _NoStateError as absent:
        # The API says 404 for both. Of a whole organization some were never applied and
        # declare nothing; of one that the token may not read nobody knows that.
        return Remark(text=f"{workspace.told} has no state yet.") if workspace.is_open else absent
    except Interrupted:
        raise
    except DriftGuardError as error:
        return error


def _parsed(place: str) -> _Location:
    is_hcp = place.startswith(_HCP)
    rest = place.removeprefix(_HCP) if is_hcp else place.removeprefix(_TFE)
    parts = [*([HCP_HOST] if is_hcp else []), *rest.rstrip("/").split("/")]
    shape = "hcp://ORGANIZATION/WORKSPACE" if is_hcp else "tfe://HOST/ORGANIZATION/WORKSPACE"
    fits = len(parts) == 3 and _HOST.fullmatch(parts[0]) and "*" not in parts[1]  # noqa: PLR2004  # host, organization, workspace
    if not fits or not all(_NAME.fullmatch(part) for part in parts[1:]):
        told = place if "@" not in place else place[: len(_HCP)] + "…"
        raise DeclaredError(f"{told} names no workspace.", hint=f"Write {shape}.")
    host, organization, workspace = parts
    shown = f"{_HCP}{organization}/" if is_hcp else f"{_TFE}{host}/{organization}/"
    return _Location(host=host.lower(), organization=organization, workspace=workspace, shown=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Workspace:
    """One of a listing."""

    identity: str
    name: str
    told: str
    is_open: bool
    """Whether the token may read its states, as the listing says."""


class _NoStateError(DeclaredError):
    """A workspace that was never applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """One organization's workspaces, with a token."""

    location: _Location
    visit: Visit
    sent: Credentials

    @classmethod
    def of(cls, location: _Location, visit: Visit) -> _Server:
        """Find the token. Raises DeclaredError where there is none."""
        address = location.address("")
        sent = configured(address, visit.access.web, os.environ, visit.place)
        if AUTHORIZATION not in sent.headers:
            token = token_for(location.host, os.environ, visit.place)
            headers = {**sent.headers, AUTHORIZATION: f"Bearer {token}"}
            sent = Credentials(headers=headers, ca_file=sent.ca_file)
        return cls(location=location, visit=visit, sent=sent)

    def workspaces(self) -> Iterator[_Workspace]:
        """Yield every workspace that matches, sorted by name. Raises DeclaredError if too many."""
        limit, page = self.visit.options.max_states, 1
        found: dict[str, _Workspace] = {}
        while page:
            answer = self.asked(self._page(page), self.visit.place)
            found |= {one.name: one for one in self._matching(answer)}
            following = _map(_map(answer.get("meta")).get("pagination")).get("next-page")
            page = following if isinstance(following, int) and following > page else 0
            if len(found) > limit or page > limit // _PAGE + 1:
                raise DeclaredError(
                    f"{self.visit.place} matches more than {limit} workspaces.",
                    hint="Name the workspaces you mean.",
                )
        yield from (found[name] for name in sorted(found))

    def _matching(self, answer: Mapping[str, object]) -> Iterator[_Workspace]:
        for one in _list(answer.get("data")):
            attributes = _map(_map(one).get("attributes"))
            name = str(attributes.get("name", ""))
            if _NAME.fullmatch(name) and matches(name, self.location.workspace):
                may = _map(attributes.get("permissions")).get("can-read-state-versions")
                yield _Workspace(
                    identity=_id_of(one, self.visit.place),
                    name=name,
                    told=self.location.name(name),
                    is_open=may is True,
                )

    def _page(self, number: int) -> str:
        search = quote(self.location.workspace, safe="")
        organization = quote(self.location.organization)
        return (
            f"organizations/{organization}/workspaces?page%5Bnumber%5D={number}"
            f"&page%5Bsize%5D={_PAGE}&search%5Bwildcard-name%5D={search}"
        )

    def state(self, identity: str, workspace: str) -> Fetched:
        """Return a workspace's current state. Raises DeclaredError."""
        name = self.location.name(workspace)
        api = f"workspaces/{quote(identity, safe='')}/current-state-version"
        attributes = _map(_map(self.asked(api, name, absent=True).get("data")).get("attributes"))
        link = attributes.get("hosted-state-download-url")
        if not isinstance(link, str) or not link:
            raise DeclaredError(
                f"{name} can't be read: the server has not finished its current state.",
                hint="Try again when its run is over.",
            )
        base = self.location.address("")
        address = linked_address(base, link, name)
        # Its own server may ask for the token; the store behind it must not see it.
        headers = self.sent.headers if address.origin == base.origin else {}
        answer = self._got(address, name, headers=headers, is_link=True)
        if answer.status != _OK:
            raise refusal(answer.status, name, with_credentials=bool(headers))
        return Fetched(name=name, data=answer.body)

    def asked(self, path: str, name: str, *, absent: bool = False) -> Mapping[str, object]:
        """Return what the API answers. Raises DeclaredError for all but an object."""
        answer = self._got(self.location.address(path), name, headers=self.sent.headers)
        if answer.status != _OK:
            raise self._refusal(answer.status, name, absent=absent)
        try:
            document = json.loads(answer.body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise DeclaredError(
                f"{name} can't be read: {self.location.host} does not answer as the API does.",
                hint="Check the host's name.",
            )
        return document

    def _got(
        self, address: WebAddress, name: str, *, headers: Mapping[str, str], is_link: bool = False
    ) -> Answer:
        from driftguard.declared.web.client import WebClient  # noqa: PLC0415  # slow to import

        return WebClient(options=self.visit.options, clock=self.visit.clock).get(
            address, place=name, headers=headers, ca_file=self.sent.ca_file, is_link=is_link
        )

    def _refusal(self, status: int, name: str, *, absent: bool) -> DeclaredError:
        if status != _ABSENT:
            grant = "'Read state versions' on the workspace to the token's user or team"
            return refusal(status, name, with_credentials=True, grant=grant)
        if absent:
            return _NoStateError(
                f"{name} has no state yet, or the token may not read it.",
                hint="Apply it once, or leave it out.",
            )
        return DeclaredError(
            f"{name} does not exist, or the token may not see it (404).",
            hint="Check the names of the organization and the workspace, and the token.",
        )


def _id_of(data: object, place: str) -> str:
    identity = _map(data).get("id")
    if not isinstance(identity, str) or not identity:
        raise DeclaredError(
            f"{place} can't be read: a workspace in the answer has no id.",
            hint="Check the host's name.",
        )
    return identity


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
