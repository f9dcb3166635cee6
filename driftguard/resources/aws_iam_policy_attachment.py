"""Who has a managed policy: all of its roles, users and groups, and nobody else.

The resource is exclusive, so an entity that was given the policy by hand is
its drift, and its alone: applying it is what takes the policy away again. An
entity that a standalone attachment declares is that one's business.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from driftguard.canonical.kinds import SetOf
from driftguard.model import Declared, Item, Severity
from driftguard.ownership import EVERY, Claim
from driftguard.parts.iam_policies import ENTITIES, EXCLUSIVE_MANAGED, MANAGED, collection_of, text
from driftguard.resource_type import Attribute, ResourceType

_KINDS = ("role", "user", "group")


def _identify(declared: Declared) -> str:
    return text(declared, "policy_arn")


def _claims(declared: Declared) -> Iterator[Claim]:
    policy = [_identify(declared)]
    for kind in _KINDS:
        for part in (MANAGED, EXCLUSIVE_MANAGED):
            yield Claim(collection=collection_of(kind), id=EVERY, attribute=part, members=policy)


def _locate(declared: Declared, item: Item) -> Item | None:
    """Return the item unless it is known that nobody at all has the policy."""
    keys = [f"Policy{kind.title()}s" for kind in _KINDS]
    return item if any(item.raw.get(key) or key in item.unread for key in keys) else None


def _names(kind: str) -> Callable[[Mapping[str, object]], object]:
    def read(raw: Mapping[str, object]) -> object:
        entities = raw.get(f"Policy{kind.title()}s") or ()
        named = cast("list[Mapping[str, object]]", entities)
        return [entity.get(f"{kind.title()}Name") for entity in named]

    return read


TYPE = ResourceType(
    name="aws_iam_policy_attachment",
    collection=ENTITIES,
    is_global=True,
    identify=_identify,
    severity=Severity.HIGH,
    severity_missing=Severity.MEDIUM,
    unmanaged=None,
    claims=_claims,
    locate=_locate,
    attributes=tuple(
        Attribute(
            name=f"{kind}s",
            wire=_names(kind),
            needs=(f"Policy{kind.title()}s",),
            kind=SetOf(),
            part=True,
        )
        for kind in _KINDS
    ),
    not_compared={
        "id": "made by the provider",
        "name": "configuration only",
        "policy_arn": "identity: says where to look",
    },
    doc=__doc__,
)
