"""An inline policy of an IAM role.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy
"""

from __future__ import annotations

from driftguard.parts.iam_policies import inline_type

TYPE = inline_type("aws_iam_role_policy", "role", __doc__)
