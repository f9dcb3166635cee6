"""Which account and region a resource is in."""

from __future__ import annotations

import pytest

from driftguard.declared.scope import ScopeResolver, own_scope
from driftguard.declared.state import Instance
from driftguard.model import Address, Scope, Stack

A, B = "111122223333", "444455556666"


def instance(type_name, provider="p", **attributes):
    address = Address(type=type_name, name="x")
    return Instance(address=address, provider=provider, attributes=attributes)


def resolved(one, *others, data=(), stack=None):
    stack = stack or Stack(name="s", account="999900001111", region="eu-north-1")
    return ScopeResolver(stack, (one, *others), data).scope(one)


@pytest.mark.parametrize(
    ("attributes", "account", "region"),
    [
        ({"arn": f"arn:aws:ec2:eu-west-1:{A}:vpc/vpc-1"}, A, "eu-west-1"),
        ({"arn": f"arn:aws-us-gov:ec2:us-gov-west-1:{A}:vpc/vpc-1"}, A, "us-gov-west-1"),
        ({"arn": f"arn:aws-cn:sns:cn-north-1:{A}:t"}, A, "cn-north-1"),
        ({"arn": f"arn:aws-iso-b:sns:us-isob-east-1:{A}:t"}, A, "us-isob-east-1"),
        ({"arn": f"arn:aws-eusc:sns:eusc-de-east-1:{A}:t"}, A, "eusc-de-east-1"),
        ({"id": f"arn:aws:sns:ap-southeast-2:{A}:t"}, A, "ap-southeast-2"),
        ({"arn": f"arn:aws:iam::{A}:role/x"}, A, ""),
        ({"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "", ""),
        ({"arn": "arn:aws:s3:::bucket", "region": "eu-west-3"}, "", "eu-west-3"),
        ({"arn": f"arn:aws:rds:eu-west-1:{A}:db:x", "region": "us-east-2"}, A, "us-east-2"),
        ({"region": "not a region"}, "", ""),
        ({"url": f"https://sqs.eu-west-1.amazonaws.com/{A}/q"}, A, "eu-west-1"),
        ({"queue_url": f"https://eu-west-1.queue.amazonaws.com/{A}/q"}, A, "eu-west-1"),
        ({"id": f"https://queue.amazonaws.com/{A}/q"}, A, ""),
        ({"id": f"https://sqs.cn-north-1.amazonaws.com.cn/{A}/q"}, A, "cn-north-1"),
        ({"id": f"http://localhost:4566/{A}/q"}, "", ""),
        ({"availability_zone": "us-west-2a"}, "", "us-west-2"),
        ({"availability_zone": "us-west-2-lax-1a"}, "", "us-west-2"),
        ({"availability_zone": "us-east-1-wl1-bos-wlz-1"}, "", "us-east-1"),
        ({"availability_zone": "us-gov-east-1b"}, "", "us-gov-east-1"),
        ({"availability_zone": "nowhere"}, "", ""),
        ({"owner_id": A}, A, ""),
        ({"aws_account_id": A}, A, ""),
        ({"owner_id": "amazon"}, "", ""),
        ({"account_id": A}, "", ""),
        ({"id": 5, "arn": None, "region": 7}, "", ""),
    ],
)
def test_a_resource_says_where_it_is(attributes, account, region):
    assert own_scope("aws_x", attributes) == Scope(account=account, region=region)


def test_account_id_counts_where_it_is_the_owners():
    attributes = {"account_id": A, "id": A}
    assert own_scope("aws_s3_account_public_access_block", attributes).account == A
    assert own_scope("aws_ami_launch_permission", attributes).account == ""


def test_neighbours_of_the_same_provider_configuration_speak_for_the_silent():
    silent = instance("aws_iam_role_policy_attachment")
    other = instance("aws_vpc", arn=f"arn:aws:ec2:eu-west-1:{A}:vpc/v")
    far = instance("aws_vpc", provider="p.west", arn=f"arn:aws:ec2:us-west-2:{B}:vpc/v")
    assert resolved(silent, other, far) == Scope(account=A, region="eu-west-1")


def test_neighbours_who_disagree_say_nothing():
    silent = instance("aws_eip_association")
    one = instance("aws_vpc", arn=f"arn:aws:ec2:eu-west-1:{A}:vpc/v")
    other = instance("aws_vpc", arn=f"arn:aws:ec2:us-west-2:{A}:vpc/v")
    assert resolved(silent, one, other) == Scope(account=A, region="eu-north-1")


def test_data_sources_about_the_provider_are_believed_first():
    silent = instance("aws_eip_association")
    other = instance("aws_vpc", arn=f"arn:aws:ec2:eu-west-1:{A}:vpc/v")
    data = (
        instance("aws_caller_identity", account_id=B),
        instance("aws_region", name="us-east-2"),
        instance("aws_ami", owner_id="099720109477", arn="arn:aws:ec2:eu-west-9:1:image/x"),
    )
    assert resolved(silent, other, data=data) == Scope(account=B, region="us-east-2")


def test_the_stack_says_what_the_state_does_not():
    silent = instance("aws_ebs_encryption_by_default")
    assert resolved(silent) == Scope(account="999900001111", region="eu-north-1")
    assert resolved(silent, stack=Stack(name="s")) == Scope(account="", region="")
