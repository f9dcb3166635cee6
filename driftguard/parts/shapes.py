"""Objects and lists of objects in raw answers and states, which anybody may have written.

What has another shape has no canonical form: its resource becomes Unreadable,
instead of ending the comparison of all the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.freeze import is_nothing
from driftguard.errors import CanonicalError

Raw = Mapping[str, object]


def an_object(value: object) -> Raw:
    """Return an object, empty for nothing. Raises CanonicalError for anything else."""
    if type(value) is dict:
        return value
    if is_nothing(value):
        return {}
    if not isinstance(value, Mapping):
        raise CanonicalError(f"Expected an object, found {type(value).__name__}.")
    return value


def objects(value: object) -> list[Raw]:
    """Return a list of objects, empty for nothing. Raises CanonicalError for anything else."""
    if is_nothing(value):
        return []
    if not isinstance(value, list | tuple):
        raise CanonicalError(f"Expected a list of objects, found {type(value).__name__}.")
    return [inner if type(inner) is dict else an_object(inner) for inner in value]
