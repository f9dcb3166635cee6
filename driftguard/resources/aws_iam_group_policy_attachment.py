"""A managed policy attached to an IAM group.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_group_policy_attachment
"""

from __future__ import annotations

from driftguard.parts.iam_policies import attachment_type

TYPE = attachment_type("aws_iam_group_policy_attachment", "group", __doc__)
