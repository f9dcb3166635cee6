"""The names of all inline policies of an IAM role, and no others.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policies_exclusive
"""

from __future__ import annotations

from driftguard.parts.iam_exclusive import exclusive_inline_type

TYPE = exclusive_inline_type("aws_iam_role_policies_exclusive", "role", __doc__)
