"""An EBS volume that stands for itself.

A volume that is attached to an instance and that nobody declared is told with
its instance (``ebs_block_device``), so it is no unmanaged volume.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import BOOLEAN, INTEGER, TEXT, WORD
from driftguard.errors import CanonicalError
from driftguard.model import Declared, Item, Severity
from driftguard.parts.shapes import objects
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html"


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("id") or declared.id)


def _attached(item: Item) -> str | None:
    try:
        attachments = objects(item.raw.get("Attachments"))
    except CanonicalError:
        return None  # then it is told, not left out
    ids = [str(one.get("InstanceId")) for one in attachments]
    return f"a device of {ids[0]}, and compared with it" if ids else None


TYPE = ResourceType(
    name="aws_ebs_volume",
    collection="ec2.volumes",
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    severity_unmanaged=Severity.LOW,
    aws_default=_attached,
    describe=("size", "type", "encrypted", "availability_zone", "snapshot_id", "tags"),
    attributes=(
        Attribute(name="size", wire="Size", kind=INTEGER, note="In GiB."),
        Attribute(name="type", wire="VolumeType", kind=WORD),
        Attribute(
            name="iops",
            wire="Iops",
            kind=INTEGER,
            default=3000,
            default_source=_API,
            severity=Severity.LOW,
        ),
        Attribute(
            name="throughput",
            wire="Throughput",
            kind=INTEGER,
            default=125,
            default_source=_API,
            severity=Severity.LOW,
            note="In MiB/s.",
        ),
        Attribute(
            name="encrypted",
            wire="Encrypted",
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
        Attribute(name="multi_attach_enabled", wire="MultiAttachEnabled", kind=BOOLEAN),
        Attribute(
            name="availability_zone", wire="AvailabilityZone", kind=TEXT, forces_replacement=True
        ),
        Attribute(name="snapshot_id", wire="SnapshotId", kind=TEXT, forces_replacement=True),
        Attribute(name="outpost_arn", wire="OutpostArn", kind=TEXT, forces_replacement=True),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "region": "identity",
        "create_time": "computed",
        "volume_initialization_rate": "used while it is made from its snapshot, not after",
        "final_snapshot": "configuration only",
        "timeouts": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
