from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from moto import mock_aws

from tests.canned_reader import CannedReader, changed
from tests.moto_reader import ACCOUNT, MotoReader, client
from tests.scanned import Scanned, declared, scan

LIVE: Mapping[str, Any] = {
    "DBInstanceIdentifier": "orders",
    "DBInstanceClass": "db.t3.micro",
    "Engine": "mysql",
    "DBInstanceStatus": "available",
    "MasterUsername": "admin",
    "DBName": "orders",
    "Endpoint": {"Address": "orders.x.eu-west-1.rds.amazonaws.com", "Port": 3306},
    "AllocatedStorage": 20,
    "MaxAllocatedStorage": 100,
    "PreferredBackupWindow": "03:36-04:06",
    "BackupRetentionPeriod": 7,
    "DBSecurityGroups": [],
    "VpcSecurityGroups": [
        {"VpcSecurityGroupId": "sg-1", "Status": "active"},
        {"VpcSecurityGroupId": "sg-0", "Status": "removing"},
    ],
    "DBParameterGroups": [
        {"DBParameterGroupName": "default.mysql8.0", "ParameterApplyStatus": "in-sync"}
    ],
    "AvailabilityZone": "eu-west-1a",
    "DBSubnetGroup": {"DBSubnetGroupName": "private", "VpcId": "vpc-1"},
    "PreferredMaintenanceWindow": "wed:06:30-wed:07:00",
    "PendingModifiedValues": {},
    "MultiAZ": False,
    "EngineVersion": "8.0.35",
    "AutoMinorVersionUpgrade": True,
    "ReadReplicaDBInstanceIdentifiers": [],
    "LicenseModel": "general-public-license",
    "StorageThroughput": 0,
    "OptionGroupMemberships": [{"OptionGroupName": "default:mysql-8-0", "Status": "in-sync"}],
    "PubliclyAccessible": False,
    "StorageType": "gp2",
    "DbInstancePort": 0,
    "StorageEncrypted": True,
    "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1",
    "DbiResourceId": "db-6L3XKPPF7R6BZFG7WA2GSSAW7U",
    "CACertificateIdentifier": "rds-ca-rsa2048-g1",
    "DomainMemberships": [],
    "CopyTagsToSnapshot": True,
    "MonitoringInterval": 0,
    "IAMDatabaseAuthenticationEnabled": False,
    "DatabaseInsightsMode": "standard",
    "PerformanceInsightsEnabled": False,
    "EnabledCloudwatchLogsExports": ["error", "audit"],
    "DeletionProtection": True,
    "TagList": [{"Key": "Name", "Value": "orders"}],
    "CustomerOwnedIpEnabled": False,
    "NetworkType": "IPV4",
    "BackupTarget": "region",
    "DedicatedLogVolume": False,
    "EngineLifecycleSupport": "open-source-rds-extended-support",
}

STATE: Mapping[str, Any] = {
    "address": "orders.x.eu-west-1.rds.amazonaws.com",
    "allocated_storage": 20,
    "allow_major_version_upgrade": None,
    "apply_immediately": False,
    "arn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:orders",
    "auto_minor_version_upgrade": True,
    "availability_zone": "eu-west-1a",
    "backup_retention_period": 7,
    "backup_target": "region",
    "backup_window": "03:36-04:06",
    "blue_green_update": [],
    "ca_cert_identifier": "rds-ca-rsa2048-g1",
    "character_set_name": "",
    "copy_tags_to_snapshot": True,
    "custom_iam_instance_profile": "",
    "customer_owned_ip_enabled": False,
    "database_insights_mode": "standard",
    "db_name": "orders",
    "db_subnet_group_name": "private",
    "dedicated_log_volume": False,
    "delete_automated_backups": True,
    "deletion_protection": True,
    "domain": "",
    "domain_auth_secret_arn": "",
    "domain_dns_ips": None,
    "domain_fqdn": "",
    "domain_iam_role_name": "",
    "domain_ou": "",
    "enabled_cloudwatch_logs_exports": ["audit", "error"],
    "endpoint": "orders.x.eu-west-1.rds.amazonaws.com:3306",
    "engine": "mysql",
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "engine_version": "8.0.35",
    "engine_version_actual": "8.0.35",
    "iam_database_authentication_enabled": False,
    "id": "db-6L3XKPPF7R6BZFG7WA2GSSAW7U",
    "identifier": "orders",
    "identifier_prefix": "",
    "instance_class": "db.t3.micro",
    "iops": 0,
    "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/1",
    "license_model": "general-public-license",
    "maintenance_window": "Wed:06:30-Wed:07:00",
    "manage_master_user_password": None,
    "master_user_secret": [],
    "master_user_secret_kms_key_id": None,
    "max_allocated_storage": 100,
    "monitoring_interval": 0,
    "monitoring_role_arn": "",
    "multi_az": False,
    "nchar_character_set_name": "",
    "network_type": "IPV4",
    "option_group_name": "default:mysql-8-0",
    "parameter_group_name": "default.mysql8.0",
    "password": "(sensitive 0123456789abcdef01234567)",
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": "",
    "performance_insights_retention_period": 0,
    "port": 3306,
    "publicly_accessible": False,
    "region": "eu-west-1",
    "replica_mode": "",
    "replicate_source_db": "",
    "skip_final_snapshot": True,
    "storage_encrypted": True,
    "storage_throughput": 0,
    "storage_type": "gp2",
    "tags": {"Name": "orders"},
    "tags_all": {"Name": "orders"},
    "timezone": "",
    "username": "admin",
    "vpc_security_group_ids": ["sg-1"],
}


