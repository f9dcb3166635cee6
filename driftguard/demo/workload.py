"""What the company runs: a web server with its volume, a database, queues, a topic, its logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from driftguard.demo.cloud import ACCOUNT, REGION, Answer, Cloud
from driftguard.demo.identity import account_root, policy
from driftguard.demo.network import TAGS, ec2_arn, tag_list, tagged
from driftguard.demo.state import State
from driftguard.demo.storage import TRAIL_LOGS

PASSWORD = "a-password-that-is-never-told"  # noqa: S105  # of a database that does not exist


def build_workload(cloud: Cloud, state: State, network: Mapping[str, str], key: str) -> None:
    """Make the workload."""
    _server(cloud, state, network)
    _volume(cloud, state)
    _database(cloud, state, network)
    _queues(cloud, state)
    _topic(cloud, state)
    _logs(cloud, state, key)
    cloud.call("ec2", "enable_ebs_encryption_by_default")
    encrypted = {"id": "terraform-20240312101500000000000002", "enabled": True}
    state.declare("aws_ebs_encryption_by_default", "on", encrypted)


def _server(cloud: Cloud, state: State, network: Mapping[str, str]) -> None:
    images = cloud.call("ec2", "describe_images", Owners=["amazon"])["Images"]
    image = str(cast("list[Answer]", images)[0]["ImageId"])
    tags = {**TAGS, "Name": "web-1"}
    answer = cloud.call(
        "ec2",
        "run_instances",
        ImageId=image,
        InstanceType="t3.small",
        MinCount=1,
        MaxCount=1,
        SubnetId=network["subnet"],
        SecurityGroupIds=[network["web"]],
        MetadataOptions={"HttpTokens": "required", "HttpEndpoint": "enabled"},
        TagSpecifications=tagged("instance", tags),
    )
    server = str(cast("list[Answer]", answer["Instances"])[0]["InstanceId"])
    attributes = {
        "id": server,
        "arn": ec2_arn("instance", server),
        "ami": image,
        "instance_type": "t3.small",
        "subnet_id": network["subnet"],
        "vpc_security_group_ids": [network["web"]],
        "source_dest_check": True,
        "monitoring": False,
        "metadata_options": [{"http_tokens": "required", "http_endpoint": "enabled"}],
        "tags": tags,
        "tags_all": tags,
    }
    state.declare("aws_instance", "web", attributes, module="module.web")


def _volume(cloud: Cloud, state: State) -> None:
    tags = {**TAGS, "Name": "invoices-archive"}
    answer = cloud.call(
        "ec2",
        "create_volume",
        AvailabilityZone=f"{REGION}a",
        Size=20,
        VolumeType="gp3",
        Encrypted=True,
        TagSpecifications=tagged("volume", tags),
    )
    volume = str(answer["VolumeId"])
    attributes = {
        "id": volume,
        "arn": ec2_arn("volume", volume),
        "availability_zone": f"{REGION}a",
        "size": 20,
        "type": "gp3",
        "encrypted": True,
        "tags": tags,
        "tags_all": tags,
    }
    state.declare("aws_ebs_volume", "archive", attributes)


def _database(cloud: Cloud, state: State, network: Mapping[str, str]) -> None:
    cloud.call(
        "rds",
        "create_db_subnet_group",
        DBSubnetGroupName="shop",
        DBSubnetGroupDescription="The shop's database",
        SubnetIds=[network["subnet"], network["subnet_b"]],
    )
    answer = cloud.call(
        "rds",
        "create_db_instance",
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        AllocatedStorage=50,
        MasterUsername="shop",
        MasterUserPassword=PASSWORD,
        VpcSecurityGroupIds=[network["db"]],
        DBSubnetGroupName="shop",
        StorageEncrypted=True,
        BackupRetentionPeriod=14,
        DeletionProtection=True,
        PubliclyAccessible=False,
        Tags=tag_list(TAGS),
    )
    made = cast("Answer", answer["DBInstance"])
    attributes = {
        "id": made.get("DbiResourceId") or "shop",
        "identifier": "shop",
        "arn": made["DBInstanceArn"],
        "engine": "postgres",
        "engine_version": made["EngineVersion"],
        "engine_version_actual": made["EngineVersion"],
        "instance_class": "db.t3.medium",
        "allocated_storage": 50,
        "username": "shop",
        "password": PASSWORD,
        "vpc_security_group_ids": [network["db"]],
        "db_subnet_group_name": "shop",
        "storage_encrypted": True,
        "backup_retention_period": 14,
        "deletion_protection": True,
        "publicly_accessible": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_db_instance", "shop", attributes, secret=("password",))


def _queues(cloud: Cloud, state: State) -> None:
    dead = _queue(cloud, state, "orders-dead", "orders_dead", {"MessageRetentionPeriod": "1209600"})
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-dead"
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    _queue(cloud, state, "orders", "orders", {"RedrivePolicy": redrive})
    document = policy(
        {
            "Effect": "Allow",
            "Principal": account_root(),
            "Action": "sqs:*",
            "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-dead",
        }
    )
    cloud.call("sqs", "set_queue_attributes", QueueUrl=dead, Attributes={"Policy": document})
    state.declare(
        "aws_sqs_queue_policy", "orders_dead", {"id": dead, "queue_url": dead, "policy": document}
    )


def _queue(cloud: Cloud, state: State, queue: str, name: str, wire: dict[str, str]) -> str:
    answer = cloud.call("sqs", "create_queue", QueueName=queue, Attributes=wire, tags=TAGS)
    url = str(answer["QueueUrl"])
    attributes = {
        "id": url,
        "url": url,
        "name": queue,
        "arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
        "visibility_timeout_seconds": 30,
        "message_retention_seconds": int(wire.get("MessageRetentionPeriod", 345600)),
        "delay_seconds": 0,
        "receive_wait_time_seconds": 0,
        "redrive_policy": wire.get("RedrivePolicy", ""),
        "fifo_queue": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_sqs_queue", name, attributes)
    return url


def _topic(cloud: Cloud, state: State) -> None:
    answer = cloud.call("sns", "create_topic", Name="incidents", Tags=tag_list(TAGS))
    arn = str(answer["TopicArn"])
    attributes = {
        "id": arn,
        "arn": arn,
        "name": "incidents",
        "display_name": "",
        "fifo_topic": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_sns_topic", "incidents", attributes)


def _logs(cloud: Cloud, state: State, key: str) -> None:
    cloud.call("logs", "create_log_group", logGroupName="/shop/web", tags=TAGS)
    cloud.call("logs", "put_retention_policy", logGroupName="/shop/web", retentionInDays=90)
    group = {
        "id": "/shop/web",
        "name": "/shop/web",
        "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/shop/web",
        "retention_in_days": 90,
        "skip_destroy": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_cloudwatch_log_group", "web", group)
    answer = cloud.call(
        "cloudtrail",
        "create_trail",
        Name="company",
        S3BucketName=TRAIL_LOGS,
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
        TagsList=tag_list(TAGS),
    )
    cloud.call("cloudtrail", "start_logging", Name="company")
    trail = {
        "id": answer["TrailARN"],
        "arn": answer["TrailARN"],
        "name": "company",
        "home_region": REGION,
        "s3_bucket_name": TRAIL_LOGS,
        "s3_key_prefix": "",
        "is_multi_region_trail": True,
        "include_global_service_events": True,
        "enable_log_file_validation": True,
        "enable_logging": True,
        "is_organization_trail": False,
        "kms_key_id": key,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_cloudtrail", "company", trail)
