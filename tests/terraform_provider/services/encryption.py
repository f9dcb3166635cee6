"""KMS keys and their aliases."""

from __future__ import annotations

from typing import ClassVar

from tests.terraform_provider.aws import Aws, found, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
)
from tests.terraform_provider.wire import Values


class Key:
    name = "aws_kms_key"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "bypass_policy_lockout_safety_check": optional(BOOL, default=False),
        "custom_key_store_id": optional(),
        "customer_master_key_spec": optional(default="SYMMETRIC_DEFAULT"),
        "deletion_window_in_days": optional(NUMBER),
        "description": either(),
        "enable_key_rotation": optional(BOOL, default=False),
        "is_enabled": optional(BOOL, default=True),
        "key_id": computed(),
        "key_usage": optional(default="ENCRYPT_DECRYPT"),
        "multi_region": either(BOOL),
        "policy": either(),
        "rotation_period_in_days": either(NUMBER),
        "xks_key_id": optional(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        policy = {"Policy": wanted["policy"]} if wanted["policy"] else {}
        tags = [{"TagKey": k, "TagValue": v} for k, v in (wanted["tags_all"] or {}).items()]
        made = aws.kms.create_key(
            Description=wanted["description"] or "",
            KeyUsage=wanted["key_usage"],
            Tags=tags,
            **policy,
        )
        id_ = str(made["KeyMetadata"]["KeyId"])
        if wanted["enable_key_rotation"]:
            aws.kms.enable_key_rotation(KeyId=id_)
        if not wanted["is_enabled"]:
            aws.kms.disable_key(KeyId=id_)
        return id_

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(lambda: aws.kms.describe_key(KeyId=id_), "NotFoundException")
        if answer is None or answer["KeyMetadata"]["KeyState"] == "PendingDeletion":
            return None
        key = answer["KeyMetadata"]
        rotation = aws.kms.get_key_rotation_status(KeyId=id_)
        policy = aws.kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]
        tags = aws.kms.list_resource_tags(KeyId=id_)["Tags"]
        return {
            "arn": key["Arn"],
            "custom_key_store_id": "",
            "customer_master_key_spec": key["KeySpec"],
            "description": key["Description"],
            "enable_key_rotation": rotation["KeyRotationEnabled"],
            "is_enabled": key["Enabled"],
            "key_id": id_,
            "key_usage": key["KeyUsage"],
            "multi_region": key.get("MultiRegion", False),
            "policy": same_document(state.get("policy"), policy),
            "rotation_period_in_days": rotation.get("RotationPeriodInDays", 0),
            "xks_key_id": "",
            **aws.tags({one["TagKey"]: one["TagValue"] for one in tags}),
        }


class Alias:
    name = "aws_kms_alias"
    schema: ClassVar[Schema] = {
        **ID,
        "arn": computed(),
        "name": either(),
        "name_prefix": either(),
        "target_key_arn": computed(),
        "target_key_id": required(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.kms.create_alias(AliasName=wanted["name"], TargetKeyId=wanted["target_key_id"])
        return str(wanted["name"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        for alias in aws.kms.list_aliases()["Aliases"]:
            if alias["AliasName"] == state["id"]:
                key = alias["TargetKeyId"]
                return {
                    "arn": alias["AliasArn"],
                    "name": alias["AliasName"],
                    "name_prefix": "",
                    "target_key_arn": aws.arn("kms", f"key/{key}"),
                    "target_key_id": key,
                }
        return None


RESOURCES = (Key(), Alias())
