"""AWS as one provider configuration sees it, and what every service needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"  # moto's own
_CONFIG = Config(
    retries={"max_attempts": 1},
    s3={"addressing_style": "path"},
)
_CLIENTS: dict[tuple[str, str, str], Any] = {}
_LOCK = threading.Lock()
_SESSION = boto3.Session()  # keeps the service models, which take a second to read


def client(service: str, region: str, endpoint: str) -> Any:
    """Return a boto3 client with made-up credentials; one for each service and region."""
    key = service, region, endpoint
    with _LOCK:
        if key not in _CLIENTS:
            _CLIENTS[key] = _new_client(service, region, endpoint)
        return _CLIENTS[key]


def _new_client(service: str, region: str, endpoint: str) -> Any:
    made: Any = _SESSION.client(  # type: ignore[call-overload]
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=_CONFIG,
    )
    if service == "s3control":
        made.meta.events.register("before-call", _without_account_host)
    return made


def _without_account_host(params: dict[str, Any], **event: Any) -> None:
    """Ask moto itself: only AWS has a host name for each account."""
    params["url"] = params["url"].replace(f"://{ACCOUNT}.", "://", 1)


class Aws:
    """One configuration of the provider: a region and the tags that everything gets."""

    def __init__(
        self, endpoint: str, region: str = "us-east-1", default_tags: Mapping[str, str] = {}
    ) -> None:
        self.endpoint = endpoint
        self.region = region
        self.default_tags = dict(default_tags)
        self.account = ACCOUNT

    def __getattr__(self, service: str) -> Any:
        """Return the client of a service: ``aws.ec2``."""
        if service.startswith("_"):
            raise AttributeError(service)
        return client(service, self.region, self.endpoint)

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """Return the ARN of an object of this account and region."""
        region = self.region if region is None else region
        return f"arn:aws:{service}:{region}:{self.account}:{resource}"

    def tags(self, live: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """Return ``tags`` and ``tags_all`` for the live ones; AWS's own are nobody's."""
        all_tags = {k: v for k, v in live.items() if not k.startswith("aws:")}
        own = {k: v for k, v in all_tags.items() if self.default_tags.get(k) != v}
        return {"tags": own, "tags_all": all_tags}


def found(call: Callable[[], Any], *absent: str) -> Any:
    """Return the answer, or None where AWS says one of these codes."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in absent:
            return None
        raise


def pairs(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Return tags as most of AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in sorted((tags or {}).items())]


def by_key(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return tags as Terraform has them."""
    return {one["Key"]: one["Value"] for one in tags or ()}


def same_document(declared: object, live: object) -> Any:
    """Keep the declared text of a JSON document that AWS only spells otherwise.

    The real provider does the same (``suppressEquivalentPolicyDiffs``), so that
    spelling is no drift.
    """
    document = json.loads(live) if isinstance(live, str) else live
    try:
        if isinstance(declared, str) and _loose(json.loads(declared)) == _loose(document):
            return declared
    except ValueError:
        pass
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def _loose(value: object) -> object:
    """Take lists for sets, and one value for a list of it."""
    if isinstance(value, dict):
        return {key: _loose(one) for key, one in value.items()}
    if isinstance(value, list):
        members = sorted((_loose(one) for one in value), key=repr)
        return members[0] if len(members) == 1 else members
    return value
