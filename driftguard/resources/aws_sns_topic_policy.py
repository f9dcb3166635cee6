"""The access policy of an SNS topic as a resource of its own.

A topic is never without a policy, so one that was taken away shows as AWS's own
default in its place.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sns_topic_policy
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.parts.sns_topic import COLLECTION, policy_attribute
from driftguard.resource_type import ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("arn") or declared.id)


def _claims(declared: Declared) -> Iterator[Claim]:
    yield Claim(collection=COLLECTION, id=_identify(declared), attribute="policy")


def _locate(declared: Declared, item: Item) -> Item | None:
    if "Attributes" in item.unread:
        return item
    held = item.raw.get("Attributes")
    return item if isinstance(held, Mapping) and held.get("Policy") else None


TYPE = ResourceType(
    name="aws_sns_topic_policy",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.HIGH,
    unmanaged=None,
    claims=_claims,
    locate=_locate,
    attributes=(policy_attribute(part=False),),
    not_compared={
        "id": "identity",
        "arn": "identity: says where to look",
        "owner": "computed",
        "region": "identity",
    },
    doc=__doc__,
)
