"""EC2 instances with their volumes, their credit option and what is asked one by one.

Bulk: DescribeInstances, and where instances are declared DescribeVolumes and
DescribeInstanceCreditSpecifications. Four facts exist only one call per
instance and attribute (DescribeInstanceAttribute); they are asked for declared
instances alone. An instance that is terminated, or on its way there, is not
there any more, though AWS lists it for another hour.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from driftguard.live.ec2_details import Detail, Details
from driftguard.live.reader import Listing, Pages, Reader, Wanted
from driftguard.model import Item, Unreadable

Raw = Mapping[str, object]

_GONE = frozenset({"terminated", "shutting-down"})
# A Spot instance refuses the stop and termination attributes: it has none.
_REFUSED = ("UnsupportedOperation",)
_DETAILS = tuple(
    Detail(
        operation="DescribeInstanceAttribute",
        id_parameter="InstanceId",
        attribute=key[0].lower() + key[1:],
        key=key,
        absent=_REFUSED,
    )
    for key in (
        "DisableApiStop",
        "DisableApiTermination",
        "InstanceInitiatedShutdownBehavior",
        "UserData",
    )
)


class Instances:
    """Instances by id; ``Volumes`` holds the attached volumes, ``CpuCredits`` the credit option."""

    name = "ec2.instances"
    is_global = False
    permissions = (
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstances",
        "ec2:DescribeVolumes",
    )

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call; for declared instances two more, and four calls each."""
        reservations = reader.pages("ec2", "DescribeInstances", "Reservations")
        items = {item.id: item for item in _items(reservations)}
        declared = items.keys() & wanted.ids
        if declared:
            details = Details()
            for detail in _DETAILS:
                details.ask(reader, detail, declared, among=len(items))
            _add_volumes(reader, details, [items[one] for one in declared])
            _add_credits(reader, details, declared)
            items |= {one: details.add_to(items[one]) for one in declared}
        return Listing(items=items, failure=reservations.failure)


def _items(reservations: Pages) -> Iterator[Item]:
    for reservation in reservations.items:
        for instance in cast("list[Raw]", reservation.get("Instances") or ()):
            state = cast("Raw", instance.get("State") or {})
            if state.get("Name") not in _GONE:
                yield Item(id=str(instance["InstanceId"]), raw=instance)


def _add_volumes(reader: Reader, details: Details, declared: Collection[Item]) -> None:
    """Hang the volumes of each instance under it, as DescribeVolumes shows them.

    A volume that the instance names and DescribeVolumes does not (a filtered
    recording, a volume made this moment) makes all of them unknown.
    """
    volumes = reader.pages("ec2", "DescribeVolumes", "Volumes")
    known = {str(volume.get("VolumeId")): volume for volume in volumes.items}
    for item in declared:
        attached = _volume_ids(item)
        lacking = [one for one in attached if one not in known]
        if lacking:
            failure = volumes.failure or Unreadable(
                reason=f"DescribeVolumes does not list {lacking[0]}", retryable=True
            )
            details.unread.setdefault(item.id, {})["Volumes"] = failure
        found = [known[one] for one in attached if one in known]
        details.raw.setdefault(item.id, {})["Volumes"] = found


def _volume_ids(item: Item) -> list[str]:
    mappings = cast("list[Raw]", item.raw.get("BlockDeviceMappings") or ())
    devices = [cast("Raw", mapping.get("Ebs") or {}) for mapping in mappings]
    return [str(device["VolumeId"]) for device in devices if device.get("VolumeId")]


def _add_credits(reader: Reader, details: Details, declared: Collection[str]) -> None:
    """Asked in bulk AWS names the instances that are, or once were, ``unlimited``.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceCreditSpecifications.html
    """
    credit = reader.pages(
        "ec2", "DescribeInstanceCreditSpecifications", "InstanceCreditSpecifications"
    )
    known = {str(one.get("InstanceId")): one.get("CpuCredits") for one in credit.items}
    for one in declared:
        details.raw.setdefault(one, {})["CpuCredits"] = known.get(one, "standard")
        if credit.failure:
            details.unread.setdefault(one, {})["CpuCredits"] = credit.failure
