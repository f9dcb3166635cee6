"""The policies of a role, user or group: attached or inline, declared here or there.

A managed policy can be attached by a resource of its own, by
``aws_iam_policy_attachment``, by an ``…_exclusive`` resource or by the role;
an inline policy can be one of its own, or a block of the role. All of them
claim members of two parts of the identity, which are compared over all owners:
a policy that nobody declared is drift of the identity, a declared one that is
gone is drift of the resource that declares it. The role's own lists in the
state are copies of what was live, so they may hold what others declare.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from driftguard.canonical.kinds import SetOf
from driftguard.canonical.named_policies import NAMED_POLICIES
from driftguard.canonical.policy import POLICY
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.ownership import Claim
from driftguard.resource_type import UNSET, Attribute, ResourceType

ATTACHED = "AttachedManagedPolicies"
ENTITIES = "iam.policy_entities"
MANAGED = "managed_policy_arns"
INLINE = "inline_policy"
EXCLUSIVE_MANAGED = "policy_arns"
EXCLUSIVE_INLINE = "policy_names"

Raw = Mapping[str, object]


def collection_of(kind: str) -> str:
    """Return the collection of a kind of identity: ``role``, ``user`` or ``group``."""
    return f"iam.{kind}s"


def inline_key(kind: str) -> str:
    """Return the key under which an identity keeps its inline policies."""
    return f"{kind.title()}PolicyList"


def policy_attributes(kind: str) -> tuple[Attribute, Attribute]:
    """Return the attached and the inline policies as attributes of an identity.

    Of these types only the role has them in Terraform; on the others they hold
    what nobody declared.
    """
    declared = None if kind == "role" else _nothing_declared
    return (
        Attribute(
            name=MANAGED,
            wire=attached_arns,
            needs=(ATTACHED,),
            kind=SetOf(),
            declared=declared,
            part=True,
            severity=Severity.HIGH,
            note="Every attached policy, whoever declares it.",
        ),
        Attribute(
            name=INLINE,
            wire=lambda raw: inline_blocks(raw, kind),
            needs=(inline_key(kind),),
            kind=NAMED_POLICIES,
            declared=declared,
            part=True,
            severity=Severity.HIGH,
            note="Every inline policy, whoever declares it.",
        ),
    )


def attached_arns(raw: Raw) -> list[object]:
    """Return the ARNs of the policies that are attached to a live identity."""
    return [one.get("PolicyArn") for one in cast("list[Raw]", raw.get(ATTACHED) or ())]


def inline_blocks(raw: Raw, kind: str) -> list[Raw]:
    """Return the inline policies of a live identity as the role's blocks."""
    policies = cast("list[Raw]", raw.get(inline_key(kind)) or ())
    return [
        {"name": one.get("PolicyName"), "policy": one.get("PolicyDocument")} for one in policies
    ]


def _nothing_declared(_: Raw) -> object:
    return UNSET


def text(declared: Declared, name: str) -> str:
    """Return what the state holds for a name; the empty string where it holds nothing."""
    return str(declared.attributes.get(name) or "")


def attachment_type(name: str, kind: str, doc: str | None) -> ResourceType:
    """Return the type that attaches one managed policy to one identity."""

    def claims(declared: Declared) -> Iterator[Claim]:
        arn, identity = text(declared, "policy_arn"), text(declared, kind)
        for attribute in (MANAGED, EXCLUSIVE_MANAGED):
            yield Claim(
                collection=collection_of(kind), id=identity, attribute=attribute, members=[arn]
            )
        yield Claim(collection=ENTITIES, id=arn, attribute=f"{kind}s", members=[identity])

    def locate(declared: Declared, item: Item) -> Item | Unreadable | None:
        if ATTACHED in item.unread:
            return item.unread[ATTACHED]
        there = text(declared, "policy_arn") in attached_arns(item.raw)
        return Item(id=item.id, raw={}) if there else None

    return ResourceType(
        name=name,
        collection=collection_of(kind),
        is_global=True,
        identify=lambda declared: text(declared, kind),
        severity_missing=Severity.MEDIUM,
        unmanaged=None,
        claims=claims,
        locate=locate,
        attributes=(),
        not_compared={
            "id": "made by the provider",
            kind: "identity: says where to look",
            "policy_arn": "identity: another policy is another attachment",
        },
        doc=doc or "",
    )


def inline_type(name: str, kind: str, doc: str | None) -> ResourceType:
    """Return the type that is one inline policy of one identity."""

    def claims(declared: Declared) -> Iterator[Claim]:
        block = {"name": _policy_name(declared), "policy": declared.attributes.get("policy")}
        identity = _identity(declared, kind)
        collection = collection_of(kind)
        yield Claim(collection=collection, id=identity, attribute=INLINE, members=[block])
        yield Claim(
            collection=collection, id=identity, attribute=EXCLUSIVE_INLINE, members=[block["name"]]
        )

    def locate(declared: Declared, item: Item) -> Item | Unreadable | None:
        if inline_key(kind) in item.unread:
            return item.unread[inline_key(kind)]
        wanted = _policy_name(declared)
        found = (one for one in inline_blocks(item.raw, kind) if one["name"] == wanted)
        return next((Item(id=item.id, raw=one) for one in found), None)

    return ResourceType(
        name=name,
        collection=collection_of(kind),
        is_global=True,
        identify=lambda declared: _identity(declared, kind),
        severity=Severity.HIGH,
        severity_missing=Severity.MEDIUM,
        unmanaged=None,
        claims=claims,
        locate=locate,
        attributes=(Attribute(name="policy", wire="policy", kind=POLICY),),
        not_compared={
            "id": "identity",
            kind: "identity: says where to look",
            "name": "identity: another name is another policy",
            "name_prefix": "configuration only: `name` holds what it made",
        },
        doc=doc or "",
    )


def _identity(declared: Declared, kind: str) -> str:
    """Return whose policy it is; the id is ``identity:name``."""
    return text(declared, kind) or declared.id.partition(":")[0]


def _policy_name(declared: Declared) -> str:
    return text(declared, "name") or declared.id.partition(":")[2]
