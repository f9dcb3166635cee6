"""Reading places: each kind, each trouble, and the secrets that stay behind."""

from __future__ import annotations

import gc
import json
import logging
import os
import tempfile

import pytest

from driftguard.clock import SystemClock
from driftguard.declared.places import PLACES, Declarations, PlaceOptions, read_places
from driftguard.model import Scope, Stack
from driftguard.redact import Redactor, shown

CANARY = "cAnary-7Zq!hunter/2"
AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def resource(
    type_name="aws_vpc", name="main", *, mode="managed", deposed="", marked=(), **attributes
):
    one = {
        "attributes": {"id": f"{type_name}-{name}", **attributes},
        "sensitive_attributes": list(marked),
    }
    one |= {"deposed": deposed} if deposed else {}
    found = {"mode": mode, "type": type_name, "name": name, "provider": AWS}
    return {**found, "instances": [one]}


def state(*resources, lineage="", serial=1, outputs=None):
    return json.dumps(
        {
            "version": 4,
            "terraform_version": "1.9.0",
            "serial": serial,
            "lineage": lineage,
            "outputs": outputs or {},
            "resources": list(resources),
        }
    )


@pytest.fixture
def redactor():
    return Redactor(b"k" * 32)


@pytest.fixture
def read(redactor):
    def reading(*places, options=None, **more):
        stack = Stack(name="shop", component="web", places=tuple(map(str, places)), **more)
        return read_places([stack], options or PlaceOptions(), redactor, SystemClock())

    return reading


def marked(*names):
    return [[{"type": "get_attr", "value": name} for name in names]]


def addresses(found):
    return [str(one.address) for one in found.resources]


def test_a_file_may_have_any_name(tmp_path, read):
    (tmp_path / "my.json").write_text(state(resource()))
    found = read(tmp_path / "my.json", account="111122223333", region="eu-west-1")
    assert addresses(found) == ["aws_vpc.main"]
    one = found.resources[0]
    assert (one.id, one.stack, one.component) == ("aws_vpc-main", "shop", "web")
    assert one.scope == Scope(account="111122223333", region="eu-west-1")
    assert one.provenance.place == str(tmp_path / "my.json")
    assert (found.problems, found.warnings) == ((), ())


def test_a_folder_is_read_recursively_without_backups_and_caches(tmp_path, read):
    for number, name in enumerate(
        ["a.tfstate", "deep/er/b.tfstate", "terraform.tfstate.d/blue/terraform.tfstate",
         ".terraform/c.tfstate", "deep/.terraform/d.tfstate", "a.tfstate.backup", "notes.txt"]
    ):  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(state(resource(name=f"n{number}")))
    assert addresses(read(tmp_path)) == ["aws_vpc.n0", "aws_vpc.n1", "aws_vpc.n2"]


