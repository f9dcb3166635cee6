"""The public access block of a whole account, over those of its buckets.

One whose four switches are all off equals none at all. Every account has one
or none, so it is never unmanaged by itself.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_account_public_access_block
"""

from __future__ import annotations

from driftguard.model import Declared, Severity
from driftguard.parts.s3_public_access import block, switches
from driftguard.resource_type import ResourceType

_KEY = "PublicAccessBlockConfiguration"


def _identify(declared: Declared) -> str:
    account = declared.attributes.get("account_id") or declared.id
    return str(account or declared.scope.account)


TYPE = ResourceType(
    name="aws_s3_account_public_access_block",
    collection="s3control.account_public_access",
    identify=_identify,
    is_global=True,
    severity=Severity.CRITICAL,
    severity_missing=Severity.CRITICAL,
    unmanaged=None,
    locate=block(_KEY),
    attributes=switches(_KEY, Severity.CRITICAL),
    not_compared={"id": "identity", "account_id": "identity: says where to look"},
    doc=__doc__,
)
