"""Whether new EBS volumes are encrypted: one switch per account and region.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsEncryptionByDefault.html
"""

from __future__ import annotations

from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

SWITCH = "ebs-encryption-by-default"
"""The id of the one item: AWS gives it none."""


class EbsEncryption:
    """The one item of the scope, as AWS answers it."""

    name = "ec2.ebs_encryption"
    is_global = False
    permissions = ("ec2:GetEbsEncryptionByDefault",)

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One call."""
        answer = reader.call("ec2", "GetEbsEncryptionByDefault")
        if isinstance(answer, Unreadable):
            return Listing(failure=answer)
        if answer is None or "EbsEncryptionByDefault" not in answer:
            return Listing(failure=Unreadable(reason="AWS's answer lacks EbsEncryptionByDefault"))
        return Listing(items={SWITCH: Item(id=SWITCH, raw=answer)})
