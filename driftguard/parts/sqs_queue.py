"""An SQS queue, and the documents that a resource of their own can declare for it.

``aws_sqs_queue`` holds its access policy and redrive policies inline; each can
stand in a resource of its own instead, which then owns it.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from driftguard.canonical.document import JsonDocument
from driftguard.canonical.policy import POLICY
from driftguard.canonical.references import queue_id
from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.resource_type import Attribute, ResourceType

COLLECTION = "sqs.queues"

# AWS keeps "maxReceiveCount": "5" as it was written, and source queues in any order.
_REDRIVE = JsonDocument(stringly=True, unordered=frozenset({"sourceQueueArns"}))
_DOCUMENTS = (
    Attribute(
        name="policy",
        wire="Attributes.Policy",
        kind=POLICY,
        part=True,
        severity=Severity.HIGH,
        note="Who may use the queue, compared by meaning.",
    ),
    Attribute(
        name="redrive_policy",
        wire="Attributes.RedrivePolicy",
        kind=_REDRIVE,
        part=True,
        note="Where messages go that nobody could handle.",
    ),
    Attribute(
        name="redrive_allow_policy",
        wire="Attributes.RedriveAllowPolicy",
        kind=_REDRIVE,
        part=True,
        note="Which queues may use this one as their dead-letter queue.",
    ),
)


def document_attributes() -> tuple[Attribute, ...]:
    """Return the queue's attributes that resources of their own may declare."""
    return _DOCUMENTS


def identify(declared: Declared) -> str:
    """Return ``account/name``, from whatever of a queue's URL and ARN the state holds."""
    attributes = declared.attributes
    references = (attributes.get(name) for name in ("queue_url", "url", "id", "arn"))
    found = (queue_id(str(reference)) for reference in references if reference)
    return next((one for one in found if one), "")


def document_type(name: str, attribute_name: str, doc: str | None) -> ResourceType:
    """Return the type of a resource that declares one document of a queue."""
    attribute = next(one for one in _DOCUMENTS if one.name == attribute_name)

    def claims(declared: Declared) -> Iterator[Claim]:
        yield Claim(collection=COLLECTION, id=identify(declared), attribute=attribute_name)

    def locate(declared: Declared, item: Item) -> Item | None:
        if "Attributes" in item.unread or "Attributes" not in item.raw:
            return item
        held = item.raw["Attributes"]
        key = str(attribute.wire).partition(".")[2]
        return item if isinstance(held, Mapping) and held.get(key) else None

    return ResourceType(
        name=name,
        collection=COLLECTION,
        identify=identify,
        severity=attribute.severity or Severity.MEDIUM,
        unmanaged=None,
        claims=claims,
        locate=locate,
        attributes=(replace(attribute, part=False),),
        not_compared={
            "id": "identity",
            "queue_url": "identity: says where to look",
            "region": "identity",
        },
        doc=doc or "",
    )
