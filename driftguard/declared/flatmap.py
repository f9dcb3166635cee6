"""Terraform 0.11's flat attributes, still found in states that were upgraded but not refreshed.

``{"tags.%": "1", "tags.Name": "x", "ingress.#": "1", "ingress.12.from_port": "22"}``
is a map and a set of one block. Every leaf is a string.
https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/hcl2shim/flatmap.go
"""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "74D93920-ED26-11E3-AC10-0800200C9A66"
"""What 0.11 wrote for a value it did not know yet."""
_MAX_DEPTH = 32


class FlatmapError(ValueError):
    """The flat attributes contradict themselves."""


def unflatten(flat: Mapping[str, object]) -> dict[str, object]:
    """Return the nested object. Raises FlatmapError where counts or shapes contradict."""
    return _block({str(key): value for key, value in flat.items()}, 0)


def _block(flat: Mapping[str, object], depth: int) -> dict[str, object]:
    if depth > _MAX_DEPTH:
        raise FlatmapError
    below: dict[str, dict[str, object]] = {}
    block: dict[str, object] = {}
    for key, value in flat.items():
        name, dot, rest = key.partition(".")
        if dot:
            below.setdefault(name, {})[rest] = value
        else:
            block[name] = None if value == UNKNOWN else value
    if not block.keys().isdisjoint(below):
        raise FlatmapError
    block |= {name: _nested(inner, depth + 1) for name, inner in below.items()}
    return block


def _nested(flat: dict[str, object], depth: int) -> object:
    if "%" in flat:
        return _map(flat)
    if "#" in flat:
        return _members(flat, depth)
    raise FlatmapError


def _map(flat: dict[str, object]) -> dict[str, object]:
    """Return a map; its keys may hold dots themselves, its values are strings."""
    count = flat.pop("%")
    if str(count) not in (str(len(flat)), UNKNOWN):
        raise FlatmapError
    return flat


def _members(flat: dict[str, object], depth: int) -> list[object]:
    count = flat.pop("#")
    members = _block_members(flat, depth)
    if str(count) not in (str(len(members)), UNKNOWN):
        raise FlatmapError
    return members


def _block_members(flat: Mapping[str, object], depth: int) -> list[object]:
    """Return a list's or set's members in the order of their indices (a set's are hashes)."""
    by_index: dict[str, dict[str, object]] = {}
    leaves: dict[str, object] = {}
    for key, value in flat.items():
        index, dot, rest = key.partition(".")
        if dot:
            by_index.setdefault(index, {})[rest] = value
        else:
            leaves[index] = None if value == UNKNOWN else value
    if not leaves.keys().isdisjoint(by_index):
        raise FlatmapError
    found = leaves | {index: _member(inner, depth + 1) for index, inner in by_index.items()}
    return [found[index] for index in sorted(found, key=_number)]


def _member(flat: dict[str, object], depth: int) -> object:
    is_map = "%" in flat and depth <= _MAX_DEPTH
    return _map(flat) if is_map else _block(flat, depth)


def _number(index: str) -> tuple[int, str]:
    return (int(index), index) if index.isdecimal() and len(index) < 20 else (-1, index)  # noqa: PLR2004  # digits of a hash
