"""The policy of a KMS key as a resource of its own.

A key is never without a policy, so one that was replaced is changed, and it is
missing only with its key.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key_policy
"""

from __future__ import annotations

from collections.abc import Iterator

from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.parts.kms import COLLECTION, is_deleted, policy_attribute
from driftguard.resource_type import ResourceType


def _identify(declared: Declared) -> str:
    """Return the key's id, which may be declared as its ARN."""
    return str(declared.attributes.get("key_id") or declared.id).rpartition("/")[2]


def _claims(declared: Declared) -> Iterator[Claim]:
    yield Claim(collection=COLLECTION, id=_identify(declared), attribute="policy")


def _locate(declared: Declared, item: Item) -> Item | None:
    return None if is_deleted(item) else item


TYPE = ResourceType(
    name="aws_kms_key_policy",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=_claims,
    locate=_locate,
    attributes=(policy_attribute(part=False),),
    not_compared={
        "id": "identity",
        "key_id": "identity: says where to look",
        "region": "identity",
        "bypass_policy_lockout_safety_check": "configuration only",
    },
    doc=__doc__,
)
