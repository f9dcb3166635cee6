"""The EBS volumes that an instance declares in its own blocks.

EC2 keeps one volume in two places: the instance's BlockDeviceMappings (device,
deletion) and DescribeVolumes (everything else). Both meet here in Terraform's
block. What an older provider's block does not hold is not compared; tags of a
block are the provider's ``volume_tags`` business where those are used.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceBlockDeviceMapping.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#ebs-ephemeral-and-root-block-devices
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from driftguard.canonical.freeze import Canonical, Fields
from driftguard.canonical.kinds import BOOLEAN, INTEGER, TAGS, TEXT, Blocks, Kind
from driftguard.model import Severity
from driftguard.parts.shapes import an_object, objects
from driftguard.resource_type import UNSET, Attribute

Raw = Mapping[str, object]
Block = dict[str, object]

INSTANCES = "ec2.instances"
EBS_BLOCKS = "EbsBlocks"
"""The raw key under which ``located`` leaves the blocks of the volumes that are not the root."""
_VOLUME_TAGS = "VolumeTags"

_FIELDS: Mapping[str, tuple[str, Kind]] = MappingProxyType(
    {
        "encrypted": ("Encrypted", BOOLEAN),
        "iops": ("Iops", INTEGER),
        "kms_key_id": ("KmsKeyId", TEXT),
        "snapshot_id": ("SnapshotId", TEXT),
        "throughput": ("Throughput", INTEGER),
        "volume_size": ("Size", INTEGER),
        "volume_type": ("VolumeType", TEXT),
        "tags": ("Tags", TAGS),
    }
)
_REPLACING = frozenset({"encrypted", "kms_key_id", "snapshot_id"})
_IDENTITY = ("device_name", "volume_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices(Blocks):
    """Block devices by device name; an attachment resource may own one of them."""

    def members(self, canonical: Canonical) -> frozenset[Canonical]:
        """Return the single devices."""
        pairs = canonical if isinstance(canonical, frozenset) else ()
        return frozenset(block for block, _ in cast("frozenset[tuple[Fields, int]]", pairs))

    def of(self, members: frozenset[Canonical]) -> Canonical:
        """Return the canonical value that has these devices."""
        return frozenset((member, 1) for member in members) or None

    def identity(self, member: Canonical) -> Canonical:
        """Return the device's name."""
        return member.get("device_name") if isinstance(member, Fields) else member


DEVICES = Devices(
    fields={
        "device_name": TEXT,
        "volume_id": TEXT,
        "delete_on_termination": BOOLEAN,
        **{name: kind for name, (_, kind) in _FIELDS.items()},
    },
    key=("device_name",),
)


def block_device_attributes() -> Iterator[Attribute]:
    """Yield ``root_block_device.*``, ``ebs_block_device`` and ``volume_tags``."""
    yield Attribute(
        name="root_block_device.delete_on_termination",
        wire=lambda raw: _root_mapped(raw).get("delete_on_termination"),
        needs=("BlockDeviceMappings",),
        declared=_in_root("delete_on_termination"),
        kind=BOOLEAN,
        severity=Severity.LOW,
    )
    for name, (_, kind) in _FIELDS.items():
        if name != "snapshot_id":  # a root volume's is its image's
            yield _root(name, kind)
    yield Attribute(
        name="ebs_block_device",
        wire=EBS_BLOCKS,
        needs=("Volumes",),
        declared=lambda attributes: [
            _declared_block(block, attributes) for block in blocks_of(attributes)
        ],
        kind=DEVICES,
        part=True,
        note="Every attached volume but the root, by device; `aws_volume_attachment` owns its own.",
    )
    yield Attribute(
        name="volume_tags",
        wire=_VOLUME_TAGS,
        needs=("Volumes",),
        declared=lambda attributes: attributes.get("volume_tags") or UNSET,
        kind=TAGS,
        severity=Severity.INFO,
        note="Compared where it is used; else each block's own tags are.",
    )


