"""Where, in a recording, the live document of a declared resource stands.

Collections hand on the very objects that a recording was read into, so a
document is recognised by identity, whatever the collection and its service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from driftguard.compare.attribute import Status
from driftguard.compare.resource import ResourceComparison, collection_scope
from driftguard.model import Item
from driftguard.resource_type import Attribute
from driftguard.resources import TABLE
from tests.corpus.mutations import GROUP_ATTACHED, Mutation, Path, is_tags
from tests.corpus.pairs import Scan

_KNOWN = frozenset({Status.EQUAL, Status.SUPPRESSED})
_SHAPED = frozenset(
    {
        "AttachedManagedPolicies",
        "AttachedPolicies",
        "IpPermissions",
        "IpPermissionsEgress",
        "Policy",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Document",
    }
)
"""Keys whose meaning is known whatever reads them: rules, policies, attachments."""
_GROUPS = (["SecurityGroups"], ["VpcSecurityGroups"])
"""Lists whose members count, whatever else is said of them: groups on an instance."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A part of a recorded answer that an item holds under ``key``."""

    operation: tuple[str, str]
    number: int
    path: Path
    key: str
    item: str
    """The id of the item."""


def spots(scan: Scan, compared: ResourceComparison) -> Iterator[Spot]:
    """Yield the parts of a resource's live document, wherever they were recorded."""
    resource_type = TABLE[compared.declared.address.type]
    item = scan.view.find(
        resource_type.collection,
        collection_scope(resource_type, compared.declared.scope),
        resource_type.identify(compared.declared),
    )
    if not isinstance(item, Item):
        return
    for operation, answers in scan.answers.items():
        for answer in answers:
            for path, key in _held(answer.data, item.raw, ()):
                yield Spot(
                    operation=operation, number=answer.number, path=path, key=key, item=item.id
                )


def _held(part: object, raw: Mapping[str, object], path: Path) -> Iterator[tuple[Path, str]]:
    key = next((name for name, one in raw.items() if one is part), None)
    if key is not None and isinstance(part, dict | list):
        yield path, key
        return
    if isinstance(part, dict):
        if len(part) > 1 and all(name in raw and raw[name] is one for name, one in part.items()):
            yield from (((*path, name), name) for name in part)
            return
        for name, one in part.items():
            yield from _held(one, raw, (*path, name))
    elif isinstance(part, list):
        for number, one in enumerate(part):
            yield from _held(one, raw, (*path, number))


def must_be_found(compared: ResourceComparison, spot: Spot, mutation: Mutation) -> bool:
    """Tell whether a change is of something that this resource compares.

    Sure are the places that an attribute names by their path, and those whose
    shape says what they are (rules, policies, attachments, tags) under a key
    that an attribute reads. What AWS may change by itself (``accept``) is not.
    """
    below = [
        spot.key,
        *(str(one) for one in mutation.path[len(spot.path) :] if not isinstance(one, int)),
    ]
    known = {one.path for one in compared.compared if one.status in _KNOWN}
    attributes = [
        attribute
        for attribute in TABLE[compared.declared.address.type].attributes
        if attribute.name in known and attribute.accept is None
    ]
    if below[-1] == "PolicyName" and below[0] in _SHAPED:
        return False  # of an attachment: its ARN says which policy it is
    if below in _GROUPS and mutation.what != GROUP_ATTACHED and "removed" not in mutation.what:
        return False
    return any(_reads(attribute, below) for attribute in attributes)


def _reads(attribute: Attribute, below: list[str]) -> bool:
    if not callable(attribute.wire):
        wire = attribute.wire.split(".")
        if below[: len(wire)] == wire:
            return True
    heads = set(attribute.needs)
    if not callable(attribute.wire):
        heads.add(attribute.wire.partition(".")[0])
    shaped = below in _GROUPS or any(key in _SHAPED or is_tags(key) for key in below)
    return shaped and below[0] in heads
