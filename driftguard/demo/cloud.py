"""The fake AWS: a moto server on a free port of the loopback address, and its clients."""

from __future__ import annotations

import json
import logging
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from driftguard.errors import DriftGuardError

if TYPE_CHECKING:
    import boto3

ACCOUNT = "123456789012"
REGION = "eu-west-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_DEFAULT_REGION": REGION,
}
"""What the fake AWS takes; it is no secret of anybody."""

_MANAGED_POLICIES = "MOTO_IAM_LOAD_MANAGED_POLICIES"
"""moto's switch for the policies that AWS itself brings; read when an account is first used."""

Answer = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """The fake AWS as one engineer's credentials see it."""

    endpoint: str

    @cached_property
    def _session(self) -> boto3.Session:
        import boto3  # noqa: PLC0415  # slow to import, and only the demo needs it here

        return boto3.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )

    def call(self, service: str, operation: str, **params: object) -> Answer:
        """Make one call by boto3's name of the operation (``create_bucket``)."""
        client = self._session.client(  # type: ignore[call-overload]  # the name is a variable
            service, endpoint_url=self.endpoint
        )
        return cast("Answer", getattr(client, operation)(**params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call by hand, and why somebody would make it."""

    story: str
    service: str
    operation: str
    params: Mapping[str, object]

    def take(self, cloud: Cloud) -> None:
        """Make the call."""
        cloud.call(self.service, self.operation, **self.params)

    def command(self, endpoint: str) -> str:
        """Return the same call as a line for the AWS command line interface."""
        words = ["aws", "--endpoint-url", endpoint, *self._command_names()]
        for name, value in self.params.items():
            words += [f"--{_dashed(name)}", value if isinstance(value, str) else json.dumps(value)]
        return shlex.join(words)

    def _command_names(self) -> tuple[str, str]:
        """Return the names there; S3's calls are ``s3api`` on the command line."""
        service = "s3api" if self.service == "s3" else self.service
        return service, self.operation.replace("_", "-")


def _dashed(name: str) -> str:
    """Return ``group-id`` for ``GroupId``."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


@contextmanager
def running_cloud(port: int = 0) -> Iterator[Cloud]:
    """Start the fake AWS and stop it at the end."""
    try:
        from moto.server import ThreadedMotoServer  # noqa: PLC0415  # an extra: it may be missing
    except ImportError:
        message = "The demo needs a fake AWS, which is not installed."
        raise DriftGuardError(message, hint="Run: pip install 'driftguard[demo]'") from None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or every call is a line
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    before = os.environ.get(_MANAGED_POLICIES)
    os.environ[_MANAGED_POLICIES] = "true"
    server.start()
    try:
        host, bound = server.get_host_and_port()
        yield Cloud(endpoint=f"http://{host}:{bound}")
    finally:
        server.stop()
        # Not for longer: whoever fakes another account here would wait for a thousand policies.
        os.environ.pop(_MANAGED_POLICIES, None)
        os.environ.update({} if before is None else {_MANAGED_POLICIES: before})
