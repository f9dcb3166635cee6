"""Which resource types a person means by a name or a pattern."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence

from driftguard.errors import UsageError
from driftguard.resources import TABLE


def chosen_types(patterns: Sequence[str]) -> list[str]:
    """Return the types that some patterns name, all where there is none. Raises UsageError."""
    if not patterns:
        return sorted(TABLE)
    chosen: set[str] = set()
    for pattern in patterns:
        found = fnmatch.filter(TABLE, pattern)
        if not found:
            raise unknown_type(pattern)
        chosen.update(found)
    return sorted(chosen)


def unknown_type(name: str) -> UsageError:
    """Return the error for a type that is not read, with a near one where there is one."""
    near = difflib.get_close_matches(name, TABLE, n=1)
    hint = f"Did you mean {near[0]}?" if near else "`driftguard types` lists them."
    return UsageError(f"DriftGuard does not read the type {name}.", hint=hint)
