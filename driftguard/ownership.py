"""Who owns which part of a live object: the inline style, the standalone style, attachments.

One live object (a security group, a role, a bucket) is often declared by
several resources. Each standalone resource makes a :class:`Claim` on the part
it declares. The object itself is then compared with what is left:

- a part with members (rules, attached policies): declared is the union of the
  object's own list and all claims; a live member nobody declared is drift of
  the object, a claimed member that is gone is drift of its claimant;
- a whole part (a bucket's policy): where somebody else claims it, the object's
  own copy in the state is a mirror and is not compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from driftguard.model import Address, Scope

EVERY = "*"
"""The id of a claim on a part of every object of a collection: ``aws_iam_policy_attachment``
declares who has a policy, so a role that has it too is that resource's drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a resource declares a part of the object ``id`` of ``collection``.

    ``attribute`` is the object's Terraform attribute for that part.
    ``members`` holds the claimed members in that attribute's Terraform shape,
    or None for the whole part. ``member_ids`` are AWS's own ids of claimed
    members (``sgr-…``): the live member with such an id is claimed, whatever
    became of it.
    """

    collection: str
    id: str
    attribute: str
    members: object = None
    member_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """All claims of a scan, found by the part that they are about."""

    _by_part: Mapping[tuple[str, Scope, str, str], tuple[tuple[Address, Claim], ...]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, claims: Iterable[tuple[Address, Scope, Claim]]) -> Claims:
        """Index claims made by resources, each with the scope its object is read in."""
        parts: defaultdict[tuple[str, Scope, str, str], list[tuple[Address, Claim]]]
        parts = defaultdict(list)
        for address, scope, claim in claims:
            parts[claim.collection, scope, claim.id, claim.attribute].append((address, claim))
        return cls(_by_part={part: tuple(found) for part, found in parts.items()})

    def on(
        self, collection: str, scope: Scope, object_id: str, attribute: str
    ) -> tuple[tuple[Address, Claim], ...]:
        """Return the claims on one part, each with the address that makes it."""
        own = self._by_part.get((collection, scope, object_id, attribute), ())
        return own + self._by_part.get((collection, scope, EVERY, attribute), ())
