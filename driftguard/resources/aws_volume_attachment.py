"""A volume attached to an instance by a resource of its own.

It owns one device of the instance: that device is not the instance's drift.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/volume_attachment
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html
"""

from __future__ import annotations

from collections.abc import Iterator

from driftguard.canonical.kinds import TEXT
from driftguard.model import Declared, Item, Severity
from driftguard.ownership import Claim
from driftguard.parts.block_devices import INSTANCES, mappings
from driftguard.resource_type import Attribute, ResourceType


def _identify(declared: Declared) -> str:
    return str(declared.attributes.get("instance_id") or "")


def _claims(declared: Declared) -> Iterator[Claim]:
    names = ("device_name", "volume_id")
    yield Claim(
        collection=INSTANCES,
        id=_identify(declared),
        attribute="ebs_block_device",
        members=[{name: declared.attributes.get(name) for name in names}],
    )


def _locate(declared: Declared, item: Item) -> Item | None:
    volume = declared.attributes.get("volume_id")
    found = (one for one in mappings(item.raw) if one["volume_id"] == volume)
    mapped = next(found, None)
    return Item(id=item.id, raw=mapped) if mapped else None


TYPE = ResourceType(
    name="aws_volume_attachment",
    collection=INSTANCES,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.MEDIUM,
    unmanaged=None,
    claims=_claims,
    locate=_locate,
    attributes=(
        Attribute(name="device_name", wire="device_name", kind=TEXT, forces_replacement=True),
    ),
    not_compared={
        "id": "made by the provider",
        "region": "identity",
        "instance_id": "identity: says where to look",
        "volume_id": "identity: another volume is another attachment",
        "force_detach": "configuration only",
        "skip_destroy": "configuration only",
        "stop_instance_before_detaching": "configuration only",
        "timeouts": "configuration only",
    },
    doc=__doc__,
)
