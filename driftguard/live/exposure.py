"""Exposure evidence: what a drifted resource is reached by, gathered where a rule asks.

One set of bulk calls for each scope, whatever the number of drifts. What could
not be read is no key among the facts, so that whoever needs it keeps to the
rule's base severity: unknown is never 0. The facts, by what they are of:

- a security group, or a rule of one, whose id is the group's: ``attached_enis``,
  ``attached_instances``, ``public_ips``, ``subnet_public``
- an instance: ``attached_enis``, ``public_ips``, ``subnet_public``
- a database instance: ``publicly_accessible``, ``subnet_public``

``public_ips`` counts public IPv4 and IPv6 addresses and IPv6 prefixes of the
interfaces, ``subnet_public`` is true where any of their subnets leads to an
internet gateway. Interfaces of other accounts that use a shared group are not
told by AWS, and not counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, TypeVar, cast

from driftguard.live.failure import broken_collection
from driftguard.live.interfaces import Interface, Raw, interface_of
from driftguard.live.look import LiveView
from driftguard.live.progress import Part
from driftguard.live.readers import Readers
from driftguard.live.routes import Routes, routes_of
from driftguard.model import NOTHING, Item, Scope, Unreadable

Subject: TypeAlias = "tuple[str, Scope, str]"
"""Terraform type, scope and the id within its collection, as the type's ``identify`` says."""
Facts: TypeAlias = "Mapping[str, object]"
Look: TypeAlias = "Callable[[Mapping[Part, frozenset[str]], Readers], LiveView]"

