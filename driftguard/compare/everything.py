"""All of a scan: every declared resource against one look at AWS."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.compare.earlier import Earlier
from driftguard.compare.resource import (
    Looked,
    ResourceComparison,
    collection_scope,
    compare_resource,
)
from driftguard.compare.secrets import Redact
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
    selected: Callable[[Declared], bool] = lambda _: True,
    earlier: Earlier | None = None,
) -> Comparison:
    """Compare all selected resources; what the others claim still counts.

    ``earlier`` has what was found of the same two sides, and is told what is found now.
    """
    chosen = [one for one in declared if selected(one)]
    claims = Claims.of(_claims(types, declared))
    return Comparison(
        resources=tuple(
            compare_resource(types[one.address.type], one, live, claims, redact, earlier)
            for one in chosen
            if one.address.type in types
        ),
        unsupported=Counter(one.address.type for one in chosen if one.address.type not in types),
    )


def _claims(
    types: Mapping[str, ResourceType], declared: Iterable[Declared]
) -> Iterator[tuple[Address, Scope, Claim]]:
    foreign = _foreign_owners(types)
    for one in declared:
        resource_type = types.get(one.address.type)
        if resource_type is None:
            yield from foreign.get(one.address.type, _no_claims)(one)
            continue
        scope = collection_scope(resource_type, one.scope)
        for claim in resource_type.claims(one) if resource_type.claims is not None else ():
            yield one.address, scope, claim


_Claimer = Callable[[Declared], Iterator[tuple[Address, Scope, Claim]]]


def _no_claims(declared: Declared) -> Iterator[tuple[Address, Scope, Claim]]:
    return iter(())


def _foreign_owners(types: Mapping[str, ResourceType]) -> Mapping[str, _Claimer]:
    """Return, for each type that we don't read but that owns a part, what it claims."""
    owned: defaultdict[str, list[tuple[ResourceType, str, str]]] = defaultdict(list)
    for resource_type in types.values():
        for attribute in resource_type.attributes:
            for owner, names_object in attribute.owned_by.items():
                owned[owner].append((resource_type, attribute.name, names_object))

    def claimer(parts: Sequence[tuple[ResourceType, str, str]]) -> _Claimer:
        def claims(declared: Declared) -> Iterator[tuple[Address, Scope, Claim]]:
            for resource_type, attribute, names_object in parts:
                claim = Claim(
                    collection=resource_type.collection,
                    id=str(declared.attributes.get(names_object) or ""),
                    attribute=attribute,
                )
                yield declared.address, collection_scope(resource_type, declared.scope), claim

        return claims

    return {owner: claimer(parts) for owner, parts in owned.items()}


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
    adopted: defaultdict[str, list[tuple[ResourceType, str]]] = defaultdict(list)
    for resource_type in types.values():
        for adopter, holds_id in resource_type.adopted_by.items():
            adopted[adopter].append((resource_type, holds_id))
    managed: defaultdict[Part, set[str]] = defaultdict(set)
    for one in declared:
        for resource_type, holds_id in adopted.get(one.address.type, ()):
            object_id = str(one.attributes.get(holds_id) or "")
            managed[_part(resource_type, one.scope)].add(object_id)
        own = types.get(one.address.type)
        if own is not None and own.unmanaged is not None:
            managed[_part(own, one.scope)].add(own.identify(one))
    return {part: frozenset(ids) for part, ids in managed.items()}


def _part(resource_type: ResourceType, scope: Scope) -> Part:
    return resource_type.collection, collection_scope(resource_type, scope)
