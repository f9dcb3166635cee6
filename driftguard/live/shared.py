"""One bulk call for all the collections that need it, within one look."""

from __future__ import annotations

import threading
from collections.abc import Collection as Ids
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from driftguard.live.reader import Answer, Pages, Reader
from driftguard.live.readers import Readers
from driftguard.model import NOTHING, Scope, Unreadable

_Question = tuple[str, str, str, str]


class SharedReaders:
    """Readers that ask each bulk question once per scope, whoever asks it first."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._lock = threading.Lock()
        self._shared: dict[Scope, SharedReader | Unreadable] = {}

    def reader(self, scope: Scope) -> Reader | Unreadable:
        """Return the scope's one shared reader, or why it can't be asked."""
        found = self._shared.get(scope)
        if found is None:
            reader = self._readers.reader(scope)
            made = reader if isinstance(reader, Unreadable) else SharedReader(inner=reader)
            with self._lock:
                found = self._shared.setdefault(scope, made)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedReader:
    """A reader whose lists of pages are kept until the look is over. Thread-safe."""

    inner: Reader
    _asked: dict[_Question, Future[Pages]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def scope(self) -> Scope:
        """The account and region that is read."""
        return self.inner.scope

    @property
    def partition(self) -> str:
        """The partition, for ARNs made here."""
        return self.inner.partition

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] = NOTHING,
        *,
        absent: Ids[str] = (),
        region: str = "",
    ) -> Answer:
        """Make one call."""
        return self.inner.call(service, operation, params, absent=absent, region=region)

    def pages(
        self, service: str, operation: str, key: str, params: Mapping[str, object] = NOTHING
    ) -> Pages:
        """Return the list; the first who asks reads it, the others wait for the same."""
        question = (service, operation, key, repr(sorted(params.items())))
        with self._lock:
            asked = self._asked.get(question)
            first = asked is None
            if asked is None:
                asked = self._asked[question] = Future()
        if first:
            try:
                asked.set_result(self.inner.pages(service, operation, key, params))
            except BaseException as error:
                asked.set_exception(error)
                raise
        return asked.result()

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
        """Make one call per id."""
        return self.inner.each(
            service, operation, requests, absent=absent, among=among, region=region
        )
