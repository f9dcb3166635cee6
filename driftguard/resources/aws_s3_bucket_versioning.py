"""The versioning of a bucket. Where it never had any, AWS says nothing: ``Disabled``.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import BOOLEAN, TEXT
from driftguard.model import Severity
from driftguard.parts.s3_bucket import (
    COLLECTION,
    EXPECTED_OWNER,
    IDENTITY,
    bucket_of,
    first,
    owns,
    part,
)
from driftguard.resource_type import Attribute, ResourceType


def _status(raw: Mapping[str, object]) -> object:
    return first(raw.get("Versioning")).get("Status") or "Disabled"


TYPE = ResourceType(
    name="aws_s3_bucket_versioning",
    collection=COLLECTION,
    identify=bucket_of,
    is_global=True,
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    claims=owns("versioning.enabled", "versioning.mfa_delete"),
    locate=part("Versioning", always=True),
    attributes=(
        Attribute(
            name="versioning_configuration.status",
            wire=_status,
            needs=("Versioning",),
            kind=TEXT,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="versioning_configuration.mfa_delete",
            wire="Versioning.MFADelete",
            kind=BOOLEAN,
            severity=Severity.HIGH,
        ),
    ),
    not_compared={**IDENTITY, **EXPECTED_OWNER, "mfa": "configuration only"},
    doc=__doc__,
)
