"""The ``…_exclusive`` resources: all that an identity may have, and nothing else.

Such a resource declares the whole part of its identity, so what was added by
hand is its drift and not the identity's too. What a resource of its own
declares is that one's business when it is gone.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachments_exclusive
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policies_exclusive
"""

from __future__ import annotations

from collections.abc import Iterator

from driftguard.canonical.kinds import SetOf
from driftguard.model import Declared, Severity
from driftguard.ownership import Claim
from driftguard.parts.iam_policies import (
    ATTACHED,
    EXCLUSIVE_INLINE,
    EXCLUSIVE_MANAGED,
    INLINE,
    MANAGED,
    Raw,
    attached_arns,
    collection_of,
    inline_blocks,
    inline_key,
    text,
)
from driftguard.resource_type import Attribute, ResourceType


def exclusive_attachments_type(name: str, kind: str, doc: str | None) -> ResourceType:
    """Return the type that declares all managed policies of one identity."""
    attribute = Attribute(
        name=EXCLUSIVE_MANAGED, wire=attached_arns, needs=(ATTACHED,), kind=SetOf(), part=True
    )
    return _exclusive_type(name, kind, doc, attribute, MANAGED)


def exclusive_inline_type(name: str, kind: str, doc: str | None) -> ResourceType:
    """Return the type that declares the names of all inline policies of one identity."""

    def names(raw: Raw) -> list[object]:
        return [block["name"] for block in inline_blocks(raw, kind)]

    attribute = Attribute(
        name=EXCLUSIVE_INLINE, wire=names, needs=(inline_key(kind),), kind=SetOf(), part=True
    )
    return _exclusive_type(name, kind, doc, attribute, INLINE)


def _exclusive_type(
    name: str, kind: str, doc: str | None, attribute: Attribute, part: str
) -> ResourceType:
    def identify(declared: Declared) -> str:
        return text(declared, f"{kind}_name")

    def claims(declared: Declared) -> Iterator[Claim]:
        yield Claim(collection=collection_of(kind), id=identify(declared), attribute=part)

    return ResourceType(
        name=name,
        collection=collection_of(kind),
        is_global=True,
        identify=identify,
        severity=Severity.HIGH,
        severity_missing=Severity.MEDIUM,
        unmanaged=None,
        claims=claims,
        attributes=(attribute,),
        not_compared={f"{kind}_name": "identity: says where to look"},
        doc=doc or "",
    )
