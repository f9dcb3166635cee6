"""The account's password policy: one object, or none while AWS's default is in force.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from driftguard.live.iam_words import NO_ENTITY
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

ID = "iam-account-password-policy"


class PasswordPolicy:
    """The policy under the one id that it has."""

    name = "iam.password_policy"
    is_global = True
    permissions = ("iam:GetAccountPasswordPolicy",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One call."""
        answer = reader.call("iam", "GetAccountPasswordPolicy", absent=NO_ENTITY)
        if isinstance(answer, Unreadable):
            return Listing(failure=answer)
        if answer is None:
            return Listing()
        raw = cast("Mapping[str, object]", answer["PasswordPolicy"])
        return Listing(items={ID: Item(id=ID, raw=raw)})
