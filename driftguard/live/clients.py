"""The clients of one account: one per service and region, listened to for rate and count."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from driftguard.live.bucket import Buckets
from driftguard.live.calls import Calls
from driftguard.live.causes import Cause, cause_of, cause_of_code, code_and_status
from driftguard.live.failure import ClosedError, MalformedAnswerError
from driftguard.live.genuine import check_body

if TYPE_CHECKING:
    from driftguard.live.botocore_session import AwsSession

OK = "ok"
"""The result of a request that AWS answered without an error."""


class Switch:
    """Off once the look is over: then nothing more is asked, whoever is still at work."""

    def __init__(self) -> None:
        self._off = False

    def off(self) -> None:
        """Turn it off for good."""
        self._off = True

    def check(self) -> None:
        """Raise ClosedError where it is off."""
        if self._off:
            raise ClosedError


class Listener:
    """What every client's events go through, for one access. Thread-safe."""

    def __init__(self, account: str, buckets: Buckets, calls: Calls, switch: Switch) -> None:
        self.account = account
        """Whose quota is used; the access's name until AWS says which account it is."""
        self._buckets = buckets
        self._calls = calls
        self._switch = switch

    def listen(self, client: Any) -> None:  # noqa: ANN401  # botocore makes its classes
        """Register with a new client; every HTTP attempt is seen, retries included."""
        service = client.meta.service_model.service_name
        region = client.meta.region_name

        def before_sign(**event: Any) -> None:  # noqa: ANN401  # botocore's event
            # Before the signature, which is good for minutes only: one may wait here.
            self._switch.check()
            self._buckets.of(self.account, region, service).take()

        def before_parse(operation_model: Any, response_dict: Any, **event: Any) -> None:  # noqa: ANN401  # as above
            try:
                check_body(operation_model, response_dict)
            except MalformedAnswerError:
                self._calls.add(service, operation_model.name, Cause.MALFORMED.value)
                raise

        def received(
            event_name: str,
            parsed_response: Mapping[str, Any] | None,
            exception: Exception | None,
            **event: Any,  # noqa: ANN401  # as above
        ) -> None:
            result = _result(parsed_response, exception)
            self._calls.add(service, event_name.rsplit(".", 1)[-1], result)
            bucket = self._buckets.of(self.account, region, service)
            if result == Cause.THROTTLED:
                bucket.throttled()
            elif result == OK:
                bucket.went_through()

        client.meta.events.register("before-sign", before_sign)
        client.meta.events.register("before-parse", before_parse)
        client.meta.events.register("response-received", received)


def _result(parsed: Mapping[str, Any] | None, exception: Exception | None) -> str:
    if exception is not None:
        return cause_of(exception).value
    code, status = code_and_status(parsed or {})
    failed = code or status >= 300  # noqa: PLR2004  # HTTP
    return cause_of_code(code, status).value if failed else OK


class Clients:
    """The clients of one session, made when they are first asked for. Thread-safe."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401  # as above
        """Return the client of a service in a region. Raises what botocore raises."""
        with self._lock:
            if (service, region) not in self._clients:
                made = self._session.create_client(service, region_name=region)
                self._clients[service, region] = made
            return self._clients[service, region]