def look(
    live: Mapping[str, Any] = LIVE,
    state: Mapping[str, Any] = STATE,
    others: tuple[Mapping[str, Any], ...] = (),
) -> Scanned:
    answers = {"rds.DescribeDBInstances": [live, *others]}
    return scan([declared("aws_db_instance", state)], CannedReader(answers=answers))


def test_a_database_as_declared_has_no_drift():
    found = look()
    assert (found.kinds, found.unknown, found.suppressed) == (["none"], [], [])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("PubliclyAccessible", True, "publicly_accessible"),
        ("VpcSecurityGroups.1.Status", "active", "vpc_security_group_ids"),
        ("StorageEncrypted", False, "storage_encrypted"),
        ("KmsKeyId", "arn:aws:kms:eu-west-1:123456789012:key/2", "kms_key_id"),
        ("DeletionProtection", False, "deletion_protection"),
        ("BackupRetentionPeriod", 0, "backup_retention_period"),
        ("IAMDatabaseAuthenticationEnabled", True, "iam_database_authentication_enabled"),
        ("EnabledCloudwatchLogsExports", ["error"], "enabled_cloudwatch_logs_exports"),
        ("CACertificateIdentifier", "rds-ca-2019", "ca_cert_identifier"),
        ("Engine", "mariadb", "engine"),
        ("EngineVersion", "5.7.44", "engine_version"),
        ("DBInstanceClass", "db.r5.large", "instance_class"),
        ("MultiAZ", True, "multi_az"),
        ("AvailabilityZone", "eu-west-1b", "availability_zone"),
        ("AllocatedStorage", 200, "allocated_storage"),
        ("AllocatedStorage", 10, "allocated_storage"),
        ("MaxAllocatedStorage", 1000, "max_allocated_storage"),
        ("StorageType", "io1", "storage_type"),
        ("Iops", 1000, "iops"),
        ("StorageThroughput", 500, "storage_throughput"),
        ("DedicatedLogVolume", True, "dedicated_log_volume"),
        ("DBParameterGroups.0.DBParameterGroupName", "weak", "parameter_group_name"),
        ("OptionGroupMemberships.0.OptionGroupName", "weak", "option_group_name"),
        ("DBSubnetGroup.DBSubnetGroupName", "public", "db_subnet_group_name"),
        ("NetworkType", "DUAL", "network_type"),
        ("Endpoint.Port", 3307, "port"),
        ("MasterUsername", "root", "username"),
        ("DBName", "other", "db_name"),
        ("LicenseModel", "bring-your-own-license", "license_model"),
        ("AutoMinorVersionUpgrade", False, "auto_minor_version_upgrade"),
        ("PreferredBackupWindow", "00:00-00:30", "backup_window"),
        ("PreferredMaintenanceWindow", "mon:06:30-mon:07:00", "maintenance_window"),
        ("BackupTarget", "outposts", "backup_target"),
        ("CopyTagsToSnapshot", False, "copy_tags_to_snapshot"),
        ("MonitoringInterval", 60, "monitoring_interval"),
        ("MonitoringRoleArn", "arn:x", "monitoring_role_arn"),
        ("PerformanceInsightsEnabled", True, "performance_insights_enabled"),
        ("PerformanceInsightsKMSKeyId", "arn:x", "performance_insights_kms_key_id"),
        ("PerformanceInsightsRetentionPeriod", 7, "performance_insights_retention_period"),
        ("DatabaseInsightsMode", "advanced", "database_insights_mode"),
        ("EngineLifecycleSupport", "open-source-rds-extended-support-disabled",
         "engine_lifecycle_support"),
        ("MasterUserSecret", {"SecretArn": "arn:x"}, "manage_master_user_password"),
        ("ReadReplicaSourceDBInstanceIdentifier", "source", "replicate_source_db"),
        ("ReplicaMode", "mounted", "replica_mode"),
        ("DomainMemberships", [{"Domain": "d-1"}], "domain"),
        ("DomainMemberships", [{"IAMRoleName": "r"}], "domain_iam_role_name"),
        ("DomainMemberships", [{"AuthSecretArn": "arn:x"}], "domain_auth_secret_arn"),
        ("DomainMemberships", [{"FQDN": "corp.example.com"}], "domain_fqdn"),
        ("DomainMemberships", [{"OU": "OU=x"}], "domain_ou"),
        ("DomainMemberships", [{"DnsIps": ["10.0.0.2"]}], "domain_dns_ips"),
        ("CustomIamInstanceProfile", "AWSRDSCustom", "custom_iam_instance_profile"),
        ("CustomerOwnedIpEnabled", True, "customer_owned_ip_enabled"),
        ("CharacterSetName", "AL32UTF8", "character_set_name"),
        ("NcharCharacterSetName", "UTF8", "nchar_character_set_name"),
        ("Timezone", "UTC", "timezone"),
        ("TagList", [{"Key": "Name", "Value": "other"}], "tags.Name"),
    ],
)  # fmt: skip
def test_a_database_changed_by_hand_is_told_at_that_path(path: str, value: object, told: str):
    assert look(changed(LIVE, path, value)).paths == [told]


