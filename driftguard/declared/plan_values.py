"""The trees of a plan: which values are sensitive, and the resources of nested modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from driftguard.declared.sensitive import Path

MAX_DEPTH = 64
MAX_MARKS = 200
"""Paths marked below one attribute; with more, all of the attribute is taken for marked."""


def marks(sensitive: object) -> Iterator[Path]:
    """Yield the paths of ``before_sensitive`` or ``after_sensitive``: true where a value is.

    What can't be understood marks the whole resource: ``()``.
    """
    if sensitive in (None, False):
        return
    if not isinstance(sensitive, Mapping):
        yield ()
        return
    for name, inner in sensitive.items():
        found = Counter[Path]()
        for path in _paths(inner, (str(name),)):
            found[path] += 1
            if len(found) > MAX_MARKS:
                found = Counter([(str(name),)])
                break
        yield from found


def _paths(value: object, path: Path) -> Iterator[Path]:
    if value is True or len(path) > MAX_DEPTH:
        yield path
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _paths(inner, (*path, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*path, number))
    elif value not in (None, False):
        yield path


def held_resources(values: object) -> Iterator[Mapping[str, object]]:
    """Yield the resources of ``planned_values`` or of a state's ``values``, modules and all."""
    root = values.get("root_module") if isinstance(values, Mapping) else None
    waiting = [(root, 0)]
    while waiting:
        module, depth = waiting.pop()
        if not isinstance(module, Mapping) or depth > MAX_DEPTH:
            continue
        resources = module.get("resources")
        for one in resources if isinstance(resources, list) else ():
            if isinstance(one, Mapping) and one.get("type") and one.get("name"):
                yield one
        children = module.get("child_modules")
        waiting += [(one, depth + 1) for one in (children if isinstance(children, list) else ())]
