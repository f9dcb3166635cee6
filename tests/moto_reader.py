"""Boto3 behind the ``Reader`` protocol, as small as can be: for tests on in-process moto.

Use it inside ``moto.mock_aws``. It is single-threaded, makes real (mocked)
clients, and counts its calls in ``calls``, so that a test can say how many
were needed. ``broken`` maps ``service.Operation`` to an error code that every
such call then fails with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, cast

import boto3
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.session import Session, get_session

from driftguard.live.reader import Answer, Pages
from driftguard.model import GLOBAL_REGION, Scope, Unreadable

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-west-1"
_NONE: Mapping[str, object] = MappingProxyType({})
_CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
_LOADER = Loader()  # keeps service models: a test's client costs milliseconds, not a second


@cache
def client(service: str, region: str = REGION) -> Any:  # boto3 makes its methods
    """Return a boto3 client with made-up credentials; kept, as making one takes a while."""
    core: Session = get_session()
    core.register_component("data_loader", _LOADER)
    session = boto3.Session(botocore_session=core)
    return session.client(service, region_name=region, **_CREDENTIALS)  # type: ignore[call-overload]


@dataclass(kw_only=True)
class MotoReader:
    """One account in one region of the moto that is mocked right now."""

    account: str = ACCOUNT
    region: str = REGION
    partition: str = "aws"
    broken: Mapping[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def scope(self) -> Scope:
        """The account and region that is read."""
        return Scope(account=self.account, region=self.region)

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] = _NONE,
        *,
        absent: Collection[str] = (),
        region: str = "",
    ) -> Answer:
        """Make one call; a refusal is None where its code is in ``absent``, else Unreadable."""
        try:
            answer = self._method(service, operation, region)(**params)
        except NotImplementedError as error:  # moto's own
            return Unreadable(reason=str(error))
        except ClientError as error:
            return None if _code(error) in absent else Unreadable(reason=_code(error))
        return cast("Answer", answer)

    def pages(
        self, service: str, operation: str, key: str, params: Mapping[str, object] = _NONE
    ) -> Pages:
        """Make a bulk call, follow its pages and join the lists under ``key``."""
        items: list[Mapping[str, object]] = []
        try:
            method = self._method(service, operation)
            name = method.__name__
            owner = method.__self__
            pager = owner.get_paginator(name).paginate if owner.can_paginate(name) else None
            for page in pager(**params) if pager else (method(**params),):
                items += [_item(one) for one in page.get(key) or ()]
        except NotImplementedError as error:  # moto's own
            return Pages(items=items, failure=Unreadable(reason=str(error)))
        except ClientError as error:
            return Pages(items=items, failure=Unreadable(reason=_code(error)))
        return Pages(items=items)

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: Collection[str] = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        """Make one call per id."""
        return {
            one: self.call(service, operation, params, absent=absent, region=region)
            for one, params in requests.items()
        }

    def _method(self, service: str, operation: str, region: str = "") -> Any:
        called = f"{service}.{operation}"
        self.calls[called] += 1
        if called in self.broken:
            raise ClientError({"Error": {"Code": self.broken[called]}}, operation)
        own = "us-east-1" if self.region == GLOBAL_REGION else self.region
        made = client(service, region or own)
        names = {wire: name for name, wire in made.meta.method_to_api_mapping.items()}
        return getattr(made, names[operation])


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))


def _item(one: object) -> Mapping[str, object]:
    return one if isinstance(one, Mapping) else {"": one}
