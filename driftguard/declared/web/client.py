"""Asking until there is an answer: redirects are followed, and tried again is what may pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from driftguard.clock import Clock
from driftguard.declared.place import PlaceOptions
from driftguard.declared.web.address import WebAddress, linked_address
from driftguard.declared.web.answer import Answer
from driftguard.declared.web.error import WebError, out_of_time
from driftguard.declared.web.exchange import Request, exchange
from driftguard.errors import DeclaredError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504})
_MAX_REDIRECTS = 5
_MAX_WAIT = 30.0
"""Seconds; a server that wants to be left alone for longer is unreadable now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebClient:
    """Gets what lies at addresses, one at a time, within the options' bounds."""

    options: PlaceOptions
    clock: Clock

    def get(
        self,
        address: WebAddress,
        *,
        place: str,
        headers: Mapping[str, str],
        ca_file: str = "",
        is_link: bool = False,
    ) -> Answer:
        """Return the final answer, whatever its status. Raises DeclaredError where there is none.

        ``headers`` hold credentials: a redirect to another origin goes without
        them. ``is_link`` says that a server named the address.
        """
        options = self.options
        asked = Request(
            address=address.without_user(),
            place=place,
            headers=headers,
            ca_file=ca_file,
            max_bytes=options.max_bytes,
            is_link=is_link,
            seconds=options.total_timeout,
            connect_timeout=options.connect_timeout,
            read_timeout=options.read_timeout,
        )
        return self._persistent(asked, self.clock.monotonic() + options.total_timeout)

    def _persistent(self, asked: Request, end: float) -> Answer:
        for pause in (1.0, 2.0, 4.0):
            try:
                answer = self._followed(asked, end)
            except WebError as error:
                if not error.retryable:
                    raise
                wait = pause
            else:
                if answer.status not in _PASSING:
                    return answer
                wait = max(pause, self._wished(answer))
                if wait > _MAX_WAIT:
                    return answer
            if self.clock.monotonic() + wait >= end:
                raise out_of_time(asked.place)
            self.clock.sleep(wait)
        return self._followed(asked, end)

    def _wished(self, answer: Answer) -> float:
        """Return for how many seconds the server wants to be left alone."""
        told = answer.headers.get("retry-after", "").strip()
        if told.isdecimal():
            return float(told[:9])
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return 0.0
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (moment - self.clock.now()).total_seconds()

    def _followed(self, asked: Request, end: float) -> Answer:
        request = asked
        for _ in range(_MAX_REDIRECTS + 1):
            left = end - self.clock.monotonic()
            if left <= 0:
                raise out_of_time(asked.place)
            answer = exchange(replace(request, seconds=left))
            link = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not link:
                return answer
            request = _redirected(request, link)
        raise DeclaredError(
            f"{asked.place} can't be read: the server redirects more than {_MAX_REDIRECTS} times.",
            hint="Check the address; a login page often does this.",
        )


def _redirected(request: Request, link: str) -> Request:
    address = linked_address(request.address, link, request.place)
    same = address.origin == request.address.origin
    # Once left behind, credentials don't come back: the other server chose the way.
    headers = request.headers if same else {}
    return replace(request, address=address, headers=headers, is_link=True)
