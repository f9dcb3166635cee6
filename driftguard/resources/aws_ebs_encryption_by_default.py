"""Whether new EBS volumes of an account in a region are encrypted without asking.

There is one such switch everywhere, so it is never missing and, undeclared,
never unmanaged.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_encryption_by_default
https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import BOOLEAN
from driftguard.model import Severity
from driftguard.resource_type import Attribute, ResourceType

TYPE = ResourceType(
    name="aws_ebs_encryption_by_default",
    collection="ec2.ebs_encryption",
    identify=lambda _: "ebs-encryption-by-default",
    severity=Severity.HIGH,
    severity_missing=Severity.HIGH,
    unmanaged=None,
    attributes=(Attribute(name="enabled", wire="EbsEncryptionByDefault", kind=BOOLEAN),),
    not_compared={
        "id": "made by the provider",
        "region": "identity",
    },
    doc=__doc__,
)
