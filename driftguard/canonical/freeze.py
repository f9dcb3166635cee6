"""Hashable twins of JSON values, and the way back."""

from __future__ import annotations

import enum
import re
from collections.abc import Hashable, Mapping
from typing import TypeAlias

from driftguard.errors import CanonicalError
from driftguard.model import TOKEN_PATTERN, Json

Canonical: TypeAlias = Hashable
"""None for "nothing", else a hashable value that equals its like and nothing else."""

MAX_DEPTH = 64


_TOKEN = re.compile(TOKEN_PATTERN)


def is_token(value: object) -> bool:
    """Tell whether a value is the stand-in of a secret; any kind takes it as it is."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


_SIZED = frozenset({str, list, dict, tuple})
_NUMBERS = frozenset({int, bool, float})


def is_nothing(value: object) -> bool:
    """Tell whether a raw value says nothing at all; False and 0 say something."""
    kind = type(value)
    if kind in _SIZED:
        return not value
    if kind in _NUMBERS:
        return False
    return value is None or value == "" or value in ([], {}, ())


_TEXT_ALONE = frozenset({str})
_PLAIN = (str, int, float)


class Flag(enum.Enum):
    """A JSON true or false where numbers stand beside it: Python holds True and 1 for equal."""

    TRUE = True
    FALSE = False


class Fields(tuple[tuple[str, Canonical], ...]):
    """A mapping, frozen: (key, value) pairs in key order."""

    __slots__ = ()

    def get(self, key: str) -> Canonical:
        """Return the value under ``key``, or None."""
        return next((value for name, value in self if name == key), None)


def fields(mapping: Mapping[str, Canonical]) -> Fields:
    """Freeze a mapping whose values are canonical already."""
    return Fields(sorted(mapping.items()))


def freeze(value: object, depth: int = 0) -> Canonical:
    """Freeze any JSON value; lists keep their order."""
    if depth > MAX_DEPTH:
        message = f"A value is nested more than {MAX_DEPTH} levels deep."
        raise CanonicalError(message)
    if isinstance(value, Mapping):
        return fields({str(key): freeze(inner, depth + 1) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(inner, depth + 1) for inner in value)
    if not isinstance(value, Hashable):
        raise CanonicalError(f"A value of type {type(value).__name__} has no canonical form.")
    return value


def thaw(value: Canonical) -> Json:
    """Turn a canonical value into plain JSON, sets in a stable order."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Fields):
        return {
            key: inner if type(inner) is str else thaw(inner)  # a call less for most
            for key, inner in value
        }
    if isinstance(value, frozenset):
        return _thawed_set(value)
    if isinstance(value, Flag):
        return value is Flag.TRUE
    if isinstance(value, tuple):
        return [thaw(inner) for inner in value]
    return str(value)


def _thawed_set(values: frozenset[Canonical]) -> Json:
    if _TEXT_ALONE.issuperset(map(type, values)):
        if len(values) == 1:
            return list(values)  # type: ignore[arg-type]  # as below
        return sorted(values, key=repr)  # type: ignore[arg-type]  # all of them are text
    return sorted((thaw(inner) for inner in values), key=sort_key)


def sort_key(value: Json) -> tuple[str, str]:
    """Order JSON values of any mix, the same in every run."""
    return (type(value).__name__, repr(value))
