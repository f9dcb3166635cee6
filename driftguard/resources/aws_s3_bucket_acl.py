"""The access control list of a bucket: a canned ACL, or grants.

Every bucket has one, so it is never missing. Its state holds the grants even
where a canned ACL was configured; they are what is compared.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_acl
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Item, Severity, Unreadable
from driftguard.parts.s3_access_control import GRANTS, canned, declared_grants, live_grants
from driftguard.parts.s3_bucket import (
    COLLECTION,
    EXPECTED_OWNER,
    IDENTITY,
    bucket_of,
    first,
    owns,
    part,
)
from driftguard.resource_type import UNSET, Attribute, ResourceType


def _declared(attributes: Mapping[str, object]) -> object:
    return declared_grants(_policy(attributes).get("grant"))


def _policy(attributes: Mapping[str, object]) -> Mapping[str, object]:
    return first(attributes.get("access_control_policy"))


def _grants(attributes: Mapping[str, object]) -> object:
    return _declared(attributes) or canned(str(attributes.get("acl") or ""))


def _owner(attributes: Mapping[str, object]) -> object:
    return first(_policy(attributes).get("owner")).get("id") or UNSET


def _locate(declared: Declared, item: Item) -> Item | Unreadable | None:
    """Add ``Grants``: they name the owner by id only where the declaration does."""
    found = part("Acl", always=True)(declared, item)
    if not isinstance(found, Item):
        return found
    grants = live_grants(first(found.raw.get("Acl")), named=bool(_declared(declared.attributes)))
    return replace(found, raw={**found.raw, "Grants": grants})


TYPE = ResourceType(
    name="aws_s3_bucket_acl",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=owns("grant"),
    locate=_locate,
    attributes=(
        Attribute(
            name="access_control_policy.grant",
            wire="Grants",
            needs=("Acl",),
            kind=GRANTS,
            declared=_grants,
            severity=Severity.HIGH,
            note="`acl` where the state holds no grants: then the owner is called `owner`.",
        ),
        Attribute(
            name="access_control_policy.owner.id",
            wire="Acl.Owner.ID",
            kind=TEXT,
            declared=_owner,
            severity=Severity.CRITICAL,
            note="Another owner means that another account made a bucket of this name.",
        ),
    ),
    not_compared={
        **IDENTITY,
        **EXPECTED_OWNER,
        "acl": "compared as `access_control_policy.grant`",
    },
    doc=__doc__,
)
