"""An alias of a KMS key: whoever encrypts by the alias uses the key that it names today.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_alias
https://docs.aws.amazon.com/kms/latest/APIReference/API_AliasListEntry.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import Arn
from driftguard.model import Declared, Item, Severity
from driftguard.parts.kms import COLLECTION, aws_made, is_alias
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("name") or declared.id)


def _is_alias(item: Item) -> bool:
    return is_alias(item.id)


def _of_aws(item: Item) -> str | None:
    return aws_made(item.id)


TYPE = ResourceType(
    name="aws_kms_alias",
    collection=COLLECTION,
    identify=_identify,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=_is_alias,
    aws_default=_of_aws,
    describe=("target_key_id",),
    attributes=(
        Attribute(
            name="target_key_id",
            wire="TargetKeyId",
            kind=Arn(),
            note="By id or by ARN: an alias names a key of its own account and region.",
        ),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "name_prefix": "configuration only: `name` holds what it made",
        "region": "identity",
        "target_key_arn": "compared as `target_key_id`",
    },
    doc=__doc__,
)
