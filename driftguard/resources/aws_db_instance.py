"""An RDS database instance.

A pending change counts as made. Minor upgrades, storage autoscaling and the
zone of a Multi-AZ instance are AWS's own to change where the declaration lets
it. Members of a cluster (Aurora) are `aws_rds_cluster_instance`, not unmanaged
instances.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, WORD, SetOf
from driftguard.model import Declared, Item, Severity
from driftguard.parts import database
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import UNSET, Attribute, ResourceType

Raw = Mapping[str, object]
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
_PENDING = ("PendingModifiedValues",)


def _identify(declared: Declared) -> str:
    """Return the identifier; from provider 5 on the state's id is the ``db-…`` resource id."""
    return str(declared.attributes.get("identifier") or declared.id)


def _stands_alone(item: Item) -> bool:
    return not item.raw.get("DBClusterIdentifier")


def _db_name(attributes: Raw) -> object:
    """Return the database's name: provider 3 calls it ``name``, provider 4 has both."""
    return attributes.get("db_name") or attributes.get("name", attributes.get("db_name", UNSET))


def _source(value: object) -> object:
    """Return the identifier; a state may hold the ARN of an instance of the same region."""
    return value.rsplit(":", 1)[-1] if isinstance(value, str) else value


def _subnet_group(raw: Raw) -> object:
    pending = raw.get("PendingModifiedValues")
    asked = pending.get("DBSubnetGroupName") if isinstance(pending, Mapping) else None
    group = raw.get("DBSubnetGroup")
    return asked or (group.get("DBSubnetGroupName") if isinstance(group, Mapping) else None)


