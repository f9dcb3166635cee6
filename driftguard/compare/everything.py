"""All of a scan: every declared resource against one look at AWS."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.compare.attribute import Redact
from driftguard.compare.resource import (
    Looked,
    ResourceComparison,
    collection_scope,
    compare_resource,
)
from driftguard.model import Address, Declared, Scope
from driftguard.ownership import Claim, Claims
from driftguard.resource_type import ResourceType

Part = tuple[str, Scope]
"""A collection in one scope: what is read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every declared resource of a known type, compared; the others, counted."""

    resources: tuple[ResourceComparison, ...]
    unsupported: Mapping[str, int]


def compare_everything(
    types: Mapping[str, ResourceType],
    declared: Sequence[Declared],
    live: Looked,
    redact: Redact,
) -> Comparison:
    """Compare all declared resources; claims are gathered over all of them first."""
    known = [one for one in declared if one.address.type in types]
    claims = Claims.of(_claims(types, known))
    return Comparison(
        resources=tuple(
            compare_resource(types[one.address.type], one, live, claims, redact) for one in known
        ),
        unsupported=Counter(one.address.type for one in declared if one.address.type not in types),
    )


def _claims(
    types: Mapping[str, ResourceType], declared: Iterable[Declared]
) -> Iterator[tuple[Address, Scope, Claim]]:
    for one in declared:
        resource_type = types[one.address.type]
        if resource_type.claims is None:
            continue
        scope = collection_scope(resource_type, one.scope)
        for claim in resource_type.claims(one):
            yield one.address, scope, claim


def wanted_parts(
    types: Mapping[str, ResourceType], declared: Iterable[Declared]
) -> Mapping[Part, frozenset[str]]:
    """Return which collections have to be read where, and for which declared ids."""
    wanted: defaultdict[Part, set[str]] = defaultdict(set)
    for one in declared:
        resource_type = types.get(one.address.type)
        if resource_type is None:
            continue
        scope = collection_scope(resource_type, one.scope)
        wanted[resource_type.collection, scope].add(resource_type.identify(one))
    return {part: frozenset(ids - {""}) for part, ids in wanted.items()}


def managed_ids(
    types: Mapping[str, ResourceType], declared: Iterable[Declared]
) -> Mapping[Part, frozenset[str]]:
    """Return the ids that somebody declared as whole objects, by the collection they are in.

    A declared part (a bucket's policy) does not make the bucket managed; an
    object adopted by a type that we don't read (``aws_default_vpc``) is.
    """
    declared = tuple(declared)
    foreign = {one.id for one in declared if one.address.type not in types}
    managed: defaultdict[Part, set[str]] = defaultdict(lambda: set(foreign))
    for one in declared:
        resource_type = types.get(one.address.type)
        if resource_type is None:
            continue
        part = (resource_type.collection, collection_scope(resource_type, one.scope))
        if resource_type.unmanaged is None:
            managed[part].update(())
        else:
            managed[part].add(resource_type.identify(one))
    return {part: frozenset(ids) for part, ids in managed.items()}
