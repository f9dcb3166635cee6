"""A loopback server that answers like AWS on its worst days."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "111111111111"
ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/jane.doe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked: AWS's name of the operation, and the form's fields."""

    operation: str
    fields: dict[str, str]
    path: str
    host_header: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered; ``hangs`` until the server ends, ``closes`` without a word."""

    status: int = 200
    body: bytes = b""
    hangs: bool = False
    closes: bool = False


def xml(operation: str, inner: str = "") -> Reply:
    """Return a good answer of an XML API."""
    return Reply(body=f"<{operation}Response>{inner}</{operation}Response>".encode())


def ec2_error(status: int, code: str, message: str = "") -> Reply:
    """Return an error answer of EC2."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>"
    return Reply(status=status, body=body.encode())


def query_error(status: int, code: str, message: str = "") -> Reply:
    """Return an error answer of IAM, STS and their like."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return Reply(status=status, body=f"<ErrorResponse>{error}</ErrorResponse>".encode())


def identity(account: str = ACCOUNT, partition: str = "aws") -> Reply:
    """Return STS's answer to who we are."""
    arn = f"arn:{partition}:sts::{account}:assumed-role/Admin/jane.doe"
    inner = f"<Arn>{arn}</Arn><UserId>AIDA:jane.doe</UserId><Account>{account}</Account>"
    return xml("GetCallerIdentity", f"<GetCallerIdentityResult>{inner}</GetCallerIdentityResult>")


def group_page(*ids: str, token: str = "") -> Reply:
    """Return one page of security groups."""
    items = "".join(f"<item><groupId>{one}</groupId></item>" for one in ids)
    after = f"<nextToken>{token}</nextToken>" if token else ""
    return xml("DescribeSecurityGroups", f"<securityGroupInfo>{items}</securityGroupInfo>{after}")


NO_RULES = xml("DescribeSecurityGroupRules", "<securityGroupRuleSet/>")

Answer = Reply | Callable[[Request], Reply]


@dataclass(kw_only=True)
class Stub:
    """The server: what it answers to which operation, and what it was asked."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def count(self) -> dict[str, int]:
        """Return how often each operation was asked."""
        counts: defaultdict[str, int] = defaultdict(int)
        for request in self.asked:
            counts[request.operation] += 1
        return dict(counts)


@contextmanager
def stubbed(**answers: Answer) -> Iterator[Stub]:
    """Serve until the block ends; STS says that we are ``ACCOUNT`` unless told otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    stub = Stub(url=f"http://127.0.0.1:{server.server_port}")
    stub.answers = {"GetCallerIdentity": identity(), **answers}
    server.stub = stub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        stub: Stub = self.server.stub  # type: ignore[attr-defined]
        request = self._request()
        stub.asked.append(request)
        answer = stub.answers.get(request.operation, Reply(status=404))
        reply = answer if isinstance(answer, Reply) else answer(request)
        self.close_connection = True
        if reply.hangs:
            stub.released.wait(30)
        if reply.hangs or reply.closes:
            return
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def do_GET(self) -> None:
        self.do_POST()

    def do_HEAD(self) -> None:
        self.do_POST()

    def _request(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        target = self.headers.get("X-Amz-Target", "")
        path = urlsplit(self.path)
        named = fields.get("Action") or target.rsplit(".", 1)[-1]
        credential = self.headers.get("Authorization", "").partition("Credential=")[2]
        parts = credential.split("/")
        return Request(
            operation=named or f"{self.command} {path.path}?{path.query}",
            fields=fields,
            path=self.path,
            host_header=self.headers.get("Host", ""),
            region=parts[2] if len(parts) > 2 else "",
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Say nothing."""
