"""Who has a managed policy: its roles, users and groups, by the policy's ARN.

Asked for declared ARNs alone: ``aws_iam_policy_attachment`` is the only type
that wants it, and a few of those are cheaper than every identity of the account.
Where the policy is a permissions boundary does not count.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.live.iam_words import NO_ENTITY
from driftguard.live.reader import Answer, Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

KEYS = ("PolicyGroups", "PolicyRoles", "PolicyUsers")

Params = Mapping[str, object]


class PolicyEntities:
    """The entities of each declared policy, attached as a permissions policy."""

    name = "iam.policy_entities"
    is_global = True
    permissions = ("iam:ListEntitiesForPolicy",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One call for each declared policy; three more where it has over 1000 entities."""
        requests: dict[str, Params] = {
            arn: {"PolicyArn": arn, "PolicyUsageFilter": "PermissionsPolicy", "MaxItems": 1000}
            for arn in wanted.ids
        }
        answers = reader.each("iam", "ListEntitiesForPolicy", requests, absent=NO_ENTITY)
        items = {}
        for arn, answer in answers.items():
            item = _item(reader, arn, answer, requests[arn])
            if item is not None:
                items[arn] = item
        return Listing(items=items, absent=wanted.ids - items.keys())


def _item(reader: Reader, arn: str, answer: Answer, params: Params) -> Item | None:
    if answer is None:
        return None
    if isinstance(answer, Unreadable):
        return Item(id=arn, raw={}, unread=dict.fromkeys(KEYS, answer))
    if not answer.get("IsTruncated"):
        return Item(id=arn, raw=answer)
    pages = {key: reader.pages("iam", "ListEntitiesForPolicy", key, params) for key in KEYS}
    unread = {key: page.failure for key, page in pages.items() if page.failure}
    return Item(id=arn, raw={key: page.items for key, page in pages.items()}, unread=unread)
