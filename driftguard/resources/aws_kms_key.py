"""A KMS key with its policy, its state and its rotation.

A key that is scheduled for deletion counts as missing, as it does for
Terraform's provider: nothing can be decrypted with it, and there is a week to
a month left to cancel the deletion.
An undeclared key is not described one by one, so one in its deletion window is
listed as unmanaged, too; the keys that AWS manages are left out.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, TEXT, Boolean, Integer
from driftguard.model import Declared, Item, Severity
from driftguard.parts.kms import COLLECTION, aws_made, is_alias, is_deleted, policy_attribute
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("key_id") or declared.id)


def _locate(declared: Declared, item: Item) -> Item | None:
    return None if is_deleted(item) else item


def _is_key(item: Item) -> bool:
    """Tell a key from an alias; where aliases are unknown, no key is known to be a person's."""
    return not is_alias(item.id) and "Aliases" not in item.unread


def _of_aws(item: Item) -> str | None:
    aliases = item.raw.get("Aliases")
    names = aliases if isinstance(aliases, list | tuple) else ()
    return next((aws_made(str(name)) for name in names if aws_made(str(name))), None)


def _key_spec(raw: Mapping[str, object]) -> object:
    metadata = raw.get("Metadata")
    if not isinstance(metadata, Mapping):
        return None
    return metadata.get("KeySpec") or metadata.get("CustomerMasterKeySpec")


def _rotation_period(attributes: Mapping[str, object]) -> object:
    """Return the period; the provider writes 0 where the key does not rotate."""
    if "rotation_period_in_days" not in attributes:
        return UNSET
    return attributes["rotation_period_in_days"] or None


TYPE = ResourceType(
    name="aws_kms_key",
    collection=COLLECTION,
    identify=_identify,
    locate=_locate,
    severity=Severity.MEDIUM,
    severity_missing=Severity.CRITICAL,
    unmanaged=_is_key,
    aws_default=_of_aws,
    adopted_by={
        "aws_kms_external_key": "id",
        "aws_kms_replica_external_key": "id",
        "aws_kms_replica_key": "id",
    },
    attributes=(
        policy_attribute(part=True),
        Attribute(
            name="is_enabled",
            wire="Metadata.Enabled",
            kind=Boolean(nothing=True),
            severity=Severity.HIGH,
        ),
        Attribute(name="enable_key_rotation", wire="Rotation.KeyRotationEnabled", kind=BOOLEAN),
        Attribute(
            name="rotation_period_in_days",
            wire="Rotation.RotationPeriodInDays",
            kind=Integer(nothing=None),
            declared=_rotation_period,
            default=365,
            default_source=(
                "https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"
            ),
        ),
        Attribute(
            name="description", wire="Metadata.Description", kind=TEXT, severity=Severity.INFO
        ),
        Attribute(
            name="key_usage",
            wire="Metadata.KeyUsage",
            kind=TEXT,
            forces_replacement=True,
            default="ENCRYPT_DECRYPT",
            default_source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
        ),
        Attribute(
            name="customer_master_key_spec",
            wire=_key_spec,
            needs=("Metadata",),
            kind=TEXT,
            forces_replacement=True,
        ),
        Attribute(
            name="multi_region",
            wire="Metadata.MultiRegion",
            kind=BOOLEAN,
            forces_replacement=True,
        ),
        Attribute(
            name="custom_key_store_id",
            wire="Metadata.CustomKeyStoreId",
            kind=TEXT,
            forces_replacement=True,
        ),
        Attribute(
            name="xks_key_id",
            wire="Metadata.XksKeyConfiguration.Id",
            kind=TEXT,
            forces_replacement=True,
        ),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "key_id": "identity",
        "region": "identity",
        "deletion_window_in_days": "configuration only: AWS hears of it when the key is deleted",
        "bypass_policy_lockout_safety_check": "configuration only",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
