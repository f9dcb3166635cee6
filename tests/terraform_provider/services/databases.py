"""RDS instances."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRINGS,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
    secret,
)
from tests.terraform_provider.wire import Values

_WIRE = {
    "allocated_storage": "AllocatedStorage",
    "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
    "availability_zone": "AvailabilityZone",
    "backup_retention_period": "BackupRetentionPeriod",
    "backup_window": "PreferredBackupWindow",
    "copy_tags_to_snapshot": "CopyTagsToSnapshot",
    "db_name": "DBName",
    "deletion_protection": "DeletionProtection",
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "iam_database_authentication_enabled": "IAMDatabaseAuthenticationEnabled",
    "identifier": "DBInstanceIdentifier",
    "instance_class": "DBInstanceClass",
    "kms_key_id": "KmsKeyId",
    "license_model": "LicenseModel",
    "maintenance_window": "PreferredMaintenanceWindow",
    "multi_az": "MultiAZ",
    "publicly_accessible": "PubliclyAccessible",
    "storage_encrypted": "StorageEncrypted",
    "storage_type": "StorageType",
    "username": "MasterUsername",
}
_BOOLEANS = {
    "auto_minor_version_upgrade",
    "copy_tags_to_snapshot",
    "deletion_protection",
    "iam_database_authentication_enabled",
    "multi_az",
    "publicly_accessible",
    "storage_encrypted",
}
_ASKED = {
    **{name: wire for name, wire in _WIRE.items() if name != "iam_database_authentication_enabled"},
    "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
    "password": "MasterUserPassword",
    "vpc_security_group_ids": "VpcSecurityGroupIds",
    "port": "Port",
}


class DbInstance:
    name = "aws_db_instance"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "address": computed(),
        "allocated_storage": either(NUMBER),
        "apply_immediately": optional(BOOL, default=False),
        "arn": computed(),
        "auto_minor_version_upgrade": optional(BOOL, default=True),
        "availability_zone": either(),
        "backup_retention_period": either(NUMBER),
        "backup_window": either(),
        "copy_tags_to_snapshot": optional(BOOL, default=False),
        "db_name": either(),
        "delete_automated_backups": optional(BOOL, default=True),
        "deletion_protection": optional(BOOL),
        "endpoint": computed(),
        "engine": either(),
        "engine_version": either(),
        "engine_version_actual": computed(),
        "iam_database_authentication_enabled": optional(BOOL),
        "identifier": either(),
        "identifier_prefix": either(),
        "instance_class": required(),
        "kms_key_id": either(),
        "license_model": either(),
        "maintenance_window": either(),
        "multi_az": either(BOOL),
        "password": secret(),
        "port": either(NUMBER),
        "publicly_accessible": optional(BOOL, default=False),
        "resource_id": computed(),
        "skip_final_snapshot": optional(BOOL, default=False),
        "status": computed(),
        "storage_encrypted": optional(BOOL),
        "storage_type": either(),
        "username": either(),
        "vpc_security_group_ids": either(STRINGS),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = {w: wanted[name] for name, w in _ASKED.items() if wanted[name] not in (None, [])}
        asked = {k: int(v) if isinstance(v, float) else v for k, v in asked.items()}
        made = aws.rds.create_db_instance(Tags=pairs(wanted["tags_all"]), **asked)
        return str(made["DBInstance"]["DbiResourceId"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(
            lambda: aws.rds.describe_db_instances(DBInstanceIdentifier=state["identifier"]),
            "DBInstanceNotFound",
            "DBInstanceNotFoundFault",
        )
        return answer and self._values(aws, state, answer["DBInstances"][0])

    def _values(self, aws: Aws, state: Values, live: Any) -> Values:
        endpoint = live.get("Endpoint", {})
        return {
            **{n: live.get(wire, False if n in _BOOLEANS else "") for n, wire in _WIRE.items()},
            "engine_version": _version(state.get("engine_version"), live["EngineVersion"]),
            "engine_version_actual": live["EngineVersion"],
            "identifier_prefix": "",
            "address": endpoint.get("Address", ""),
            "endpoint": f"{endpoint.get('Address')}:{endpoint.get('Port')}",
            "port": endpoint.get("Port", 0),
            "arn": live["DBInstanceArn"],
            "resource_id": live["DbiResourceId"],
            "status": live["DBInstanceStatus"],
            "vpc_security_group_ids": [
                one["VpcSecurityGroupId"] for one in live["VpcSecurityGroups"]
            ],
            **aws.tags(by_key(live.get("TagList"))),
        }


def _version(declared: str | None, live: str) -> str:
    """Keep a declared version that is a prefix of what runs, as the real provider does."""
    return declared if declared and f"{live}.".startswith(f"{declared}.") else live


RESOURCES = (DbInstance(),)
