"""A loopback web server that answers as it is told, and keeps what it was asked."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``pieces`` are sent one after another, each flushed; ``Content-Length`` unless given."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: Iterable[bytes] | None = None
    raw: Iterable[bytes] | None = None
    """Sent as it is, in the place of all else."""


Answering = Callable[[Asked], Reply]


@dataclass(slots=True, kw_only=True)
class WebServer:
    url: str
    port: int
    answer: Answering
    asked: list[Asked] = field(default_factory=list)


def state(name: str, **more: object) -> bytes:
    one = {"mode": "managed", "type": "aws_vpc", "name": name, "provider": "p"}
    one["instances"] = [{"attributes": {"id": f"vpc-{name}"}}]
    return json.dumps({"version": 4, "serial": 1, "resources": [one], **more}).encode()


def _handler(server: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(path=self.path, headers=headers)
            server.asked.append(asked)
            with suppress(OSError):
                self._send(server.answer(asked))
            self.close_connection = True

        def _send(self, reply: Reply) -> None:
            for piece in reply.raw or ():
                self.wfile.write(piece)
                self.wfile.flush()
            if reply.raw is not None:
                return
            self.send_response(reply.status)
            headers = {name.lower(): value for name, value in reply.headers.items()}
            if reply.pieces is None and "transfer-encoding" not in headers:
                headers = {"content-length": str(len(reply.body)), **headers}
            for name, value in {**headers, "connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in [reply.body] if reply.pieces is None else reply.pieces:
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that hangs up."""


@contextmanager
def serving(answer: Answering, tls: Path | None = None) -> Iterator[WebServer]:
    server = WebServer(url="", port=0, answer=answer)
    listener = Quiet(("127.0.0.1", 0), _handler(server))
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        listener.socket = context.wrap_socket(
            listener.socket, server_side=True, do_handshake_on_connect=False
        )
    server.port = listener.server_address[1]
    scheme = "http" if tls is None else "https"
    server.url = f"{scheme}://127.0.0.1:{server.port}"
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def certificate(folder: Path, *, host: str = "127.0.0.1", days: int = 1) -> Path:
    """Write a self-signed certificate and its key to one file; negative days: expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    today = dt.datetime.fromisoformat("2020-01-01")
    end = today + dt.timedelta(days=days if days < 0 else 365 * 79)
    try:
        told: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        told = x509.DNSName(host)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=9))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([told]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}{days}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
