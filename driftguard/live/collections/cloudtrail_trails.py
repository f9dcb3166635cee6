"""CloudTrail trails: one bulk call, four details of each declared one, tags by twenty.

A trail that logs all regions is listed in each of them, and an organization's
trail in each member account. Such a replica has the key ``Shadow``: "region" or
"organization". It is the trail, seen from elsewhere, not another one.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetInsightSelectors.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from driftguard.live.in_detail import Detail, Raw, read_in_detail
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item, Scope, Unreadable

_TAGS_AT_ONCE = 20  # ListTags takes no more ids
_DETAILS = (
    Detail(key="Status", operation="GetTrailStatus", params=lambda arn, listed: {"Name": arn}),
    Detail(
        key="Selectors",
        operation="GetEventSelectors",
        params=lambda arn, listed: {"TrailName": arn},
    ),
    Detail(
        key="Insights",
        operation="GetInsightSelectors",
        params=lambda arn, listed: {"TrailName": arn},
        absent=("InsightNotEnabledException",),
    ),
)


class Trails:
    """Trails by ARN; declared ones have ``Status``, ``Selectors``, ``Insights`` and ``Tags``."""

    name = "cloudtrail.trails"
    is_global = False
    permissions = (
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetInsightSelectors",
        "cloudtrail:ListTags",
    )

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """List once; then three calls for each declared trail, and one for twenty's tags."""
        found = reader.pages("cloudtrail", "DescribeTrails", "trailList")
        listed = {
            str(trail["TrailARN"]): {**trail, "Shadow": _shadow(trail, reader.scope)}
            for trail in found.items
        }
        listing = read_in_detail(reader, "cloudtrail", listed, found.failure, wanted.ids, _DETAILS)
        tagged = dict(_tagged(reader, listing, sorted(wanted.ids & listed.keys())))
        return replace(listing, items={**listing.items, **tagged})


def _shadow(trail: Raw, scope: Scope) -> str:
    arn = str(trail["TrailARN"]).split(":")
    home = str(trail.get("HomeRegion") or arn[3])
    if scope.account and arn[4] != scope.account:
        return "organization"
    return "region" if home != scope.region else ""


def _tagged(reader: Reader, listing: Listing, asked: Sequence[str]) -> Iterator[tuple[str, Item]]:
    for start in range(0, len(asked), _TAGS_AT_ONCE):
        arns = asked[start : start + _TAGS_AT_ONCE]
        found = reader.pages("cloudtrail", "ListTags", "ResourceTagList", {"ResourceIdList": arns})
        tags = {str(one["ResourceId"]): one.get("TagsList") for one in found.items}
        for arn in arns:
            yield arn, _with_tags(listing.items[arn], tags, found.failure)


def _with_tags(item: Item, tags: Raw, failure: Unreadable | None) -> Item:
    if item.id in tags:
        return replace(item, raw={**item.raw, "Tags": tags[item.id]})
    missing = failure or Unreadable(reason="CloudTrail's answer to ListTags lacks the trail")
    return replace(item, unread={**item.unread, "Tags": missing})
