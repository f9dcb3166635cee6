"""Which reader serves a scope: the protocol that boto3 and a recording both keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from driftguard.live.reader import Reader
from driftguard.model import Scope, Unreadable


class Readers(Protocol):
    """AWS as a whole: a reader for every scope that can be reached. Thread-safe."""

    @property
    def searches_unmanaged(self) -> bool:
        """Whether unmanaged resources are looked for where nobody said so."""

    def reader(self, scope: Scope) -> Reader | Unreadable:
        """Return the reader of one account and region, or why it can't be asked."""

    def default_account(self) -> str | Unreadable:
        """Return the account of what does not say its own, or why nobody knows it."""


class Recorder(Protocol):
    """Who is told every answer of AWS. Called from many threads at once; must not raise."""

    def answer(
        self,
        scope: Scope,
        service: str,
        operation: str,
        params: Mapping[str, object],
        status_code: int,
        data: Mapping[str, object],
    ) -> None:
        """Take one answer: a page of a list, one object, or an error (``data["Error"]``).

        ``scope`` has the region that answered, where a call asked another than
        the reader's own; ``params`` are the call's, the page token included.
        """
