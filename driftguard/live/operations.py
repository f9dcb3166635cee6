"""What botocore's models say of an AWS operation. Read from disk: no client, no network.

A recording is named after AWS's endpoint prefix (``monitoring``), a collection
asks by boto3's name (``cloudwatch``); whether an operation asks about one
resource, and how its pages continue, is in the same models.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKENS = frozenset({"NextToken", "nextToken", "Marker", "ContinuationToken", "PaginationToken"})
_CONTINUES = ("NextToken", "nextToken", "NextMarker", "NextContinuationToken", "PaginationToken")
"""Where an answer says that there is more, for operations without a paginator in botocore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of one service, as far as a recording has to know it."""

    service: str
    name: str
    endpoint_prefix: str = ""
    required: frozenset[str] = frozenset()
    """The parameters without which it can't be called: what it asks about."""
    answers: frozenset[str] = frozenset()
    """The top-level names of its answer."""
    token_parameters: frozenset[str] = _TOKENS
    """The parameters that differ from page to page, the page's size included."""
    output_tokens: tuple[str, ...] = ()
    """JMESPath expressions of the token for the next page."""
    more_results: str = ""
    """JMESPath expression that is false on the last page, where there is one."""

    @property
    def labels(self) -> frozenset[str]:
        """The names that a recording of this service may go by, in lower case."""
        return frozenset({self.service.lower(), self.endpoint_prefix.lower()} - {""})

    def is_answer(self, data: Mapping[str, object]) -> bool:
        """Tell whether an answer can be this operation's: two services may share a prefix."""
        known = not self.answers or not data or not self.answers.isdisjoint(data)
        return known or "Error" in data

    def continues(self, page: Mapping[str, object]) -> bool:
        """Tell whether an answer says that another page follows."""
        if not self.output_tokens:
            return any(page.get(key) for key in _CONTINUES) or page.get("IsTruncated") is True
        if self.more_results and not _search(self.more_results, page):
            return False
        return any(_search(token, page) for token in self.output_tokens)


def _search(expression: str, page: Mapping[str, object]) -> object:
    import jmespath  # type: ignore[import-untyped]  # noqa: PLC0415  # botocore's own, for pages

    try:
        return jmespath.search(expression, page)
    except jmespath.exceptions.JMESPathError:
        return None


@functools.lru_cache(maxsize=1024)
def operation(service: str, name: str) -> Operation:
    """Return what botocore knows of an operation; little, where it doesn't know it."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415  # as boto3: only when asked

    try:
        model = _service(service)
        shape = model.operation_model(name)
        prefix = model.endpoint_prefix
    except (BotoCoreError, LookupError):
        return Operation(service=service, name=name)
    config = _paginator(service, name)
    return Operation(
        service=service,
        name=name,
        endpoint_prefix=prefix,
        required=frozenset(shape.input_shape.required_members if shape.input_shape else ()),
        answers=frozenset(shape.output_shape.members if shape.output_shape else ()),
        token_parameters=frozenset(
            (*_texts(config.get("input_token")), *_texts(config.get("limit_key")))
        )
        or _TOKENS,
        output_tokens=tuple(_texts(config.get("output_token"))),
        more_results=str(config.get("more_results") or ""),
    )


@functools.lru_cache(maxsize=64)
def _service(service: str) -> Any:  # noqa: ANN401  # a botocore class
    from botocore.model import ServiceModel  # noqa: PLC0415

    return ServiceModel(_loader().load_service_model(service, "service-2"), service)


@functools.lru_cache(maxsize=1)
def _loader() -> Any:  # noqa: ANN401  # a botocore class
    from botocore.loaders import Loader  # noqa: PLC0415

    return Loader()


def output_shape(service: str, name: str) -> Any:  # noqa: ANN401  # a botocore class
    """Return botocore's shape of an operation's answer; None where it knows none."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        return _service(service).operation_model(name).output_shape
    except (BotoCoreError, LookupError):
        return None


def _paginator(service: str, name: str) -> Mapping[str, object]:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        found = _loader().load_service_model(service, "paginators-1")["pagination"].get(name)
    except (BotoCoreError, LookupError):
        return {}
    return found or {}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))