@pytest.mark.parametrize(
    ("engine", "old", "new", "allowed"),
    [
        ("mysql", "8.0.35", "8.0.36", True),
        ("mysql", "8.0.35", "8.4.3", False),
        ("mysql", "8.0.36", "8.0.35", False),
        ("mariadb", "10.6.14", "10.11.4", False),
        ("postgres", "15.3", "15.10", True),
        ("postgres", "15.3", "16.1", False),
        ("postgres", "9.6.20", "9.6.24", True),
        ("postgres", "9.5.20", "9.6.24", False),
        ("oracle-ee", "19.0.0.0.ru-2021-01.rur-2021-01.r1",
         "19.0.0.0.ru-2023-01.rur-2023-01.r1", True),
        ("sqlserver-ex", "15.00.4236.7.v1", "15.00.4345.5.v1", True),
    ],
)  # fmt: skip
def test_a_minor_upgrade_is_aws_own_and_any_other_change_is_not(
    engine: str, old: str, new: str, *, allowed: bool
):
    state = {**STATE, "engine": engine, "engine_version": old, "engine_version_actual": old}
    found = look({**LIVE, "Engine": engine, "EngineVersion": new}, state)
    assert (found.paths == []) is allowed
    assert (found.suppressed == ["engine_version"]) is allowed
    kept = look({**LIVE, "Engine": engine, "EngineVersion": new, "AutoMinorVersionUpgrade": False},
                {**state, "auto_minor_version_upgrade": False})  # fmt: skip
    assert kept.paths == ["engine_version"]


@pytest.mark.parametrize("actual", ["8.0.34", None])
def test_a_version_declared_as_a_prefix_allows_what_it_names(actual: str | None):
    state = {**STATE, "engine_version": "8.0", "engine_version_actual": actual,
             "auto_minor_version_upgrade": False}  # fmt: skip
    live = {**LIVE, "AutoMinorVersionUpgrade": False}
    assert look(live, state).kinds == ["none"]
    assert look({**live, "EngineVersion": "8.4.1"}, state).paths == ["engine_version"]


