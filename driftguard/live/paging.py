"""How an operation's pages follow one another, by botocore's own tables.

Followed here rather than by botocore's paginator: each page's parameters are
recorded, and a token that comes back after any number of pages ends the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_MODELLED = frozenset({"ec2", "iam"})
"""Services whose model tells the biggest page as it is. KMS's says 1,000 for lists of which
its documentation takes 100 or 50, and refuses more."""

_PAGE_SIZES: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
        ("ec2", "DescribeInstances"): 1000,
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
        ("ec2", "DescribeVolumes"): 500,
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
        ("kms", "ListAliases"): 100,
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html
        ("kms", "ListKeys"): 1000,
        # Without a page size the call fails for accounts with a raised quota of buckets.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
        ("s3", "ListBuckets"): 10_000,
        # Without MaxResults SQS gives 1,000 queues and no token, as if there were no more.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
        ("sqs", "ListQueues"): 1000,
    }
)
"""The biggest page that AWS documents: fewer calls, and a paged call has the better quota."""

_TOKENS = (
    # Answer's name → parameter's name, for operations that botocore has no paginator of.
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextMarker", "Marker"),
    ("NextContinuationToken", "ContinuationToken"),
    ("PaginationToken", "PaginationToken"),
    ("Marker", "Marker"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where the token stands in an answer and in the next request."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    more: str = ""
    """Path of the flag that is false on the last page, where there is one."""
    size: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The parameter that asks for big pages, with its value."""

    def first(self, params: Mapping[str, object]) -> dict[str, object]:
        """Return the parameters of the first page."""
        by_id = any(name.endswith(("Ids", "Names")) for name in params)
        # EC2 takes no page size together with ids, and such an answer is short anyway.
        return {**({} if by_id else self.size), **params}

    def following(
        self, params: Mapping[str, object], page: Mapping[str, object]
    ) -> dict[str, object] | None:
        """Return the parameters of the page after this one; None after the last."""
        if self.more and not _search(self.more, page):
            return None
        found = zip(self.inputs, (_search(path, page) for path in self.outputs), strict=True)
        tokens = {name: token for name, token in found if token}
        return {**params, **tokens} if tokens else None

    def position(self, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return what tells one page of a list from another."""
        return tuple(str(params.get(name)) for name in self.inputs)


def paging(client: Any, operation: str) -> Paging:  # noqa: ANN401  # botocore makes its classes
    """Return how the operation's pages follow one another; raises KeyError for an unknown one."""
    method = method_name(client, operation)
    shape = client.meta.service_model.operation_model(operation)
    members = shape.input_shape.members if shape.input_shape else {}
    if client.can_paginate(method):
        config = client.get_paginator(method)._pagination_cfg  # noqa: SLF001  # nowhere public
        return Paging(
            inputs=_texts(config["input_token"]),
            outputs=_texts(config["output_token"]),
            more=config.get("more_results", ""),
            size=_size(client.meta.service_model.service_name, operation, config, members),
        )
    answers = shape.output_shape.members if shape.output_shape else {}
    for output, name in _TOKENS:
        if output in answers and name in members:
            return Paging(inputs=(name,), outputs=(output,))
    return Paging()


def method_name(client: Any, operation: str) -> str:  # noqa: ANN401  # as above
    """Return the client's method for AWS's name of an operation; KeyError for an unknown one."""
    for method, name in client.meta.method_to_api_mapping.items():
        if name == operation:
            return str(method)
    raise KeyError(operation)


def _size(
    service: str, operation: str, config: Mapping[str, Any], members: Mapping[str, Any]
) -> Mapping[str, int]:
    """Return the biggest page that AWS allows, as a parameter; nothing where none is known."""
    name = config.get("limit_key")
    if name is None or name not in members:
        return {}
    most = _PAGE_SIZES.get((service, operation))
    if most is None and service in _MODELLED:
        most = members[name].metadata.get("max")
    return {name: int(most)} if most else {}


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _search(path: str, page: Mapping[str, object]) -> object:
    import jmespath  # type: ignore[import-untyped]  # noqa: PLC0415  # comes with botocore

    return jmespath.search(path, page)
