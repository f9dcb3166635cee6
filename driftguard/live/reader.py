"""What a collection may ask of AWS, in one account and region.

Three ways to ask, and a reader never raises for what AWS did or did not say:
an answer that could not be had is a value, :class:`driftguard.model.Unreadable`.
The same protocol is served by boto3 (``session.py``) and by a folder of
recordings (``replay.py``), so a collection can't tell them apart.
"""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypeAlias

from driftguard.model import Item, Scope, Unreadable

Answer: TypeAlias = "Mapping[str, object] | Unreadable | None"
"""One AWS answer in boto3's shape; None where AWS said that there is no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The list under one key of a paged answer, all pages together.

    Where paging broke off, ``items`` holds what had come and ``failure`` says
    why the rest is unknown.
    """

    items: Sequence[Mapping[str, object]]
    failure: Unreadable | None = None


class Reader(Protocol):
    """AWS as seen from one scope. ``service`` is boto3's name, ``operation`` AWS's own."""

    @property
    def scope(self) -> Scope:
        """The account and region that is read; the region is ``global`` for global services."""

    @property
    def partition(self) -> str:
        """``aws``, ``aws-us-gov`` or ``aws-cn``, for ARNs made here."""

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] = MappingProxyType({}),
        *,
        absent: Ids[str] = (),
        region: str = "",
    ) -> Answer:
        """Make one call. ``absent`` names the AWS error codes that mean "there is none".

        ``region`` asks another region's endpoint than the scope's own: a bucket
        is listed globally and answers in its own region.
        """

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] = MappingProxyType({}),
    ) -> Pages:
        """Make a bulk call, follow its pages to the end and join the lists under ``key``.

        Elements that are plain strings (SQS queue URLs) come as ``{"": value}``.
        """

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: Ids[str] = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        """Make one call per id, in parallel, where AWS has no bulk call.

        ``requests`` maps an id to its parameters. ``among`` is how many objects
        of that kind exist in the scope (default: the number of requests); a
        replay uses it to tell whether an answer that names nobody can be
        somebody else's.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the comparison needs of a collection.

    ``ids`` are the objects that are declared: only they are worth a call each.
    """

    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a collection found. ``failure`` set: objects not in ``items`` are unknown.

    ``absent`` are those that AWS, asked for each by itself, said do not exist:
    they are known even where the list of all could not be had.
    """

    items: Mapping[str, Item] = field(default_factory=lambda: MappingProxyType({}))
    failure: Unreadable | None = None
    absent: frozenset[str] = frozenset()


class Collection(Protocol):
    """One bulk API, read once per scope and cycle and shared by the types that need it."""

    @property
    def name(self) -> str:
        """``service.things``, e.g. ``ec2.security_groups``: what resource types refer to."""

    @property
    def is_global(self) -> bool:
        """Whether one read serves the whole account, whatever the region."""

    @property
    def permissions(self) -> tuple[str, ...]:
        """The IAM actions of its calls, e.g. ``ec2:DescribeSecurityGroups``."""

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """Read the collection: bulk calls first, then calls for the wanted ids alone."""
