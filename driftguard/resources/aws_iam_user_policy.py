"""An inline policy of an IAM user.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user_policy
"""

from __future__ import annotations

from driftguard.parts.iam_policies import inline_type

TYPE = inline_type("aws_iam_user_policy", "user", __doc__)
