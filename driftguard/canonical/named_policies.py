"""The inline policies of a role, user or group: documents, each under its name.

A name is what makes a policy the same one; its document may have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from driftguard.canonical.freeze import Canonical, Fields, fields
from driftguard.canonical.kinds import one_change
from driftguard.canonical.policy import POLICY
from driftguard.errors import CanonicalError
from driftguard.model import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPolicies:
    """Blocks ``{name, policy}``; the provider's empty block means that there are none."""

    def canonical(self, value: object) -> Canonical:
        """Return the frozen set of blocks; None where there are none."""
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise CanonicalError(f"Expected inline policies, found {type(value).__name__}.")
        blocks = (_block(inner) for inner in value)
        return self.of(frozenset(block for block in blocks if block))

    def members(self, canonical: Canonical) -> frozenset[Canonical]:
        """Return the policies of a canonical value."""
        return canonical if isinstance(canonical, frozenset) else frozenset()

    def of(self, members: frozenset[Canonical]) -> Canonical:
        """Return the canonical value that has these policies."""
        return members or None

    def identity(self, member: Canonical) -> Canonical:
        """Return the policy's name."""
        return member.get("name") if isinstance(member, Fields) else member

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each policy lost or gained, and each statement changed in one that stayed."""
        before, after = self._by_name(declared), self._by_name(live)
        for name in sorted({*before, *after}):
            where = f"{path}[{json.dumps(name)}]"
            old, new = before.get(name), after.get(name)
            if old is None or new is None:
                yield one_change(where, old, new)
            elif old != new:
                yield from POLICY.changes(f"{where}.policy", old.get("policy"), new.get("policy"))

    def _by_name(self, canonical: Canonical) -> dict[str, Fields]:
        found = (member for member in self.members(canonical) if isinstance(member, Fields))
        return {str(member.get("name")): member for member in found}


def _block(value: object) -> Fields:
    if not isinstance(value, Mapping):
        message = "An inline policy is not a block."
        raise CanonicalError(message)
    found = {
        "name": str(value.get("name") or "") or None,
        "policy": POLICY.canonical(value.get("policy")),
    }
    return fields({name: inner for name, inner in found.items() if inner is not None})


NAMED_POLICIES = NamedPolicies()
