"""How many requests went to AWS, for metrics and for the test that counts them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping


class Calls:
    """A count per service, operation and result; every HTTP attempt counts. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, service: str, operation: str, result: str) -> None:
        """Count one request; ``result`` is ``ok`` or a :class:`failure.Cause`'s value."""
        with self._lock:
            self._counts[service, operation, result] += 1

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """Return a copy of the counts by service, operation and result."""
        with self._lock:
            return dict(self._counts)

    def total(self) -> int:
        """Return the number of all requests."""
        with self._lock:
            return self._counts.total()
