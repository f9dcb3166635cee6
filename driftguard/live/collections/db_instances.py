"""RDS database instances by identifier; one that is being deleted is not there any more.

Aurora, DocumentDB and Neptune answer here too, as members of a cluster.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
"""

from __future__ import annotations

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item


class DbInstances:
    """Instances by ``DBInstanceIdentifier``, as AWS answers them."""

    name = "rds.db_instances"
    is_global = False
    permissions = ("rds:DescribeDBInstances",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call."""
        instances = reader.pages("rds", "DescribeDBInstances", "DBInstances")
        items = {
            str(one["DBInstanceIdentifier"]): Item(id=str(one["DBInstanceIdentifier"]), raw=one)
            for one in instances.items
            if one.get("DBInstanceStatus") != "deleting"
        }
        return Listing(items=items, failure=instances.failure)
