"""The shape of a file in ``driftguard/resources``: one Terraform type, told as a table.

A type says which collection it is read from, how it finds itself there, and,
attribute by attribute, where Terraform and AWS keep the same fact and how the
two are compared. Reading, comparing, explaining, the docs and the IAM policy
are all served by that one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from driftguard.canonical.kinds import Kind
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.ownership import Claim

Wire: TypeAlias = "str | Callable[[Mapping[str, object]], object]"
"""Where AWS keeps a value: a dotted path in the raw item, or a function of it.

A function reads only ``raw`` and must name the top-level keys that it needs in
``Attribute.needs``, so that an unread key makes the attribute unknown.
"""

UNSET = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute: Terraform's name for it, AWS's place for it, and how they compare."""

    name: str
    """Terraform's dotted name; a block that occurs once is stepped into:
    ``metadata_options.http_tokens``."""
    wire: Wire
    kind: Kind
    declared: Callable[[Mapping[str, object]], object] | None = None
    """The declared value as a function of the state's attributes, where ``name`` alone
    is not enough (a default that another attribute gives, an older provider's shape)."""
    needs: tuple[str, ...] = ()
    """Top-level raw keys a callable ``wire`` reads (a path's own first key is implied)."""
    default: object = UNSET
    """AWS's documented value where nothing is declared: an undeclared attribute that
    equals it exactly is suppressed, and counted."""
    default_source: str = ""
    """Where that default is documented (a URL), for ``driftguard explain``."""
    severity: Severity | None = None
    """How bad a change here is until a rule says better; None: the type's own."""
    forces_replacement: bool = False
    """Only a new object can have another value, so no revert in place exists."""
    sensitive: bool = False
    """Its values are never shown, whatever the state marked."""
    part: bool = False
    """Others may own this attribute or members of it (see ``ownership``); then an
    attribute missing in the state means "nothing declared", not "not known"."""
    owned_by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Types we don't read that declare this whole part, each with its attribute that
    names the object: ``{"aws_s3_bucket_cors_configuration": "bucket"}``."""
    by_id: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None
    """For a part whose live members have ids: raw item → id → member in Terraform's shape."""
    accept: Callable[[Mapping[str, object], object, object], str | None] | None = None
    """(declared attributes, declared, live) → why AWS may make this difference by
    itself, or None. Counted like any suppression."""
    note: str = ""
    """One sentence for the docs page, where the name is not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One Terraform resource type."""

    name: str
    collection: str
    """The collection it is read from, e.g. ``ec2.security_groups``."""
    attributes: tuple[Attribute, ...]
    identify: Callable[[Declared], str]
    """Its id within the collection, from the state's attributes."""
    is_global: bool = False
    severity: Severity = Severity.MEDIUM
    """Of a change that no attribute rates."""
    severity_missing: Severity = Severity.MEDIUM
    severity_unmanaged: Severity = Severity.LOW
    claims: Callable[[Declared], Iterable[Claim]] | None = None
    """The parts of other objects (or of its own container) that it owns."""
    locate: Callable[[Declared, Item], Item | Unreadable | None] = lambda declared, item: item
    """For a type that is a part of a bigger object: that part of the item, with the
    raw keys that ``attributes`` read; None where the part is not there."""
    unmanaged: Callable[[Item], bool] | None = lambda item: True
    """Whether a live item undeclared is an unmanaged resource of this type; None
    where the type is never one by itself (a part of something else)."""
    aws_default: Callable[[Item], str | None] = lambda item: None
    """Why a live item is AWS's own (a default VPC), or None; kept in with ``--all``."""
    adopted_by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Types we don't read that declare the same objects, each with its attribute that
    holds the id: ``{"aws_default_vpc": "id"}``; such an object is not unmanaged."""
    describe: tuple[str, ...] = ()
    """Attributes that tell a person what an unmanaged one is (name, rules)."""
    not_compared: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Top-level Terraform attributes that are left out, each with the reason."""
    doc: str = ""
    """The module's docstring: its page in the docs."""

    def attribute_at(self, path: str) -> Attribute | None:
        """Return the attribute that the path of a change lies in: the longest name it has."""
        within = (
            one
            for one in self.attributes
            if path == one.name or path.startswith((f"{one.name}.", f"{one.name}["))
        )
        return max(within, key=lambda one: len(one.name), default=None)
