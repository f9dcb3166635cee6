"""The names of all inline policies of an IAM group, and no others.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_group_policies_exclusive
"""

from __future__ import annotations

from driftguard.parts.iam_exclusive import exclusive_inline_type

TYPE = exclusive_inline_type("aws_iam_group_policies_exclusive", "group", __doc__)
