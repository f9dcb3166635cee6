"""Instances, volumes and databases."""

from __future__ import annotations

from typing import Any

from tests.terraform_provider.changes.change import Hands, changed, gone, made

_WEB, _DATA, _DB = "aws_instance.web", "aws_ebs_volume.data", "aws_db_instance.main"


def _instance(hands: Hands, **attribute: Any) -> None:
    hands.aws().ec2.modify_instance_attribute(InstanceId=hands.of(_WEB), **attribute)


def _metadata(hands: Hands) -> None:
    hands.aws().ec2.modify_instance_metadata_options(
        InstanceId=hands.of(_WEB), HttpTokens="optional", HttpEndpoint="enabled"
    )


def _other_group(hands: Hands) -> None:
    _instance(hands, Groups=[hands.of("aws_security_group.split")])


def _tags(hands: Hands, address: str) -> None:
    tags = [{"Key": "Name", "Value": "other"}]
    hands.aws().ec2.create_tags(Resources=[hands.of(address)], Tags=tags)


def _database(hands: Hands, **attribute: Any) -> None:
    hands.aws().rds.modify_db_instance(
        DBInstanceIdentifier="main", ApplyImmediately=True, **attribute
    )


def _launch(hands: Hands) -> None:
    hands.aws().ec2.run_instances(
        ImageId="ami-12c6146b",
        InstanceType="t3.micro",
        SubnetId=hands.of("aws_subnet.main"),
        MinCount=1,
        MaxCount=1,
    )


def _volume(hands: Hands) -> None:
    hands.aws().ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)


def _new_database(hands: Hands) -> None:
    hands.aws().rds.create_db_instance(
        DBInstanceIdentifier="by-hand",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="app",
        MasterUserPassword="not-a-real-one-3",
    )


CHANGES = (
    changed(_WEB, "metadata_options", "tokens not required", _metadata),
    changed(_WEB, "vpc_security_group_ids", "moved to another group", _other_group),
    changed(
        _WEB,
        "disable_api_termination",
        "protected",
        lambda h: _instance(h, DisableApiTermination={"Value": True}),
    ),
    changed(
        _WEB,
        "source_dest_check",
        "made a router",
        lambda h: _instance(h, SourceDestCheck={"Value": False}),
    ),
    changed(_WEB, "tags", "renamed", lambda h: _tags(h, _WEB)),
    gone(
        "aws_instance.gone",
        lambda h: h.aws().ec2.terminate_instances(InstanceIds=[h.of("aws_instance.gone")]),
    ),
    made("aws_instance", _launch),
    changed(
        _DATA, "size", "grown", lambda h: h.aws().ec2.modify_volume(VolumeId=h.of(_DATA), Size=16)
    ),
    changed(_DATA, "tags", "renamed", lambda h: _tags(h, _DATA)),
    gone(
        "aws_ebs_volume.gone",
        lambda h: h.aws().ec2.delete_volume(VolumeId=h.of("aws_ebs_volume.gone")),
    ),
    made("aws_ebs_volume", _volume),
    changed(
        "aws_ebs_encryption_by_default.this",
        "enabled",
        "switched off",
        lambda h: h.aws().ec2.disable_ebs_encryption_by_default(),
    ),
    changed(
        _DB,
        "publicly_accessible",
        "made public",
        lambda h: _database(h, PubliclyAccessible=True),
    ),
    changed(
        _DB,
        "backup_retention_period",
        "backups shortened",
        lambda h: _database(h, BackupRetentionPeriod=1),
    ),
    changed(
        _DB,
        "deletion_protection",
        "protected",
        lambda h: _database(h, DeletionProtection=True),
    ),
    changed(
        _DB,
        "instance_class",
        "grown",
        lambda h: _database(h, DBInstanceClass="db.t3.large"),
    ),
    gone(
        "aws_db_instance.gone",
        lambda h: h.aws().rds.delete_db_instance(
            DBInstanceIdentifier="gone", SkipFinalSnapshot=True
        ),
    ),
    made("aws_db_instance", _new_database),
)