def test_storage_autoscaling_is_accepted_up_to_its_declared_limit():
    found = look(changed(LIVE, "AllocatedStorage", 60))
    assert (found.kinds, found.suppressed) == (["none"], ["allocated_storage"])
    without = look(
        {**LIVE, "AllocatedStorage": 60, "MaxAllocatedStorage": None},
        {**STATE, "max_allocated_storage": 0},
    )
    assert without.paths == ["allocated_storage"]


def test_a_failover_may_change_the_zone_of_a_multi_az_instance():
    state = {**STATE, "multi_az": True}
    found = look({**LIVE, "MultiAZ": True, "AvailabilityZone": "eu-west-1b"}, state)
    assert (found.kinds, found.suppressed) == (["none"], ["availability_zone"])


@pytest.mark.parametrize(
    ("key", "value", "told", "declaration"),
    [
        ("DBInstanceClass", "db.r5.large", "instance_class", "db.r5.large"),
        ("AllocatedStorage", 500, "allocated_storage", 500),
        ("BackupRetentionPeriod", 1, "backup_retention_period", 1),
        ("MultiAZ", True, "multi_az", True),
        ("Port", 3307, "port", 3307),
        ("DBSubnetGroupName", "public", "db_subnet_group_name", "public"),
        ("EngineVersion", "8.4.1", "engine_version_actual", "8.4.1"),
        ("IAMDatabaseAuthenticationEnabled", True, "iam_database_authentication_enabled", True),
    ],
)
def test_a_pending_change_counts_as_made(key: str, value: object, told: str, declaration: object):
    live = {**LIVE, "PendingModifiedValues": {key: value, "MasterUserPassword": "****"}}
    assert look(live).paths == [told.removesuffix("_actual")]
    assert look(live, {**STATE, told: declaration}).kinds == ["none"]


def test_a_database_of_an_old_provider_is_found_by_its_identifier():
    state = {
        name: value for name, value in STATE.items() if name in ("port", "publicly_accessible")
    }
    assert look(state={**state, "id": "orders", "name": "orders"}).kinds == ["none"]
    assert look(state={"id": "orders", "identifier": "orders", "name": "x"}).paths == ["db_name"]


def test_a_replica_may_name_its_source_by_arn():
    live = {**LIVE, "ReadReplicaSourceDBInstanceIdentifier": "source"}
    state = {**STATE, "replicate_source_db": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:source"}
    assert look(live, state).kinds == ["none"]
    assert look(LIVE, state).paths == ["replicate_source_db"]


def test_a_database_being_deleted_is_missing():
    assert look(changed(LIVE, "DBInstanceStatus", "deleting")).kinds == ["missing"]


def test_members_of_a_cluster_are_not_unmanaged_instances():
    member = {**LIVE, "DBInstanceIdentifier": "aurora-1", "DBClusterIdentifier": "aurora"}
    by_hand = {**LIVE, "DBInstanceIdentifier": "copy"}
    assert look(others=(member, by_hand)).unmanaged_ids == ["copy"]


@mock_aws
def test_on_moto_a_database_opened_by_hand_is_told():
    rds = client("rds")
    made = {"DBInstanceClass": "db.t3.micro", "Engine": "mysql", "MasterUsername": "admin",
            "MasterUserPassword": "hunter2hunter2", "AllocatedStorage": 20}  # fmt: skip
    rds.create_db_instance(DBInstanceIdentifier="orders", DeletionProtection=True, **made)
    state = {"id": "db-X", "identifier": "orders", "publicly_accessible": False,
             "deletion_protection": True, "allocated_storage": 20, "port": 3306,
             "tags": {}, "tags_all": {}}  # fmt: skip
    resources = [declared("aws_db_instance", state)]
    clean = scan(resources, MotoReader())
    assert (clean.kinds, clean.unknown, clean.unmanaged_ids) == (["none"], [], [])
    rds.modify_db_instance(DBInstanceIdentifier="orders", PubliclyAccessible=True)
    rds.create_db_instance(DBInstanceIdentifier="copy", **made)
    drifted = scan(resources, MotoReader())
    assert (drifted.paths, drifted.unmanaged_ids) == (["publicly_accessible"], ["copy"])
    rds.modify_db_instance(DBInstanceIdentifier="orders", DeletionProtection=False)
    rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert scan(resources, MotoReader()).kinds == ["missing"]
