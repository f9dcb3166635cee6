"""An inline policy of an IAM group.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_group_policy
"""

from __future__ import annotations

from driftguard.parts.iam_policies import inline_type

TYPE = inline_type("aws_iam_group_policy", "group", __doc__)