_INTERFACES, _TABLES, _DATABASES = "ec2.network_interfaces", "ec2.route_tables", "rds.db_instances"
_RULE_TYPES = (
    "aws_security_group_rule",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
)
_GROUP_TYPES = ("aws_default_security_group", "aws_security_group", *_RULE_TYPES)

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys((*_GROUP_TYPES, "aws_instance"), (_INTERFACES, _TABLES)),
        "aws_db_instance": (_DATABASES, _TABLES),
    }
)
"""The collections that the exposure of a Terraform type is read from; other types have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposures:
    """What was found out; ``warnings`` are sentences for what was not, one per place and reason."""

    facts: Mapping[Subject, Facts] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()

    def of(self, subject: Subject) -> Facts:
        """Return what is known of a subject; nothing where nobody asked for it."""
        return self.facts.get(subject, NOTHING)


def gather_exposure(wanted: Iterable[Subject], readers: Readers, *, look: Look) -> Exposures:
    """Return the exposure of each wanted resource, as far as it can be read. Never raises for AWS.

    ``look`` is ``live.look.look`` with its collections, deadline and clock bound.
    """
    subjects = sorted({one for one in wanted if one[0] in NEEDS and one[2]})
    if not subjects:
        return Exposures()
    parts = _parts(subjects)
    view = look(parts, readers)
    evidence = {scope: _Evidence.of(view, scope, parts) for _, scope, _ in subjects}
    found = {subject: evidence[subject[1]].found(subject) for subject in subjects}
    return Exposures(
        facts=MappingProxyType(
            {one: MappingProxyType(dict(told.facts)) for one, told in found.items()}
        ),
        warnings=tuple(_warnings(found)),
    )


def _parts(subjects: Iterable[Subject]) -> Mapping[Part, frozenset[str]]:
    parts: defaultdict[Part, frozenset[str]] = defaultdict(frozenset)
    for type_name, scope, object_id in subjects:
        for collection in NEEDS[type_name]:
            parts[collection, scope] |= {object_id} if collection != _TABLES else frozenset()
    return parts


def _warnings(found: Mapping[Subject, _Found]) -> Iterable[str]:
    """Yield a sentence for each scope and reason; the reason names the IAM action that lacks."""
    lost = Counter((subject[1], reason) for subject, one in found.items() for reason in one.lost)
    for (scope, reason), count in lost.items():
        of = "1 resource" if count == 1 else f"{count:,} resources"
        yield (
            f"The exposure of {of} in {scope} is not fully known, and rules that ask for it keep "
            f"their base severity: {reason}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of one resource, and why the rest is not."""

    facts: Facts
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What was read in one scope."""

    view: LiveView
    scope: Scope
    by_group: Mapping[str, Sequence[Interface]] | Unreadable
    by_instance: Mapping[str, Sequence[Interface]] | Unreadable
    routes: Routes | Unreadable

    @classmethod
    def of(cls, view: LiveView, scope: Scope, parts: Iterable[Part]) -> _Evidence:
        """Understand the answers, each once."""
        asked = {name for name, where in parts if where == scope}
        interfaces = (
            _understood(view, scope, _INTERFACES, lambda raws: [*map(interface_of, raws)])
            if _INTERFACES in asked
            else []
        )
        return cls(
            view=view,
            scope=scope,
            by_group=_index(interfaces, lambda one: one.groups),
            by_instance=_index(interfaces, lambda one: (one.instance,)),
            routes=_understood(view, scope, _TABLES, routes_of),
        )

    def found(self, subject: Subject) -> _Found:
        """Return what is known of a resource of this scope."""
        type_name, _, object_id = subject
        if type_name == "aws_db_instance":
            return self._database(object_id)
        instance = type_name == "aws_instance"
        index = self.by_instance if instance else self.by_group
        if isinstance(index, Unreadable):
            return _Found(facts={}, lost=(index.reason,))
        attached = index.get(object_id, ())
        facts: dict[str, object] = {
            "attached_enis": len(attached),
            "public_ips": len({address for one in attached for address in one.public}),
        }
        if not instance:
            facts["attached_instances"] = len({one.instance for one in attached} - {""})
        return self._with_subnets(facts, {(one.subnet, one.vpc) for one in attached})

    def _database(self, identifier: str) -> _Found:
        item = self.view.find(_DATABASES, self.scope, identifier)
        if isinstance(item, Unreadable):
            return _Found(facts={}, lost=(item.reason,))
        if not isinstance(item, Item):  # gone: nothing is reached by it
            return _Found(facts={})
        try:
            facts: dict[str, object] = {
                "publicly_accessible": item.raw["PubliclyAccessible"] is True
            }
            group = cast("Raw", item.raw.get("DBSubnetGroup") or {})
            vpc = str(group.get("VpcId"))
            told = cast("Iterable[Raw]", group.get("Subnets") or ())
            subnets = {(str(one["SubnetIdentifier"]), vpc) for one in told}
        except (AttributeError, KeyError, TypeError) as error:
            return _Found(facts={}, lost=(broken_collection(_DATABASES, error).reason,))
        return self._with_subnets(facts, subnets) if subnets else _Found(facts=facts)

    def _with_subnets(self, facts: Mapping[str, object], subnets: set[tuple[str, str]]) -> _Found:
        """Add ``subnet_public``; an unknown subnet among them leaves only a yes."""
        if not subnets:
            return _Found(facts={**facts, "subnet_public": False})
        if isinstance(self.routes, Unreadable):
            return _Found(facts=facts, lost=(self.routes.reason,))
        told = {self.routes.is_public(subnet, vpc) for subnet, vpc in subnets}
        if True not in told and None in told:
            return _Found(facts=facts, lost=(_NO_TABLE,))
        return _Found(facts={**facts, "subnet_public": True in told})


_NO_TABLE = "no route table of a subnet is shown to this account (its VPC may be another's)"
_T = TypeVar("_T")


def _understood(
    view: LiveView, scope: Scope, name: str, understand: Callable[[Iterable[Raw]], _T]
) -> _T | Unreadable:
    """Return what a whole listing means, or why that is unknown; a part of it is not enough."""
    listing = view.listing(name, scope)
    if listing.failure is not None:
        return listing.failure
    try:
        return understand(item.raw for item in listing.items.values())
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # another shape than AWS's
        return broken_collection(name, error)


def _index(
    interfaces: Sequence[Interface] | Unreadable, keys: Callable[[Interface], Iterable[str]]
) -> Mapping[str, Sequence[Interface]] | Unreadable:
    if isinstance(interfaces, Unreadable):
        return interfaces
    index: defaultdict[str, list[Interface]] = defaultdict(list)
    for one in interfaces:
        for key in keys(one):
            index[key].append(one)
    return index