def test_a_glob_is_read_in_order_without_backups(tmp_path, read):
    for name in ("b/x.tfstate", "a/x.tfstate", "a/x.tfstate.backup"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(state(resource(name=name[0])))
    assert addresses(read(tmp_path / "*" / "x.tfstate*")) == ["aws_vpc.a", "aws_vpc.b"]
    assert addresses(read(tmp_path / "**" / "*.tfstate")) == ["aws_vpc.a", "aws_vpc.b"]


def test_a_file_named_like_a_glob_is_read_as_itself(tmp_path, read):
    (tmp_path / "a[1].tfstate").write_text(state(resource()))
    assert addresses(read(tmp_path / "a[1].tfstate")) == ["aws_vpc.main"]


def test_the_same_file_named_twice_is_read_once(tmp_path, read):
    (tmp_path / "a.tfstate").write_text(state(resource(), lineage="l"))
    found = read(tmp_path / "a.tfstate", tmp_path / "*.tfstate", tmp_path)
    assert addresses(found) == ["aws_vpc.main"]
    assert found.warnings == ()


def test_each_unreadable_place_is_a_problem_and_hides_no_other(tmp_path, read):
    (tmp_path / "good.tfstate").write_text(state(resource()))
    (tmp_path / "cut.tfstate").write_text('{"version": 4, ')
    (tmp_path / "page.tfstate").write_text("<html>")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    found = read(
        tmp_path / "none.tfstate", tmp_path / "empty", tmp_path / "x*y", tmp_path / "pipe",
        "ftp://bucket/x", "bad\0path", "", tmp_path / "good.tfstate/x", tmp_path,
    )  # fmt: skip
    assert addresses(found) == ["aws_vpc.main"]
    for said, problem in zip(
        ["does not exist", "holds no state", "matches no file", "not a regular file",
         "not a kind of place", "can't be read", "", "can't be read", "cut off", "web page"],
        found.problems,
        strict=True,
    ):  # fmt: skip
        assert said in problem


def test_a_file_without_permission_says_so(tmp_path, read, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.tfstate").write_text(state(resource()))
    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert "permission denied" in read(tmp_path / "a.tfstate").problems[0]


def test_a_folder_that_cannot_be_listed_is_not_an_empty_one(tmp_path, read, monkeypatch):
    def walk(folder, onerror):
        onerror(PermissionError(13, "Permission denied", f"{folder}/secret"))
        return iter(())

    monkeypatch.setattr("driftguard.declared.file.os.walk", walk)
    (problem,) = read(tmp_path).problems
    assert "secret may not be read: permission denied" in problem


def test_a_file_over_the_limit_is_not_read(tmp_path, read):
    (tmp_path / "a.tfstate").write_text(state(resource()))
    found = read(tmp_path / "a.tfstate", options=PlaceOptions(max_bytes=20))
    assert "larger than the limit of 20 bytes" in found.problems[0]


def test_too_many_states_are_probably_the_wrong_folder(tmp_path, read):
    for number in range(3):
        (tmp_path / f"{number}.tfstate").write_text(state(resource(name=f"n{number}")))
    found = read(tmp_path, options=PlaceOptions(max_states=2))
    assert "holds more than 2 states" in found.problems[0]


def test_a_stack_without_places_is_a_problem(read):
    assert "names no place" in read().problems[0]


def test_an_object_declared_twice_is_told_with_both_addresses_and_places(tmp_path, read):
    arn = "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"
    for name in ("a", "b"):
        one = resource(name=name, arn=arn) | {}
        one["instances"][0]["attributes"]["id"] = "vpc-1"
        (tmp_path / f"{name}.tfstate").write_text(state(one, lineage=name))
    (warning,) = read(tmp_path).warnings
    assert f"aws_vpc.a in {tmp_path}/a.tfstate and aws_vpc.b in {tmp_path}/b.tfstate" in warning


def test_an_id_that_is_unique_only_within_its_parent_is_not_told(tmp_path, read):
    for name in ("a", "b"):
        one = resource("aws_lambda_permission", name, function_name=name)
        one["instances"][0]["attributes"]["id"] = "AllowS3"
        (tmp_path / f"{name}.tfstate").write_text(state(one))
    assert read(tmp_path).warnings == ()


def test_a_copied_state_does_not_flood_the_warnings(tmp_path, read):
    many = [resource(name=f"n{number}") for number in range(80)]
    (tmp_path / "a.tfstate").write_text(state(*many, lineage="l", serial=3))
    (tmp_path / "b.tfstate").write_text(state(*many, lineage="l", serial=4))
    warnings = read(tmp_path).warnings
    assert "same state by their lineage" in warnings[0]
    assert len(warnings) == 52


def test_a_deposed_object_is_owned_and_told_and_not_compared(tmp_path, read):
    deposed = resource(deposed="00aa11bb")
    (tmp_path / "a.tfstate").write_text(state(resource(name="new"), deposed))
    found = read(tmp_path)
    assert addresses(found) == ["aws_vpc.new"]
    assert [one.id for one in found.owned] == ["aws_vpc-main"]
    assert "deposed" in found.warnings[0]


def test_a_state_that_declares_nothing_is_told(tmp_path, read):
    (tmp_path / "a.tfstate").write_text(state())
    found = read(tmp_path)
    assert found.problems == ()
    assert "declares nothing" in found.warnings[0]


def test_the_collector_is_on_again_afterwards(read):
    read("nowhere")
    assert gc.isenabled()


def test_every_kind_of_place_says_what_it_reads():
    assert all(kind.__doc__ for kind in PLACES)
    assert [kind.__name__.rpartition(".")[2] for kind in PLACES] == [
        "s3",
        "http",
        "hcp",
        "gcs",
        "azurerm",
        "working_directory",
        "file",
    ]


# Secrets


def planted(tmp_path):
    """Plant the canary where it is marked, and copy it to where it is not."""
    secret = resource("aws_db_instance", "db", password=CANARY, username="admin")
    copies = resource(
        "aws_instance",
        "app",
        user_data=f"#!/bin/sh\nexport X='{CANARY}'",
        tags={"note": CANARY, CANARY: "x"},
        policy=json.dumps({"Statement": [{"Sid": CANARY}]}),
        block=[{"deep": [{"value": CANARY}]}],
        availability_zone=CANARY,
        region=CANARY,
    )
    copies["instances"][0]["index_key"] = CANARY
    broken = resource("aws_vpc", "broken")
    broken["module"] = f'module.x["{CANARY}"]'
    broken["instances"][0]["attributes"] = None
    twice = [resource("aws_vpc", name, arn="x") for name in ("one", "two")]
    for one in twice:
        one["instances"][0]["attributes"]["id"] = CANARY
    old = resource("aws_vpc", "old", deposed="00aa11bb", note=CANARY)
    (tmp_path / "a.tfstate").write_text(state(copies, broken, *twice, old))
    (tmp_path / "b.tfstate").write_text(state(secret))


def test_the_canary_appears_nowhere(tmp_path, read, redactor, caplog, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    planted(tmp_path)
    (tmp_path / "c.tfstate").write_text(f"{{'password': '{CANARY}'}}")
    (tmp_path / f"{CANARY.replace('/', '')}.tfstate").write_text(CANARY)
    with caplog.at_level(logging.DEBUG):
        found = read(tmp_path, f"nowhere/{CANARY}")
    assert isinstance(found, Declarations)
    assert len(found.resources) == 4
    assert len(found.unreadable) == 1
    assert CANARY not in repr(found)
    assert CANARY not in caplog.text
    assert CANARY not in repr(shown([dict(one.attributes) for one in found.resources]))
    assert redactor.contains_secret(found.resources[0].attributes)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    "holder",
    [
        resource("aws_db_instance", "db", password=CANARY),
        resource("aws_thing", "x", marked=marked("anything"), anything=CANARY),
        resource("aws_thing", "x", marked=marked("block"), block=[{"a": CANARY}]),
        resource("aws_thing", "x", admin_password=CANARY),
        resource("aws_secretsmanager_secret_version", "x", secret_string=json.dumps({"k": CANARY})),
        resource("aws_ssm_parameter", "x", type="SecureString", value=CANARY),
        resource("random_password", "x", result=CANARY),
        resource("aws_ssm_parameter", "x", mode="data", value=CANARY),
        resource("aws_lambda_function", "x", environment=[{"variables": {"API_TOKEN": CANARY}}]),
    ],
)
def test_a_secret_is_known_wherever_a_state_keeps_it(tmp_path, read, holder):
    (tmp_path / "a.tfstate").write_text(state(holder, resource("aws_sqs_queue", "q", copy=CANARY)))
    assert CANARY not in repr(read(tmp_path))


@pytest.mark.parametrize("value", [CANARY, [CANARY], {"a": {"password": CANARY}}, {"a": CANARY}])
def test_a_sensitive_output_is_known(tmp_path, read, value):
    outputs = {"anything": {"value": value, "sensitive": True}}
    (tmp_path / "a.tfstate").write_text(
        state(resource("aws_sqs_queue", "q", copy=CANARY), outputs=outputs)
    )
    assert CANARY not in repr(read(tmp_path))


def test_marked_paths_are_listed_for_the_live_side(tmp_path, read):
    holder = resource(
        "aws_thing", "x", marked=marked("block", "inner"), block={"inner": "s3cret-x"}
    )
    db = resource("aws_db_instance", "db", password="s3cret-y")
    (tmp_path / "a.tfstate").write_text(state(holder, db))
    assert [one.sensitive for one in read(tmp_path).resources] == [
        frozenset({"block.inner"}),
        frozenset({"password"}),
    ]


def test_names_that_a_sensitive_value_carries_still_find_their_resource(tmp_path, read):
    """Plain SSM parameters and outputs of whole objects publish names, and Terraform marks them."""
    bucket = resource("aws_s3_bucket", "b", bucket="acme-prod-logs")
    bucket["instances"][0]["attributes"]["id"] = "acme-prod-logs"
    policy = resource("aws_s3_bucket_policy", "p", marked=marked("bucket"), bucket="acme-prod-logs")
    parameter = resource("aws_ssm_parameter", "s", type="String", value="acme-prod-logs")
    rule = resource("aws_security_group_rule", "r", marked=marked("security_group_id"),
                    security_group_id="sg-0123456789abcdef0")  # fmt: skip
    outputs = {"prefix": {"value": "acme-prod", "sensitive": True}}
    (tmp_path / "a.tfstate").write_text(state(bucket, policy, parameter, rule, outputs=outputs))
    found = {one.address.type: one for one in read(tmp_path).resources}
    assert found["aws_s3_bucket"].id == "acme-prod-logs"
    assert found["aws_s3_bucket_policy"].attributes["bucket"] == "acme-prod-logs"
    assert found["aws_s3_bucket_policy"].sensitive == {"bucket"}
    assert found["aws_security_group_rule"].attributes["security_group_id"].startswith("sg-")
    assert found["aws_ssm_parameter"].sensitive == {"value"}


def test_a_real_secret_is_hidden_even_where_it_is_a_name(tmp_path, read):
    holder = resource("aws_db_instance", "db", password=CANARY)
    bucket = resource("aws_s3_bucket", "b", bucket=CANARY)
    bucket["instances"][0]["attributes"]["id"] = CANARY
    (tmp_path / "a.tfstate").write_text(state(holder, bucket))
    assert CANARY not in repr(read(tmp_path))


def test_every_real_state_is_read_without_a_problem(corpus, read):
    found = read(corpus / "states", corpus / "pairs")
    assert found.problems == ()
    assert len(found.resources) > 200
    assert all(one.scope.account.isdigit() or not one.scope.account for one in found.resources)
