"""The public access block of a bucket.

One whose four switches are all off equals none at all.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block
"""

from __future__ import annotations

from driftguard.model import Severity
from driftguard.parts.s3_bucket import COLLECTION, IDENTITY, bucket_of
from driftguard.parts.s3_public_access import block, switches
from driftguard.resource_type import ResourceType

_KEY = "PublicAccessBlock"


TYPE = ResourceType(
    name="aws_s3_bucket_public_access_block",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    locate=block(_KEY),
    attributes=switches(_KEY, Severity.HIGH),
    not_compared={**IDENTITY, "skip_destroy": "configuration only"},
    doc=__doc__,
)
