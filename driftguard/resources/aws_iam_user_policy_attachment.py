"""A managed policy attached to an IAM user.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_user_policy_attachment
"""

from __future__ import annotations

from driftguard.parts.iam_policies import attachment_type

TYPE = attachment_type("aws_iam_user_policy_attachment", "user", __doc__)
