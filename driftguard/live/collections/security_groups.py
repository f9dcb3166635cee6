"""EC2 security groups with their rules.

DescribeSecurityGroups has every rule by value; DescribeSecurityGroupRules adds
each rule's own id and tags, which split-style rules need. Where the second
can't be read, rules are still compared, by value.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
"""

from __future__ import annotations

from collections import defaultdict

from driftguard.live.reader import Listing, Pages, Reader, Wanted
from driftguard.model import Item, Unreadable


class SecurityGroups:
    """Groups by id; the key ``Rules`` holds the group's DescribeSecurityGroupRules."""

    name = "ec2.security_groups"
    is_global = False
    permissions = ("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """Two bulk calls, whatever the number of groups."""
        groups = reader.pages("ec2", "DescribeSecurityGroups", "SecurityGroups")
        rules = reader.pages("ec2", "DescribeSecurityGroupRules", "SecurityGroupRules")
        by_group = _by_group(rules)
        unread: dict[str, Unreadable] = {"Rules": rules.failure} if rules.failure else {}
        items = {}
        for group in groups.items:
            group_id = str(group["GroupId"])
            raw = {**group, "Rules": by_group[group_id]}
            items[group_id] = Item(id=group_id, raw=raw, unread=unread)
        return Listing(items=items, failure=groups.failure)


def _by_group(rules: Pages) -> defaultdict[str, list[object]]:
    by_group: defaultdict[str, list[object]] = defaultdict(list)
    for rule in rules.items:
        by_group[str(rule.get("GroupId"))].append(rule)
    return by_group
