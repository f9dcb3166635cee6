from __future__ import annotations

import json

import pytest

from tests.cli.conftest import GROUP, SSH, Run, World, resource, security_group

ADDRESS = "aws_security_group.web"


def test_every_attribute_is_told_with_its_form_and_what_became_of_it(run: Run, world: World):
    world.answer(SSH)
    ran = run("explain", ADDRESS, *world.source)
    assert 0 == ran.code
    assert "  verdict       changed, 1 change, severity high\n" in ran.out
    assert f"  id            {GROUP}\n" in ran.out
    assert "terraform.tfstate (serial 3, Terraform 1.9.0), stack default" in ran.out.replace(
        "\n                ", " "
    )
    different = ran.out[ran.out.index("Different\n") : ran.out.index("Equal\n")]
    assert "  ingress:\n    declared  (nothing)\n    live      [(tcp 22, 0.0.0.0/0)]" in different
    assert "; from IpPermissions\n" in different.replace("\n      ", " ")
    assert "  name: web\n    compared as: A string" in ran.out
    assert "Never compared by this type\n  arn: identity\n" in ran.out


def test_what_the_table_says_nothing_of_is_named(run: Run, world: World):
    world.declare(resource("aws_security_group", "web", security_group(new_in_provider_9=True)))
    ran = run("explain", ADDRESS, *world.source)
    assert "not known to DriftGuard, so not compared\n  new_in_provider_9\n" in ran.out


def test_it_is_json_on_demand(run: Run, world: World):
    world.answer(SSH)
    (told,) = json.loads(run("explain", ADDRESS, *world.source, "--format", "json").out)[
        "resources"
    ]
    statuses = {one["path"]: one["status"] for one in told["compared"]}
    assert ("different", "equal") == (statuses["ingress"], statuses["name"])
    assert ("changed", "high") == (told["kind"], told["severity"])


def test_an_owned_rule_is_left_to_its_owner(run: Run, world: World):
    rule = {
        "id": "sgrule-1",
        "security_group_id": GROUP,
        "type": "ingress",
        "protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "cidr_blocks": ["0.0.0.0/0"],
        "self": False,
    }
    world.declare(
        resource("aws_security_group", "web", security_group()),
        resource("aws_security_group_rule", "ssh", rule),
    )
    world.answer(SSH)
    ran = run("explain", ADDRESS, *world.source)
    assert "  verdict       as declared\n" in ran.out


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("aws_security_group.wbe", "Did you mean aws_security_group.web?"),
        ("aws_vpc.main", "No state declares aws_vpc.main."),
        ("aws_glue_job.etl", "is declared, but DriftGuard does not read aws_glue_job."),
    ],
)
def test_an_address_that_can_not_be_explained_is_a_sentence(
    run: Run, world: World, address: str, sentence: str
):
    world.declare(
        resource("aws_security_group", "web", security_group()),
        resource("aws_glue_job", "etl", {"id": "etl"}),
    )
    ran = run("explain", address, *world.source)
    assert (2, "") == (ran.code, ran.out)
    assert sentence in ran.err


def test_one_that_could_not_be_read_says_why(run: Run, world: World):
    denied = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
    world.record("ec2.DescribeSecurityGroups", denied, code=403)
    ran = run("explain", ADDRESS, *world.source)
    assert 2 == ran.code
    assert "could not be read: access denied" in ran.out


def test_one_that_is_gone_says_so(run: Run, world: World):
    world.answer(GroupId="sg-0ffffffffffffffff", GroupName="other")
    ran = run("explain", ADDRESS, *world.source)
    assert 0 == ran.code
    assert "missing, severity high" in ran.out


def test_an_address_that_the_report_made_for_an_unmanaged_one_is_understood(run: Run, world: World):
    world.record(
        "ec2.DescribeSecurityGroups",
        {
            "SecurityGroups": [
                {"GroupId": "sg-0ffffffffffffffff", "GroupName": "other", "VpcId": "vpc-1"},
                {"GroupId": GROUP, "GroupName": "web", "Description": "web servers"},
            ]
        },
    )
    ran = run("explain", 'aws_security_group.unmanaged["sg-0ffffffffffffffff"]', *world.source)
    assert 0 == ran.code
    assert "LOW       unmanaged" in ran.out
    assert "left out" not in ran.out
    gone = run("explain", 'aws_security_group.unmanaged["sg-1"]', *world.source)
    assert 2 == gone.code


def test_a_resource_that_the_state_does_not_hold_whole_is_told_why(run: Run, world: World):
    odd = {"mode": "managed", "type": "aws_vpc", "name": "odd", "instances": [7]}
    world.declare(resource("aws_security_group", "web", security_group()), odd)
    ran = run("explain", *world.source, "aws_vpc.odd")
    assert ran.code == 2
    reason = "the state is damaged: it holds no instances of it"
    assert f"Error: aws_vpc.odd can't be compared: {reason}.\n" == ran.err
