"""botocore sessions: one per access, with its profile, its role chain and our settings.

Imported when AWS is asked for the first time: botocore takes a third of a
second to load, which ``driftguard --version`` should not cost.
"""

from __future__ import annotations

import functools
import os
import re
import threading
from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    Credentials,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    RefreshWithMFAUnsupportedError,
)
from botocore.loaders import Loader
from botocore.session import Session

import driftguard
from driftguard.live.access import Access, AwsOptions, RoleStep
from driftguard.live.failure import RoleNotAssumedError
from driftguard.live.parsers import Parsers
from driftguard.live.regions import (
    home_region,
    is_region,
    partition_of_arn,
    partition_of_region,
)
from driftguard.live.warm import Warm
from driftguard.model import GLOBAL_REGION, Scope

Hook = Callable[[Any], None]
"""Takes a new client, to listen to its events."""

_MAKING = threading.RLock()
"""botocore's loader may not be used by two threads at once; clients may."""


_AWS_S3CONTROL = re.compile(r"s3-control|\.vpce\.")
"""What the host of S3's account settings looks like when it is AWS's own."""


@functools.cache
def shared_loader() -> Loader:
    """Return the process's one loader: it keeps the service models, which cost 0.1 s each."""
    return Loader()


class AwsSession(Session):
    """A botocore session whose every client has our timeouts, retries and endpoint.

    That holds for the clients that botocore makes for itself too, when a
    profile names a role: they are made by this same method.
    """

    def __init__(
        self, options: AwsOptions, *, profile: str, hook: Hook, warm: Warm | None = None
    ) -> None:
        super().__init__(profile=profile or None)
        self.home = ""
        self._options = options
        self._hook = hook
        self.register_component("data_loader", shared_loader())
        self.register_component("response_parser_factory", Parsers(warm))
        self.set_config_variable("sts_regional_endpoints", "regional")

    def create_client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # botocore's
        """Make a client; whoever makes one says only what differs from ours."""
        if not kwargs.get("endpoint_url"):
            kwargs["endpoint_url"] = self._options.endpoint_url or None
        if not args and not kwargs.get("region_name"):
            kwargs["region_name"] = self.home  # of the STS that a profile's role is asked of
        kwargs["config"] = client_config(self._options).merge(kwargs.get("config") or Config())
        with _MAKING:
            client = super().create_client(service_name, *args, **kwargs)
        if service_name == "s3control" and not _AWS_S3CONTROL.search(client.meta.endpoint_url):
            client.meta.events.register("before-call", _without_account_host)
        self._hook(client)
        return client


def _without_account_host(params: dict[str, Any], **event: Any) -> None:  # noqa: ANN401  # botocore's event
    """Ask the endpoint itself, not the host of one account: only AWS has such names."""
    account = params["headers"].get("x-amz-account-id", "")
    params["url"] = params["url"].replace(f"://{account}.", "://", 1)


def client_config(options: AwsOptions) -> Config:
    """Return botocore's settings for ours."""
    custom = options.endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
    path_style = custom or os.environ.get("AWS_ENDPOINT_URL_S3")
    return Config(
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        retries={"mode": "adaptive", "total_max_attempts": options.max_attempts},
        # One collection may ask that many at a time, and several share a client.
        max_pool_connections=2 * options.parallel,
        user_agent_extra=f"driftguard/{driftguard.__version__}",
        # An endpoint that is not AWS's serves buckets by path, and no account's own host.
        s3={"addressing_style": "path"} if path_style else None,
    )


def open_session(
    access: Access, options: AwsOptions, scope: Scope, hook: Hook, warm: Warm | None = None
) -> AwsSession:
    """Open the session of one access; ``scope`` is the one that is asked first.

    Roles are assumed when the first call needs it and again before they expire.
    Raises botocore's exceptions where there are no credentials at all.
    """
    session = AwsSession(options, profile=access.profile, hook=hook, warm=warm)
    _refuse_to_prompt(session)
    session.home = _home(access, options, session.get_config_variable("region") or "", scope)
    credentials = _first_credentials(session)
    for step in access.roles:
        credentials = _assumed(session, credentials, step)
    session._credentials = credentials  # type: ignore[attr-defined]  # noqa: SLF001  # as boto3
    return session


def _first_credentials(session: AwsSession) -> Credentials:
    try:
        credentials: Credentials | None = session.get_credentials()
    except OSError as error:  # a profile's program or token file is not there
        kind = type(error).__name__
        raise CredentialRetrievalError(provider="profile", error_msg=kind) from None
    if credentials is None:
        raise NoCredentialsError
    return credentials


def _home(access: Access, options: AwsOptions, named: str, scope: Scope) -> str:
    """Return the region where STS is asked: one that somebody named, in the right partition."""
    partition = next(filter(None, (partition_of_arn(step.arn) for step in access.roles)), "")
    if not partition and scope.region != GLOBAL_REGION:
        partition = partition_of_region(scope.region)
    for region in (access.region, named, options.region):
        if is_region(region) and partition in ("", partition_of_region(region)):
            return region
    return home_region(partition)


def _assumed(
    session: AwsSession, source: Credentials, step: RoleStep
) -> DeferredRefreshableCredentials:
    """Return the credentials of one role, which ask for themselves when they are used."""
    extra = {"RoleSessionName": step.session_name}
    if step.external_id:
        extra["ExternalId"] = step.external_id

    def client(service_name: str, **kwargs: Any) -> Any:  # noqa: ANN401  # botocore's
        return session.create_client(service_name, region_name=session.home, **kwargs)

    fetcher = AssumeRoleCredentialFetcher(client, source, step.arn, extra_args=extra)

    def fetch() -> Any:  # noqa: ANN401  # botocore's
        try:
            return fetcher.fetch_credentials()
        except (BotoCoreError, ClientError) as error:
            raise RoleNotAssumedError(step.arn) from error

    return DeferredRefreshableCredentials(refresh_using=fetch, method="assume-role")


def _refuse_to_prompt(session: AwsSession) -> None:
    """Keep a profile with an MFA device from asking for a code: nobody sits at a scan's thread."""

    def refuse(prompt: str) -> str:
        raise RefreshWithMFAUnsupportedError

    resolver = session.get_component("credential_provider")
    for provider in resolver.providers:
        if hasattr(provider, "_prompter"):
            provider._prompter = refuse  # noqa: SLF001  # botocore has no setting for it
