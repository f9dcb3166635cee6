"""EBS volumes. One that is being deleted is not there any more.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
"""

from __future__ import annotations

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item

_GONE = frozenset({"deleting", "deleted"})


class Volumes:
    """Volumes by id, as AWS answers them."""

    name = "ec2.volumes"
    is_global = False
    permissions = ("ec2:DescribeVolumes",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call."""
        volumes = reader.pages("ec2", "DescribeVolumes", "Volumes")
        items = {
            str(volume["VolumeId"]): Item(id=str(volume["VolumeId"]), raw=volume)
            for volume in volumes.items
            if volume.get("State") not in _GONE
        }
        return Listing(items=items, failure=volumes.failure)
