"""The public access block of a whole account: one small answer, in S3's control API.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
"""

from __future__ import annotations

from driftguard.live.reader import Answer, Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

_KEY = "PublicAccessBlockConfiguration"


class AccountPublicAccess:
    """The account by its id; without the key ``PublicAccessBlockConfiguration`` it has no block."""

    name = "s3control.account_public_access"
    is_global = True
    permissions = ("s3:GetAccountPublicAccessBlock",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """Ask for the scope's own account; another one's block can't be read from here."""
        own = reader.scope.account
        asked = {own} if own else wanted.ids
        answers = reader.each(
            "s3control",
            "GetPublicAccessBlock",
            {account: {"AccountId": account} for account in sorted(asked)},
            absent=("NoSuchPublicAccessBlockConfiguration",),
        )
        items = {account: _item(account, answer) for account, answer in answers.items()}
        for account in wanted.ids - asked:
            other = Unreadable(reason=f"it is of account {account}, and account {own} was read")
            items[account] = _item(account, other)
        return Listing(items=items)


def _item(account: str, answer: Answer) -> Item:
    if answer is None:
        return Item(id=account, raw={})
    if isinstance(answer, Unreadable):
        return Item(id=account, raw={}, unread={_KEY: answer})
    if not answer.get(_KEY):
        malformed = Unreadable(reason=f"S3's answer to GetPublicAccessBlock has no {_KEY}")
        return Item(id=account, raw={}, unread={_KEY: malformed})
    return Item(id=account, raw={_KEY: answer[_KEY]})
