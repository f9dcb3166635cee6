"""An address of the web: taken apart, told without its secrets, and where it may lead."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from driftguard.errors import DeclaredError

_PORTS = {"http": 80, "https": 443}
_NEVER = re.compile(r"[\x00-\x20\x7f\\]")
_TOLD = frozenset({"env", "environment", "name", "path", "ref", "version", "workspace"})
"""Parameters whose values are told; any other may be a signature or a token."""
_METADATA = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",  # link-local; instance metadata of most clouds
        "fe80::/10",
        "fd00:ec2::254/128",  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
        "100.100.100.200/32",  # Alibaba Cloud's
        "168.63.129.16/32",  # Azure's own agent
        "0.0.0.0/32",
        "::/128",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An ``http`` or ``https`` address. ``str()`` is fit for telling: no credentials in it."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who answers there: credentials for one origin are not for another."""
        return (self.scheme, self.host, self.port)

    @property
    def url(self) -> str:
        """The whole address without the user's part; its query may still hold a secret."""
        return self._base() + (f"?{self.query}" if self.query else "")

    def __str__(self) -> str:
        told = "&".join(
            f"{name}={value}" if name.lower() in _TOLD else f"{name}=…"
            for name, value in parse_qsl(self.query, keep_blank_values=True)
        )
        return self._base() + (f"?{told or '…'}" if self.query else "")

    def _base(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def without_user(self) -> WebAddress:
        """Return the same address without what stands before the ``@``."""
        return replace(self, username="", password="")


def parse_address(text: str, told: str = "The address") -> WebAddress:
    """Take an address apart. Raises DeclaredError, which does not quote it."""
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError:
        raise _invalid(told) from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or _NEVER.search(text):
        raise _invalid(told)
    return WebAddress(
        scheme=scheme,
        host=host,
        port=_PORTS[scheme] if port is None else port,
        path=parts.path or "/",
        query=parts.query,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def linked_address(base: WebAddress, link: str, place: str) -> WebAddress:
    """Return where a server's answer points to. Raises DeclaredError where we don't go there.

    From ``https`` only to ``https``, and never to a machine's metadata service,
    which hands out credentials to whoever asks.
    """
    told = f"{place} can't be read: a redirect's address"
    try:
        joined = urljoin(base.url, link)
    except ValueError:
        raise _invalid(told) from None
    address = parse_address(joined, told)
    if base.scheme == "https" and address.scheme != "https":
        raise DeclaredError(
            f"{place} can't be read: the server redirects to an address without TLS.",
            hint="Give the address that it leads to, if you trust it.",
        )
    if is_metadata(address.host):
        raise metadata_refused(place)
    return address.without_user()


def metadata_refused(place: str) -> DeclaredError:
    """Return the error for a link that leads to a metadata service."""
    return DeclaredError(
        f"{place} can't be read: the server redirects to a link-local address.",
        hint="No state lies there; check the address and who runs the server.",
    )


def is_metadata(host: str) -> bool:
    """Tell whether a numeric address is link-local or a metadata service's; names are not."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in _METADATA)


def _invalid(told: str) -> DeclaredError:
    return DeclaredError(
        f"{told} is not a valid web address.", hint="Write https://HOST/PATH, percent-encoded."
    )
