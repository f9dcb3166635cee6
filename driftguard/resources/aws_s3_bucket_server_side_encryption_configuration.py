"""The default encryption of a bucket as a resource of its own.

On AWS a removed configuration comes back as SSE-S3, so its removal shows as a
changed algorithm where another one was declared.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration
"""

from __future__ import annotations

from driftguard.model import Severity
from driftguard.parts.s3_bucket import COLLECTION, EXPECTED_OWNER, IDENTITY, bucket_of, owns, part
from driftguard.parts.s3_encryption import blocked_types, encryption_attributes
from driftguard.resource_type import ResourceType

_INLINE = encryption_attributes("server_side_encryption_configuration.", mirror=True)


TYPE = ResourceType(
    name="aws_s3_bucket_server_side_encryption_configuration",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=owns(*(attribute.name for attribute in _INLINE)),
    locate=part("Encryption"),
    attributes=(*encryption_attributes("", mirror=False), blocked_types()),
    not_compared={**IDENTITY, **EXPECTED_OWNER},
    doc=__doc__,
)
