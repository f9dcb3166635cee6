"""The names of all inline policies of an IAM user, and no others.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user_policies_exclusive
"""

from __future__ import annotations

from driftguard.parts.iam_exclusive import exclusive_inline_type

TYPE = exclusive_inline_type("aws_iam_user_policies_exclusive", "user", __doc__)
