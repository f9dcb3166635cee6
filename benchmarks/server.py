"""A loopback server that answers with canned pages, so that it is not what is measured.

``python -m benchmarks.server '{"aws_security_group": 1000}'`` prints its port and
serves until its standard input ends. ``POST /change`` with a share (``0.01``) marks so
many elements of every list as changed; ``POST /throttle`` makes it count its calls as EC2 does.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import dataclass, field

from benchmarks.estate import ACCOUNT, Estate, counts, pages

_LENGTH = re.compile(rb"content-length: ?(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb"NextToken=(\d+)")
_ACTION = re.compile(rb"Action=(\w+)")
_IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/Bench/bench</Arn><UserId>AIDA:bench</UserId>"
    f"<Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
).encode()
_THROTTLED = (
    b"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded."
    b"</Message></Error></Errors><RequestID>r</RequestID></Response>"
)
_TAG = b"<value>value-"


@dataclass(kw_only=True)
class Quota:
    """A bucket of calls as EC2 keeps one: ``burst`` at once, then ``rate`` a second."""

    burst: float
    rate: float
    tokens: float = 0.0
    at: float = 0.0
    accepted: int = 0
    refused: int = 0

    def take(self, now: float) -> bool:
        """Tell whether a call is let in."""
        if not self.at:
            self.tokens, self.at = self.burst, now
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.accepted += 1
        return True


@dataclass(kw_only=True)
class Canned:
    """The pages by operation, and what the server is asked to do with them."""

    lists: dict[bytes, list[bytes]]
    changed: dict[bytes, list[bytes]] = field(default_factory=dict)
    quota: Quota | None = None

    def answer(self, request: bytes, now: float) -> bytes:
        """Return the whole HTTP answer to one request."""
        if request.startswith(b"POST /change"):
            self._change(float(request.rsplit(b"\r\n\r\n", 1)[1]))
            return _http(b"", 200)
        if request.startswith(b"POST /throttle"):
            burst, rate = json.loads(request.rsplit(b"\r\n\r\n", 1)[1])
            self.quota = Quota(burst=burst, rate=rate)
            return _http(b"", 200)
        if request.startswith(b"GET /quota"):
            quota = self.quota or Quota(burst=0, rate=0)
            return _http(json.dumps([quota.accepted, quota.refused]).encode(), 200)
        return self._aws(request, now)

    def _aws(self, request: bytes, now: float) -> bytes:
        asked = _ACTION.search(request)
        action = asked[1] if asked else b""
        if action == b"GetCallerIdentity":
            return _http(_IDENTITY, 200)
        if self.quota is not None and not self.quota.take(now):
            return _http(_THROTTLED, 503)
        token = _TOKEN.search(request)
        lists = self.changed or self.lists
        found = lists.get(action)
        if found is None:
            return _http(b"<" + action + b"Response></" + action + b"Response>", 200)
        return found[int(token[1]) if token else 0]

    def _change(self, share: float) -> None:
        """Give some elements of each list another tag: another share, other elements."""
        self.changed = {
            action: [_http(_edited(_body(page), share), 200) for page in found]
            for action, found in self.lists.items()
        }


def _edited(body: bytes, share: float) -> bytes:
    step = round(1 / share) if share else 0
    items = body.split(b"<item><")
    for at in range(1, len(items), step) if step else ():
        items[at] = items[at].replace(_TAG, b"<value>changed-", 1)
    return b"<item><".join(items)


def _body(page: bytes) -> bytes:
    return page.split(b"\r\n\r\n", 1)[1]


def _http(body: bytes, status: int) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self, canned: Canned, latency: float) -> None:
        self._canned, self._latency, self._read = canned, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.set_write_buffer_limits(high=64 << 20)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (head := self._read.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._read[:head])
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._read) < end:
                return
            request, self._read = self._read[:end], self._read[end:]
            loop = asyncio.get_running_loop()
            answer = self._canned.answer(request, loop.time())
            loop.call_later(self._latency, self._transport.write, answer)


async def _serve(estate: Estate, latency: float) -> None:
    canned = Canned(
        lists={
            kind.operation.encode(): [_http(page, 200) for page in pages(kind, many)]
            for kind, many in counts(estate)
        }
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(canned, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(sys.argv[1]), float(sys.argv[2]) if sys.argv[2:] else 0.0))
