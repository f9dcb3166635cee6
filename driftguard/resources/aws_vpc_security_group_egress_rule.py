"""One egress rule of a security group with one peer, known by EC2's rule id.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_egress_rule
"""

from __future__ import annotations

from driftguard.parts.security_group_split_rules import split_type

TYPE = split_type("aws_vpc_security_group_egress_rule", "egress", __doc__)