TYPE = ResourceType(
    name="aws_db_instance",
    collection="rds.db_instances",
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.CRITICAL,
    severity_unmanaged=Severity.MEDIUM,
    unmanaged=_stands_alone,
    describe=("engine", "engine_version", "instance_class", "publicly_accessible", "tags"),
    attributes=(
        Attribute(name="identifier", wire="DBInstanceIdentifier", kind=TEXT),
        Attribute(
            name="publicly_accessible",
            wire="PubliclyAccessible",
            kind=BOOLEAN,
            severity=Severity.CRITICAL,
        ),
        Attribute(
            name="vpc_security_group_ids",
            wire=lambda raw: database.standing(raw, "VpcSecurityGroups", "VpcSecurityGroupId"),
            kind=SetOf(),
            needs=("VpcSecurityGroups",),
            severity=Severity.HIGH,
        ),
        Attribute(
            name="storage_encrypted",
            wire="StorageEncrypted",
            kind=BOOLEAN,
            forces_replacement=True,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="kms_key_id",
            wire="KmsKeyId",
            kind=TEXT,
            forces_replacement=True,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="deletion_protection",
            wire="DeletionProtection",
            kind=BOOLEAN,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="backup_retention_period",
            wire=database.asked_for("BackupRetentionPeriod"),
            kind=INTEGER,
            needs=("BackupRetentionPeriod", *_PENDING),
            note="In days; 0 turns backups off.",
            severity=Severity.HIGH,
        ),
        Attribute(
            name="iam_database_authentication_enabled",
            wire=database.asked_for("IAMDatabaseAuthenticationEnabled"),
            kind=BOOLEAN,
            needs=("IAMDatabaseAuthenticationEnabled", *_PENDING),
            severity=Severity.HIGH,
        ),
        Attribute(
            name="enabled_cloudwatch_logs_exports",
            wire="EnabledCloudwatchLogsExports",
            kind=SetOf(),
            severity=Severity.MEDIUM,
        ),
        Attribute(
            name="ca_cert_identifier",
            wire=database.asked_for("CACertificateIdentifier"),
            kind=TEXT,
            needs=("CACertificateIdentifier", *_PENDING),
        ),
        Attribute(name="engine", wire="Engine", kind=WORD, forces_replacement=True),
        Attribute(
            name="engine_version",
            wire=database.asked_for("EngineVersion"),
            kind=TEXT,
            needs=("EngineVersion", *_PENDING),
            declared=database.declared_version,
            accept=database.version_allowed,
            note="Against `engine_version_actual`: a declared version may be a prefix.",
        ),
        Attribute(
            name="instance_class",
            wire=database.asked_for("DBInstanceClass"),
            kind=WORD,
            needs=("DBInstanceClass", *_PENDING),
        ),
        Attribute(
            name="multi_az",
            wire=database.asked_for("MultiAZ"),
            kind=BOOLEAN,
            needs=("MultiAZ", *_PENDING),
        ),
        Attribute(
            name="availability_zone",
            wire="AvailabilityZone",
            kind=TEXT,
            accept=database.zone_allowed,
            forces_replacement=True,
            severity=Severity.LOW,
        ),
        Attribute(
            name="allocated_storage",
            wire=database.asked_for("AllocatedStorage"),
            kind=INTEGER,
            needs=("AllocatedStorage", *_PENDING),
            accept=database.storage_allowed,
            note="In GiB.",
        ),
        Attribute(
            name="max_allocated_storage",
            wire="MaxAllocatedStorage",
            kind=INTEGER,
            severity=Severity.LOW,
        ),
        Attribute(
            name="storage_type",
            wire=database.asked_for("StorageType"),
            kind=WORD,
            needs=("StorageType", *_PENDING),
            severity=Severity.LOW,
        ),
        Attribute(
            name="iops",
            wire=database.asked_for("Iops"),
            kind=INTEGER,
            needs=("Iops", *_PENDING),
            severity=Severity.LOW,
        ),
        Attribute(
            name="storage_throughput",
            wire=database.asked_for("StorageThroughput"),
            kind=INTEGER,
            needs=("StorageThroughput", *_PENDING),
            severity=Severity.LOW,
        ),
        Attribute(
            name="dedicated_log_volume",
            wire=database.asked_for("DedicatedLogVolume"),
            kind=BOOLEAN,
            needs=("DedicatedLogVolume", *_PENDING),
            severity=Severity.LOW,
        ),
        Attribute(
            name="parameter_group_name",
            wire=database.first_standing("DBParameterGroups", "DBParameterGroupName"),
            kind=TEXT,
            needs=("DBParameterGroups",),
        ),
        Attribute(
            name="option_group_name",
            wire=database.first_standing("OptionGroupMemberships", "OptionGroupName"),
            kind=TEXT,
            needs=("OptionGroupMemberships",),
        ),
        Attribute(
            name="db_subnet_group_name",
            wire=_subnet_group,
            kind=TEXT,
            needs=("DBSubnetGroup", *_PENDING),
        ),
        Attribute(
            name="network_type",
            wire="NetworkType",
            kind=WORD,
            default="IPV4",
            default_source=f"{_API}API_CreateDBInstance.html",
        ),
        Attribute(
            name="port",
            wire=database.port,
            kind=INTEGER,
            needs=("Endpoint", "DbInstancePort", *_PENDING),
        ),
        Attribute(name="username", wire="MasterUsername", kind=TEXT, forces_replacement=True),
        Attribute(
            name="db_name", wire="DBName", kind=TEXT, declared=_db_name, forces_replacement=True
        ),
        Attribute(
            name="license_model",
            wire=database.asked_for("LicenseModel"),
            kind=WORD,
            needs=("LicenseModel", *_PENDING),
            severity=Severity.LOW,
        ),
        Attribute(
            name="auto_minor_version_upgrade",
            wire="AutoMinorVersionUpgrade",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="backup_window", wire="PreferredBackupWindow", kind=WORD, severity=Severity.LOW
        ),
        Attribute(
            name="maintenance_window",
            wire="PreferredMaintenanceWindow",
            kind=WORD,
            severity=Severity.LOW,
        ),
        Attribute(
            name="backup_target",
            wire="BackupTarget",
            kind=WORD,
            default="region",
            default_source=f"{_API}API_CreateDBInstance.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="copy_tags_to_snapshot",
            wire="CopyTagsToSnapshot",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="monitoring_interval",
            wire="MonitoringInterval",
            kind=INTEGER,
            note="In seconds; 0 is off.",
            severity=Severity.LOW,
        ),
        Attribute(name="monitoring_role_arn", wire="MonitoringRoleArn", kind=TEXT),
        Attribute(
            name="performance_insights_enabled",
            wire="PerformanceInsightsEnabled",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="performance_insights_kms_key_id", wire="PerformanceInsightsKMSKeyId", kind=TEXT
        ),
        Attribute(
            name="performance_insights_retention_period",
            wire="PerformanceInsightsRetentionPeriod",
            kind=INTEGER,
            severity=Severity.LOW,
        ),
        Attribute(
            name="database_insights_mode",
            wire="DatabaseInsightsMode",
            kind=WORD,
            default="standard",
            default_source=f"{_API}API_DBInstance.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="engine_lifecycle_support",
            wire="EngineLifecycleSupport",
            kind=WORD,
            default="open-source-rds-extended-support",
            default_source=f"{_API}API_CreateDBInstance.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="manage_master_user_password",
            wire=lambda raw: bool(raw.get("MasterUserSecret")),
            kind=BOOLEAN,
            needs=("MasterUserSecret",),
        ),
        Attribute(
            name="master_user_secret_kms_key_id",
            wire="MasterUserSecret.KmsKeyId",
            kind=TEXT,
            declared=lambda attributes: attributes.get("master_user_secret_kms_key_id") or UNSET,
            note="Where it is declared; else AWS takes its own key.",
        ),
        Attribute(
            name="replicate_source_db",
            wire=lambda raw: _source(raw.get("ReadReplicaSourceDBInstanceIdentifier")),
            kind=TEXT,
            needs=("ReadReplicaSourceDBInstanceIdentifier",),
            declared=lambda attributes: _source(attributes.get("replicate_source_db", UNSET)),
            severity=Severity.HIGH,
        ),
        Attribute(name="replica_mode", wire="ReplicaMode", kind=WORD, severity=Severity.LOW),
        Attribute(name="domain", wire="DomainMemberships.Domain", kind=TEXT),
        Attribute(name="domain_iam_role_name", wire="DomainMemberships.IAMRoleName", kind=TEXT),
        Attribute(name="domain_auth_secret_arn", wire="DomainMemberships.AuthSecretArn", kind=TEXT),
        Attribute(name="domain_fqdn", wire="DomainMemberships.FQDN", kind=WORD),
        Attribute(name="domain_ou", wire="DomainMemberships.OU", kind=TEXT),
        Attribute(name="domain_dns_ips", wire="DomainMemberships.DnsIps", kind=SetOf()),
        Attribute(name="custom_iam_instance_profile", wire="CustomIamInstanceProfile", kind=TEXT),
        Attribute(
            name="customer_owned_ip_enabled",
            wire="CustomerOwnedIpEnabled",
            kind=BOOLEAN,
            severity=Severity.LOW,
        ),
        Attribute(
            name="character_set_name", wire="CharacterSetName", kind=TEXT, forces_replacement=True
        ),
        Attribute(
            name="nchar_character_set_name",
            wire="NcharCharacterSetName",
            kind=TEXT,
            forces_replacement=True,
        ),
        Attribute(name="timezone", wire="Timezone", kind=TEXT, forces_replacement=True),
        tags_attribute("TagList"),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "region": "identity",
        "resource_id": "identity",
        "identifier_prefix": "configuration only: `identifier` holds what it made",
        "name": "compared as `db_name`",
        "engine_version_actual": "compared as `engine_version`",
        "address": "computed",
        "endpoint": "computed",
        "hosted_zone_id": "computed",
        "latest_restorable_time": "computed",
        "listener_endpoint": "computed",
        "master_user_secret": "computed",
        "replicas": "computed: each replica is an instance of its own",
        "status": "computed",
        "security_group_names": "retired by AWS with EC2-Classic",
        "password": "a secret, and AWS does not show it",
        "password_wo": "a secret, and AWS does not show it",
        "password_wo_version": "configuration only",
        "allow_major_version_upgrade": "configuration only",
        "apply_immediately": "configuration only",
        "blue_green_update": "configuration only",
        "delete_automated_backups": "configuration only",
        "final_snapshot_identifier": "configuration only",
        "skip_final_snapshot": "configuration only",
        "timeouts": "configuration only",
        "upgrade_storage_config": "configuration only",
        "restore_to_point_in_time": "used when it is made",
        "s3_import": "used when it is made",
        "snapshot_identifier": "used when it is made",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
