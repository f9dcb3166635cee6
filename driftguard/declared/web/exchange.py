"""One request and its answer, each wait of which has an end.

urllib3 bounds each wait for the next byte, not their sum: a server that sends a
byte a minute could hold a scan up for years. :class:`_Watch` shuts the connection
down when the time is over, in whichever part of the answer that is.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from driftguard.declared.envelope import too_large
from driftguard.declared.web.address import WebAddress, is_metadata, metadata_refused
from driftguard.declared.web.answer import Answer
from driftguard.declared.web.body import whole
from driftguard.declared.web.error import WebError, out_of_time
from driftguard.declared.web.failures import failure
from driftguard.errors import DeclaredError

_PIECE = 64 * 1024
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask, and within which bounds."""

    address: WebAddress
    place: str
    """How it is told."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent to the address's own origin and to no other."""
    ca_file: str = ""
    """Trusted besides the system's authorities."""
    max_bytes: int
    is_link: bool = False
    """Whether a server named the address: then it may not be a metadata service's."""
    seconds: float
    """For the whole of it."""
    connect_timeout: float
    read_timeout: float


def exchange(request: Request) -> Answer:
    """Ask once. Raises DeclaredError; WebError where no answer came."""
    watch = _Watch(request)
    try:
        with _manager(request, watch) as manager, contextlib.closing(watch):
            return _answer(manager, request, watch)
    except DeclaredError:
        raise
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if watch.is_over:
            raise out_of_time(request.place) from None
        raise failure(error, request.place) from None


def _answer(manager: urllib3.PoolManager, request: Request, watch: _Watch) -> Answer:
    response = manager.urlopen(
        "GET",
        request.address.url,
        headers={"Accept-Encoding": "gzip", "User-Agent": "driftguard", **request.headers},
        redirect=False,
        retries=False,
        preload_content=False,
        decode_content=False,
        timeout=urllib3.Timeout(
            connect=min(request.connect_timeout, request.seconds),
            read=min(request.read_timeout, request.seconds),
        ),
    )
    try:
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = _body(response, headers, request) if response.status == _OK else b""
    finally:
        response.close()
    if watch.is_over:
        raise out_of_time(request.place)
    return Answer(status=response.status, headers=headers, body=body)


def _body(
    response: urllib3.BaseHTTPResponse, headers: Mapping[str, str], request: Request
) -> bytes:
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > request.max_bytes:
        raise too_large(request.place, request.max_bytes)
    encoding = headers.get("content-encoding", "")
    pieces = _pieces(response)
    return whole(pieces, encoding, place=request.place, max_bytes=request.max_bytes)


def _pieces(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(_PIECE, decode_content=False):
        yield piece


class _Watch:
    """Shuts a connection down when the time is over, and refuses where it may not lead."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._timer: threading.Timer | None = None
        self.is_over = False

    def connected(self, connection: socket.socket) -> None:
        if self._request.is_link and is_metadata(str(connection.getpeername()[0])):
            raise metadata_refused(self._request.place)
        self._timer = threading.Timer(self._request.seconds, self._end, [connection])
        self._timer.daemon = True
        self._timer.start()

    def _end(self, connection: socket.socket) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            # The plain socket's method: TLS's own would have another thread read on in the clear.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class _Plain(HTTPConnection):
    def __init__(self, *arguments: Any, watch: _Watch, **options: Any) -> None:  # noqa: ANN401  # urllib3's
        super().__init__(*arguments, **options)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch.connected(self.sock)


class _Secure(HTTPSConnection):
    def __init__(self, *arguments: Any, watch: _Watch, **options: Any) -> None:  # noqa: ANN401  # urllib3's
        super().__init__(*arguments, **options)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch.connected(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _manager(request: Request, watch: _Watch) -> urllib3.PoolManager:
    trusted = _trusted(request) if request.address.scheme == "https" else None
    proxy = _proxy(request.address)
    manager = (
        urllib3.ProxyManager(proxy[0], proxy_headers=proxy[1], ssl_context=trusted)
        if proxy
        else urllib3.PoolManager(ssl_context=trusted)
    )
    manager.pool_classes_by_scheme = {
        "http": functools.partial(_PlainPool, watch=watch),  # type: ignore[dict-item]  # called, no more
        "https": functools.partial(_SecurePool, watch=watch),  # type: ignore[dict-item]
    }
    return manager


def _trusted(request: Request) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if request.ca_file:
        try:
            context.load_verify_locations(request.ca_file)
        except (OSError, ValueError):  # an SSLError is an OSError
            raise WebError(
                f"{request.place} can't be read: its `ca_file` is missing or holds no certificate.",
                hint="Give the path of a file with certificates in PEM.",
            ) from None
    return context


def _proxy(address: WebAddress) -> tuple[str, Mapping[str, str]] | None:
    """Return the proxy of the environment for an address, and how it wants to be asked."""
    url = getproxies().get(address.scheme)
    if not url or proxy_bypass(f"{address.host}:{address.port}") or proxy_bypass(address.host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if not parts.username:
        return parts.geturl(), {}
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, urllib3.make_headers(proxy_basic_auth=user)
