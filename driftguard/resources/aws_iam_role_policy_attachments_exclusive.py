"""All managed policies of an IAM role, and no others.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachments_exclusive
"""

from __future__ import annotations

from driftguard.parts.iam_exclusive import exclusive_attachments_type

TYPE = exclusive_attachments_type("aws_iam_role_policy_attachments_exclusive", "role", __doc__)
