"""Python's garbage collector, out of the way where millions of objects are made to stay.

What a scan reads is a tree without circles, so the collector finds nothing in
it, and looks at all of it again and again: it took more than half of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Suspend the collector of the whole process, and leave it as it was found."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