def _root(name: str, kind: Kind) -> Attribute:
    return Attribute(
        name=f"root_block_device.{name}",
        wire=lambda raw: _root_block(raw).get(name),
        needs=("Volumes", "BlockDeviceMappings"),
        declared=_root_tags if name == "tags" else _in_root(name),
        kind=kind,
        forces_replacement=name in _REPLACING,
        severity=Severity.INFO if name == "tags" else None,
    )


def blocks_of(attributes: Raw, name: str = "ebs_block_device") -> list[Raw]:
    """Return the blocks of one name as the state holds them."""
    return [block for block in objects(attributes.get(name)) if block]


def _in_root(name: str) -> Callable[[Raw], object]:
    def declared(attributes: Raw) -> object:
        blocks = blocks_of(attributes, "root_block_device")
        return blocks[0].get(name, UNSET) if blocks else UNSET

    return declared


def _root_tags(attributes: Raw) -> object:
    blocks = blocks_of(attributes, "root_block_device")
    return _block_tags(blocks[0], attributes) if blocks else UNSET


def _block_tags(block: Raw, attributes: Raw) -> object:
    if attributes.get("volume_tags") or "tags" not in block:
        return UNSET
    return block["tags"] if block.get("tags_all") is None else block["tags_all"]


def _declared_block(block: Raw, attributes: Raw) -> Block:
    found = {name: value for name, value in block.items() if name in DEVICES.fields}
    tags = _block_tags(block, attributes)
    return {**found, "tags": None if tags is UNSET else tags}


def located(attributes: Raw, raw: Raw) -> Raw:
    """Return the live item with the blocks that its declaration asks about."""
    asked = {str(block.get("device_name")): block for block in blocks_of(attributes)}
    blocks = []
    for mapped in mappings(raw):
        if not _is_root(raw, mapped):
            live, block = _joined(raw, mapped), asked.get(str(mapped["device_name"]))
            blocks.append(live if block is None else _alike(live, block, attributes))
    return {**raw, EBS_BLOCKS: blocks, _VOLUME_TAGS: _all_tags(attributes, raw)}


def _alike(live: Block, declared: Raw, attributes: Raw) -> Block:
    """Keep of a live block what the declared block, of its provider's age, speaks of."""
    kept = {name: value for name, value in live.items() if name in declared}
    if _block_tags(declared, attributes) is UNSET:
        kept.pop("tags", None)
    return kept


def mappings(raw: Raw) -> Iterator[Block]:
    """Yield an instance's own account of each EBS volume attached to it."""
    for mapping in objects(raw.get("BlockDeviceMappings")):
        device = an_object(mapping.get("Ebs"))
        if device:
            yield {
                "device_name": mapping.get("DeviceName"),
                "volume_id": device.get("VolumeId"),
                "delete_on_termination": device.get("DeleteOnTermination"),
            }


def _is_root(raw: Raw, mapped: Block) -> bool:
    return mapped["device_name"] == raw.get("RootDeviceName")


def _root_mapped(raw: Raw) -> Block:
    return next((mapped for mapped in mappings(raw) if _is_root(raw, mapped)), {})


def _root_block(raw: Raw) -> Block:
    mapped = _root_mapped(raw)
    return _joined(raw, mapped) if mapped else {}


def _joined(raw: Raw, mapped: Block) -> Block:
    volume = _volumes(raw).get(str(mapped["volume_id"]), {})
    return {**mapped, **{name: volume.get(wire) for name, (wire, _) in _FIELDS.items()}}


def _volumes(raw: Raw) -> dict[str, Raw]:
    volumes = objects(raw.get("Volumes"))
    return {str(volume.get("VolumeId")): volume for volume in volumes}


def _all_tags(attributes: Raw, raw: Raw) -> object:
    """Return the tags of all declared volumes together, as the provider reads ``volume_tags``."""
    blocks = [*blocks_of(attributes, "root_block_device"), *blocks_of(attributes)]
    declared = {str(block.get("volume_id")) for block in blocks}
    values: dict[str, set[str]] = {}
    for volume_id, volume in _volumes(raw).items():
        if volume_id in declared:
            for tag in objects(volume.get("Tags")):
                values.setdefault(str(tag.get("Key")), set()).add(str(tag.get("Value")))
    return {name: " | ".join(sorted(found)) for name, found in values.items()}
