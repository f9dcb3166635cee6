"""The same real object declared by two addresses: both would fight over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from driftguard.model import Declared, Scope

MAX_TOLD = 50
"""Warnings; a state that was copied would give one for each of its resources."""

_WHERE = (
    "arn", "api_id", "autoscaling_group_name", "bucket", "cluster", "domain", "function_name",
    "group", "log_group_name", "name", "policy_arn", "queue_url", "rest_api_id", "role",
    "resource_id", "rule", "security_group_id", "service_namespace", "user", "user_pool_id",
)  # fmt: skip
"""What makes an id unique where it is not by itself (two functions' permissions of one name)."""


def declared_twice(resources: Iterable[Declared]) -> Iterator[str]:
    """Yield a warning for each AWS object that more than one address declares."""
    found: defaultdict[tuple[str, str, Scope], list[Declared]] = defaultdict(list)
    for one in resources:
        if one.id and one.address.type.startswith("aws_"):
            found[one.address.type, one.id, one.scope].append(one)
    several = (group for group in found.values() if len(group) > 1)
    yield from _bounded([group for group in several if _are_one(group)])


def _are_one(group: Sequence[Declared]) -> bool:
    return len({tuple(repr(one.attributes.get(name)) for name in _WHERE) for one in group}) == 1


def _bounded(groups: Sequence[Sequence[Declared]]) -> Iterator[str]:
    for group in groups[:MAX_TOLD]:
        told = " and ".join(f"{one.address} in {one.provenance.place}" for one in group[:3])
        more = f" and {len(group) - 3} more" if len(group) > 3 else ""  # noqa: PLR2004  # as above
        yield f"{group[0].id} is declared {len(group)} times: {told}{more}."
    if len(groups) > MAX_TOLD:
        yield f"{len(groups) - MAX_TOLD} more objects are declared more than once."


def same_lineage(places: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    """Yield a warning for each state read from two places; takes (lineage, serial, place)."""
    first: dict[str, tuple[int, str]] = {}
    for lineage, serial, place in places:
        if not lineage:
            continue
        before = first.setdefault(lineage, (serial, place))
        if before[1] != place:
            yield (
                f"{before[1]} (serial {before[0]}) and {place} (serial {serial}) are the same"
                " state by their lineage; is one of them a copy?"
            )
