"""Instances, volumes and the region's default encryption of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRINGS,
    TAGS,
    Schema,
    computed,
    either,
    one,
    optional,
    required,
)
from tests.terraform_provider.services.networks import tag_specification
from tests.terraform_provider.wire import Values


class Instance:
    name = "aws_instance"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "ami": either(),
        "arn": computed(),
        "availability_zone": either(),
        "disable_api_termination": either(BOOL),
        "ebs_optimized": either(BOOL),
        "iam_instance_profile": either(),
        "instance_initiated_shutdown_behavior": either(),
        "instance_state": computed(),
        "instance_type": either(),
        "key_name": either(),
        "monitoring": either(BOOL),
        "private_ip": either(),
        "public_ip": computed(),
        "source_dest_check": optional(BOOL, default=True),
        "subnet_id": either(),
        "tenancy": either(),
        "user_data": either(),
        "user_data_replace_on_change": optional(BOOL, default=False),
        "vpc_security_group_ids": either(STRINGS),
        "metadata_options": one(
            http_endpoint=either(),
            http_put_response_hop_limit=either(NUMBER),
            http_tokens=either(),
            instance_metadata_tags=either(),
        ),
        "root_block_device": one(
            delete_on_termination=optional(BOOL, default=True),
            device_name=computed(),
            encrypted=either(BOOL),
            iops=either(NUMBER),
            kms_key_id=either(),
            volume_id=computed(),
            volume_size=either(NUMBER),
            volume_type=either(),
        ),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked: Values = {
            "ImageId": wanted["ami"],
            "InstanceType": wanted["instance_type"],
            "SubnetId": wanted["subnet_id"],
            "SecurityGroupIds": wanted["vpc_security_group_ids"],
            "UserData": wanted["user_data"],
            "TagSpecifications": tag_specification("instance", wanted),
        }
        if wanted["iam_instance_profile"]:
            asked["IamInstanceProfile"] = {"Name": wanted["iam_instance_profile"]}
        for options in wanted["metadata_options"]:
            asked["MetadataOptions"] = {
                "HttpTokens": options["http_tokens"] or "optional",
                "HttpEndpoint": options["http_endpoint"] or "enabled",
            }
        made = aws.ec2.run_instances(
            MinCount=1, MaxCount=1, **{k: v for k, v in asked.items() if v}
        )
        id_ = str(made["Instances"][0]["InstanceId"])
        if wanted["disable_api_termination"]:
            aws.ec2.modify_instance_attribute(InstanceId=id_, DisableApiTermination={"Value": True})
        return id_

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(
            lambda: aws.ec2.describe_instances(InstanceIds=[id_]), "InvalidInstanceID.NotFound"
        )
        if answer is None:
            return None
        instance = answer["Reservations"][0]["Instances"][0]
        if instance["State"]["Name"] == "terminated":
            return None
        return {
            **self._facts(instance),
            "arn": aws.arn("ec2", f"instance/{id_}"),
            "disable_api_termination": self._told(aws, id_, "DisableApiTermination", default=False),
            "instance_initiated_shutdown_behavior": self._told(
                aws, id_, "InstanceInitiatedShutdownBehavior", default="stop"
            ),
            "user_data": _user_data(self._told(aws, id_, "UserData", default="")),
            "metadata_options": _metadata_options(instance.get("MetadataOptions")),
            "root_block_device": _root(aws, instance),
            **aws.tags(by_key(instance.get("Tags"))),
        }

    def _facts(self, instance: Any) -> Values:
        profile = instance.get("IamInstanceProfile", {}).get("Arn", "")
        return {
            "ami": instance["ImageId"],
            "availability_zone": instance["Placement"]["AvailabilityZone"],
            "ebs_optimized": instance.get("EbsOptimized", False),
            "iam_instance_profile": profile.rpartition("/")[2],
            "instance_state": instance["State"]["Name"],
            "instance_type": instance["InstanceType"],
            "key_name": instance.get("KeyName", ""),
            "monitoring": instance["Monitoring"]["State"] in {"enabled", "pending"},
            "private_ip": instance.get("PrivateIpAddress", ""),
            "public_ip": instance.get("PublicIpAddress", ""),
            "source_dest_check": instance.get("SourceDestCheck", True),
            "subnet_id": instance.get("SubnetId", ""),
            "tenancy": instance["Placement"].get("Tenancy", "default"),
            "vpc_security_group_ids": [one["GroupId"] for one in instance["SecurityGroups"]],
        }

    def _told(self, aws: Aws, id_: str, which: str, *, default: object) -> Any:
        name = which[0].lower() + which[1:]
        answer = aws.ec2.describe_instance_attribute(InstanceId=id_, Attribute=name)
        return answer.get(which, {}).get("Value", default)


def _user_data(encoded: str) -> str:
    """Return the digest that the state has in the place of user data (until provider 6)."""
    if not encoded:
        return ""
    return hashlib.sha1(base64.b64decode(encoded), usedforsecurity=False).hexdigest()


def _metadata_options(options: Any) -> list[Values]:
    return [
        {
            "http_endpoint": options["HttpEndpoint"],
            "http_put_response_hop_limit": options["HttpPutResponseHopLimit"],
            "http_tokens": options["HttpTokens"],
            "instance_metadata_tags": options.get("InstanceMetadataTags", ""),
        }
        for options in ([options] if options else [])
    ]


def _root(aws: Aws, instance: Any) -> list[Values]:
    for mapping in instance["BlockDeviceMappings"]:
        if mapping["DeviceName"] == instance["RootDeviceName"]:
            id_ = mapping["Ebs"]["VolumeId"]
            volume = aws.ec2.describe_volumes(VolumeIds=[id_])["Volumes"][0]
            return [
                {
                    "delete_on_termination": mapping["Ebs"]["DeleteOnTermination"],
                    "device_name": mapping["DeviceName"],
                    "encrypted": volume["Encrypted"],
                    "iops": volume.get("Iops", 0),
                    "kms_key_id": volume.get("KmsKeyId", ""),
                    "volume_id": id_,
                    "volume_size": volume["Size"],
                    "volume_type": volume["VolumeType"],
                }
            ]
    return []


class Volume:
    name = "aws_ebs_volume"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "availability_zone": required(),
        "encrypted": either(BOOL),
        "final_snapshot": optional(BOOL, default=False),
        "iops": either(NUMBER),
        "kms_key_id": either(),
        "multi_attach_enabled": optional(BOOL),
        "outpost_arn": optional(),
        "size": either(NUMBER),
        "snapshot_id": either(),
        "throughput": either(NUMBER),
        "type": either(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = {
            "AvailabilityZone": wanted["availability_zone"],
            "Encrypted": wanted["encrypted"],
            "Iops": wanted["iops"],
            "Size": wanted["size"],
            "VolumeType": wanted["type"],
            "TagSpecifications": tag_specification("volume", wanted),
        }
        made = aws.ec2.create_volume(**{key: value for key, value in asked.items() if value})
        return str(made["VolumeId"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(lambda: aws.ec2.describe_volumes(VolumeIds=[id_]), "InvalidVolume.NotFound")
        if answer is None:
            return None
        volume = answer["Volumes"][0]
        return {
            "arn": aws.arn("ec2", f"volume/{id_}"),
            "availability_zone": volume["AvailabilityZone"],
            "encrypted": volume["Encrypted"],
            "iops": volume.get("Iops") or 0,
            "kms_key_id": volume.get("KmsKeyId", ""),
            "multi_attach_enabled": volume.get("MultiAttachEnabled", False),
            "outpost_arn": "",
            "size": volume["Size"],
            "snapshot_id": volume.get("SnapshotId", ""),
            "throughput": volume.get("Throughput") or 0,
            "type": volume["VolumeType"],
            **aws.tags(by_key(volume.get("Tags"))),
        }


class EbsEncryptionByDefault:
    name = "aws_ebs_encryption_by_default"
    schema: ClassVar[Schema] = {**ID, "enabled": optional(BOOL, default=True)}

    def create(self, aws: Aws, wanted: Values) -> str:
        verb = "enable" if wanted["enabled"] else "disable"
        getattr(aws.ec2, f"{verb}_ebs_encryption_by_default")()
        return "terraform-20240101000000000000000001"

    def read(self, aws: Aws, state: Values) -> Values:
        answer = aws.ec2.get_ebs_encryption_by_default()
        return {"enabled": answer["EbsEncryptionByDefault"]}


RESOURCES = (Instance(), Volume(), EbsEncryptionByDefault())
