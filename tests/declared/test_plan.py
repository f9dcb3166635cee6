"""What `terraform show -json PLAN` prints, and each sentence for what is no such plan."""

from __future__ import annotations

import json

import pytest

from driftguard.declared.plan import Action, parse_plan
from driftguard.declared.plan_seal import seal_plan
from driftguard.errors import DeclaredError
from driftguard.model import Stack
from driftguard.redact import Redactor

SECRET = "cAnary-7Zq!hunter/2"


def change(actions, before=None, after=None, **more):
    address = {"mode": "managed", "type": "aws_vpc", "name": "main"}
    address |= {"address": "aws_vpc.main", "provider_name": "registry.terraform.io/hashicorp/aws"}
    named = {name: more.pop(name) for name in ("type", "name", "mode", "index") if name in more}
    placed = {name: more.pop(name) for name in ("module_address", "deposed") if name in more}
    told = {"actions": actions, "before": before, "after": after, **more}
    return {**address, **named, **placed, "change": told}


def document(*changes, **more):
    head = {"format_version": "1.2", "terraform_version": "1.11.4"}
    return {**head, "resource_changes": list(changes), **more}


def parse(*changes, **more):
    data = json.dumps(document(*changes, **more)).encode()
    return parse_plan(data, place="plan.json", max_bytes=10**8)


def sealed(*changes, **more):
    return seal_plan(Stack(name="default"), parse(*changes, **more), Redactor())


@pytest.mark.parametrize(
    ("actions", "before", "after", "expected"),
    [
        (["no-op"], {"id": "a"}, {"id": "a"}, Action.NOTHING),
        (["create"], None, {"id": "a"}, Action.CREATE),
        (["update"], {"id": "a"}, {"id": "a"}, Action.UPDATE),
        (["delete"], {"id": "a"}, None, Action.DELETE),
        (["delete", "create"], {"id": "a"}, {}, Action.REPLACE),
        (["create", "delete"], {"id": "a"}, {}, Action.REPLACE),
        (["create", "forget"], {"id": "a"}, {}, Action.REPLACE),
        (["forget"], {"id": "a"}, None, Action.FORGET),
    ],
)
def test_every_action_of_terraform_is_known(actions, before, after, expected):
    (one,) = parse(change(actions, before, after)).changes
    assert expected == one.action
    assert (one.after is None) == (expected is Action.DELETE)


@pytest.mark.parametrize("actions", [["explode"], [], "create", None, [1], ["create", {}]])
def test_an_action_nobody_knows_makes_the_resource_unreadable(actions):
    plan = parse(change(actions, {"id": "a"}, {"id": "a"}))
    assert ["aws_vpc.main"] == [one.address for one in plan.unreadable]
    assert () == plan.changes


@pytest.mark.parametrize(
    "damaged",
    [
        {**change(["create"], None, {}), "change": None},
        change(["create"], None, None),
        change(["update"], None, {}),
        change(["delete"], None, None),
        change(["update"], [], {}),
        change(["create"], None, {}, index=[1]),
        change(["create"], None, {}, mode="ephemeral"),
        change(["create"], None, {}, name=""),
        "create",
    ],
)
def test_a_damaged_change_is_unreadable_and_the_others_are_read(damaged):
    plan = parse(damaged, change(["create"], None, {"id": "b"}, name="sound"))
    assert 1 == len(plan.unreadable)
    assert ["aws_vpc.sound"] == [str(one.after.address) for one in plan.changes]


def test_module_paths_and_index_keys_are_read():
    plan = parse(
        change(["create"], None, {}, module_address='module.net["eu"].module.sub[0]', index="x"),
        change(["create"], None, {}, index=2),
    )
    assert ['module.net["eu"].module.sub[0].aws_vpc.main["x"]', "aws_vpc.main[2]"] == [
        str(one.after.address) for one in plan.changes
    ]


def test_what_a_targeted_plan_leaves_out_of_its_changes_is_taken_from_its_values():
    kept = {"mode": "managed", "type": "aws_vpc", "name": "kept", "values": {"id": "vpc-9"}}
    child = {
        "address": "module.a[0]",
        "resources": [{**kept, "address": "module.a[0].aws_vpc.kept"}],
    }
    told = {**kept, "name": "main", "address": "aws_vpc.main"}
    values = {"root_module": {"resources": [told], "child_modules": [child]}}
    plan = parse(change(["no-op"], {"id": "a"}, {"id": "a"}), planned_values=values, complete=False)
    assert ["aws_vpc.main", "module.a[0].aws_vpc.kept"] == [
        str(one.after.address) for one in plan.changes
    ]
    assert [Action.NOTHING] * 2 == [one.action for one in plan.changes]
    assert "planned with targets" in plan.warnings[0]


def test_deposed_objects_and_data_sources_are_no_resources_of_the_plan():
    plan = parse(
        change(["delete"], {"id": "old"}, None, deposed="0a1b2c3d"),
        change(["read"], None, {"name": "x"}, mode="data"),
    )
    assert ((), 1, 1) == (plan.changes, len(plan.deposed), len(plan.data))


def test_a_plan_of_a_failed_run_is_a_problem():
    assert "failed" in parse(errored=True).problems[0]
    assert () == parse(errored=False, complete=True).problems


