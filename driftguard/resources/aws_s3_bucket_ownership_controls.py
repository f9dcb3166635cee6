"""Who owns the objects of a bucket, and with that whether ACLs count at all.

New buckets have ``BucketOwnerEnforced`` since April 2023; where nobody declares
it there is no Terraform attribute that could differ.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_ownership_controls
"""

from __future__ import annotations

from driftguard.canonical.kinds import TEXT
from driftguard.model import Severity
from driftguard.parts.s3_bucket import COLLECTION, IDENTITY, bucket_of, part
from driftguard.resource_type import Attribute, ResourceType

TYPE = ResourceType(
    name="aws_s3_bucket_ownership_controls",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    locate=part("Ownership"),
    attributes=(
        Attribute(
            name="rule.object_ownership",
            wire="Ownership.Rules.ObjectOwnership",
            kind=TEXT,
            severity=Severity.HIGH,
        ),
    ),
    not_compared=IDENTITY,
    doc=__doc__,
)
