terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "cidrs" {
  type = map(string)
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "this" {
  for_each = var.cidrs
  name     = each.key
  vpc_id   = aws_vpc.this.id
}

resource "aws_security_group_rule" "this" {
  for_each          = var.cidrs
  security_group_id = aws_security_group.this[each.key].id
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  cidr_blocks       = [each.value]
}