def test_what_is_put_off_is_unreadable():
    later = [{"reason": "instance_count_unknown", "resource_change": change(["create"], None, {})}]
    assert ["aws_vpc.main"] == [one.address for one in parse(deferred_changes=later).unreadable]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"[]", "not a Terraform state"),
        (b"{}", "not a Terraform plan"),
        (b'{"format_version": 1}', "not a Terraform plan"),
        (b'{"format_version": "one"}', "not a Terraform plan: no version"),
        (b'{"format_version": "2.0", "resource_changes": []}', "in the format 2.0"),
        (b'{"format_version": "1.2", "resource_changes": {}}', "without a list of changes"),
        (b'{"format_version": "1.0", "values": {}}', "prints of a state"),
        (b'{"format_version": "1.0"}', "prints of a state"),
        (b'{"format_version": "1.0", "provider_schemas": {}}', "no changes"),
        (b'{"format_version": "1.2", "resource_changes": [{"type": "aws', "is cut off"),
        (b"PK\x03\x04\xff\xfe", "isn't UTF-8"),
        (b'{"a": ' * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_plan_gets_one_sentence(data, sentence):
    with pytest.raises(DeclaredError, match=sentence) as raised:
        parse_plan(data, place="plan.json", max_bytes=10**8)
    assert "plan.json" in str(raised.value)


def test_a_plan_over_the_limit_is_refused():
    with pytest.raises(DeclaredError, match="larger than the limit"):
        parse_plan(b"{" * 100, place="plan.json", max_bytes=99)


@pytest.mark.parametrize(
    "marks",
    [{"user_data": True}, True, "odd", {"user_data": {"deep": True}}, {"user_data": [True]}],
)
def test_what_the_plan_marks_sensitive_leaves_as_a_token(marks):
    after = {"id": "i-1", "user_data": SECRET}
    plan = sealed(change(["create"], None, after, type="aws_instance", after_sensitive=marks))
    assert SECRET not in repr(plan)
    assert "(sensitive " in plan.resources[0].after.attributes["user_data"]


def test_a_secret_marked_on_one_side_is_found_on_the_other():
    plan = sealed(
        change(
            ["update"],
            {"id": "i-1", "user_data": SECRET},
            {"id": "i-1", "user_data": SECRET},
            type="aws_instance",
            before_sensitive={"user_data": True},
            after_sensitive={},
        )
    )
    one = plan.resources[0]
    assert one.before.attributes == one.after.attributes
    assert SECRET not in repr(plan)


@pytest.mark.parametrize(
    "more",
    [
        {"output_changes": {"o": {"before": None, "after": SECRET, "after_sensitive": True}}},
        {
            "variables": {"v": {"value": SECRET}},
            "configuration": {"root_module": {"variables": {"v": {"sensitive": True}}}},
        },
    ],
)
def test_a_sensitive_output_or_variable_is_found_wherever_it_went(more):
    after = {"id": "i-1", "user_data": f"password is {SECRET}"}
    assert SECRET not in repr(sealed(change(["create"], None, after, type="aws_instance"), **more))


def test_a_schema_s_secret_needs_no_mark():
    after = {"identifier": "main", "password": SECRET}
    plan = sealed(change(["create"], None, after, type="aws_db_instance"))
    assert SECRET not in repr(plan)


def test_the_mark_of_the_unknown_is_not_taken_for_a_secret():
    sensitive = {"user_data": True}
    unknown = {"user_data": True, "tags": {"Name": True}}
    plan = sealed(
        change(
            ["create"],
            None,
            {"ami": "ami-1", "tags": {}},
            type="aws_instance",
            after_unknown=unknown,
            after_sensitive=sensitive,
        )
    )
    assert "ami-1" == plan.resources[0].after.attributes["ami"]
    assert unknown == plan.resources[0].unknown


def test_the_region_of_a_new_resource_is_its_provider_configuration_s():
    resources = [
        {"mode": "managed", "type": "aws_vpc", "name": "main", "provider_config_key": "aws"}
    ]
    inner = [
        {"mode": "managed", "type": "aws_vpc", "name": "main", "provider_config_key": "aws.us"}
    ]
    configuration = {
        "provider_config": {
            "aws": {"expressions": {"region": {"references": ["var.region"]}}},
            "aws.us": {"expressions": {"region": {"constant_value": "us-east-1"}}},
        },
        "root_module": {
            "resources": resources,
            "module_calls": {"net": {"module": {"resources": inner}}},
        },
    }
    plan = sealed(
        change(["create"], None, {}),
        change(["create"], None, {}, module_address='module.net["a]"]'),
        configuration=configuration,
        variables={"region": {"value": "eu-west-1"}},
    )
    assert ["eu-west-1", "us-east-1"] == [one.known.scope.region for one in plan.resources]


def test_a_replaced_resource_stays_where_it_was():
    arn = "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"
    plan = sealed(change(["delete", "create"], {"id": "vpc-1", "arn": arn}, {}))
    one = plan.resources[0]
    assert ("vpc-1", "111122223333/eu-west-1") == (one.after.id, str(one.after.scope))


def test_a_hundred_thousand_sensitive_members_cost_a_bounded_time():
    many = ["x"] * 100_000
    marks = {"values": [True] * 100_000}
    sealed(change(["create"], None, {"values": many}, after_sensitive=marks))
    # A copy of the list for each member would take hours; pytest's own limit says so.
