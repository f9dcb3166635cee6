"""The policy of a bucket as a resource of its own.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_policy
"""

from __future__ import annotations

from driftguard.canonical.policy import POLICY
from driftguard.model import Severity
from driftguard.parts.s3_bucket import COLLECTION, IDENTITY, bucket_of, owns, part
from driftguard.resource_type import Attribute, ResourceType

TYPE = ResourceType(
    name="aws_s3_bucket_policy",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=owns("policy"),
    locate=part("Policy"),
    attributes=(Attribute(name="policy", wire="Policy", kind=POLICY, severity=Severity.HIGH),),
    not_compared=IDENTITY,
    doc=__doc__,
)
