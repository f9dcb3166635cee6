"""Two small made-up types, so that comparing is tested apart from AWS's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from driftguard.canonical.kinds import TEXT, SetOf
from driftguard.live.reader import Listing
from driftguard.model import Absent, Address, Declared, Item, Provenance, Scope, Unreadable
from driftguard.ownership import Claim
from driftguard.resource_type import Attribute, ResourceType

SCOPE = Scope(account="111122223333", region="eu-west-1")
THINGS = "demo.things"


def by_id(declared: Declared) -> str:
    return str(declared.attributes.get("id") or "")


def of_thing(declared: Declared) -> str:
    return str(declared.attributes.get("thing") or "")


THING = ResourceType(
    name="aws_thing",
    collection=THINGS,
    identify=by_id,
    aws_default=lambda item: "AWS's own" if item.raw.get("Own") else None,
    adopted_by={"aws_default_thing": "id"},
    describe=("name",),
    attributes=(
        Attribute(name="name", wire="Name", kind=TEXT),
        Attribute(name="rules", wire="Rules", kind=SetOf(), part=True),
        Attribute(
            name="website",
            wire="Website",
            kind=TEXT,
            part=True,
            owned_by={"aws_thing_website": "thing"},
        ),
    ),
)
RULE = ResourceType(
    name="aws_thing_rule",
    collection=THINGS,
    identify=of_thing,
    unmanaged=None,
    claims=lambda one: [
        Claim(
            collection=THINGS,
            id=of_thing(one),
            attribute="rules",
            members=[one.attributes["rule"]],
        )
    ],
    locate=lambda declared, item: (
        item if declared.attributes["rule"] in item.raw.get("Rules", ()) else None  # type: ignore[operator]  # a test's raw item
    ),
    attributes=(),
)
ROLE = ResourceType(
    name="aws_role",
    collection="demo.roles",
    identify=by_id,
    is_global=True,
    attributes=(Attribute(name="name", wire="Name", kind=TEXT),),
)
TYPES: Mapping[str, ResourceType] = {one.name: one for one in (THING, RULE, ROLE)}


def declare(
    resource_type: str, label: str, scope: Scope = SCOPE, /, **attributes: object
) -> Declared:
    return Declared(
        address=Address(type=resource_type, name=label),
        scope=scope,
        id=str(attributes.get("id") or ""),
        attributes=attributes,
        provenance=Provenance(place="test.tfstate"),
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A live view made by hand: collection and scope to items or to a failure."""

    parts: Mapping[tuple[str, Scope], Mapping[str, Mapping[str, object]] | Unreadable] = field(
        default_factory=dict
    )

    def listing(self, collection: str, scope: Scope) -> Listing:
        found = self.parts.get((collection, scope), Unreadable(reason="not looked at"))
        if isinstance(found, Unreadable):
            return Listing(failure=found)
        return Listing(items={one: Item(id=one, raw=raw) for one, raw in found.items()})

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        listing = self.listing(collection, scope)
        return listing.items.get(object_id) or listing.failure or Absent(id=object_id)


def seen(**things: Mapping[str, object]) -> Seen:
    """Return a view of one scope in which only these things are."""
    named = {one: {"Name": one, **raw} for one, raw in things.items()}
    return Seen(parts={(THINGS, SCOPE): named})
