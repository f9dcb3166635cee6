from __future__ import annotations

import json
from pathlib import Path

import botocore
import pytest

from driftguard.live.collections import COLLECTIONS
from driftguard.live.exposure import NEEDS
from driftguard.resources import TABLE
from tests.cli.conftest import Run


def policy(run: Run, *more: str) -> dict[str, object]:
    ran = run("iam-policy", "--read", *more)
    assert 0 == ran.code
    document: dict[str, object] = json.loads(ran.out)
    return document


def actions(document: dict[str, object]) -> list[str]:
    (statement,) = document["Statement"]  # type: ignore[misc]
    return list(statement["Action"])


def test_the_policy_is_a_valid_document_with_sorted_actions(run: Run):
    document = policy(run)
    assert ["2012-10-17"] == [document["Version"]]
    assert actions(document) == sorted(set(actions(document)))
    assert "sts:GetCallerIdentity" in actions(document)


def test_it_has_what_every_collection_in_use_needs_and_nothing_else(run: Run):
    used = {one.collection for one in TABLE.values()}
    used |= {name for some in NEEDS.values() for name in some}
    needed = {action for name in used for action in COLLECTIONS[name].permissions}
    assert {*needed, "sts:GetCallerIdentity"} == set(actions(policy(run)))


def test_nothing_in_it_writes(run: Run):
    verbs = {action.split(":")[1] for action in actions(policy(run))}
    reading = ("Describe", "Get", "List", "Lookup", "BatchGet", "Select")
    assert [] == [verb for verb in sorted(verbs) if not verb.startswith(reading)]


def test_one_type_needs_less(run: Run):
    expected = [
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroupRules",
        "ec2:DescribeSecurityGroups",
        "sts:GetCallerIdentity",
    ]
    assert expected == actions(policy(run, "--type", "aws_security_group"))
    assert expected == actions(policy(run, "--type", "aws_*security_group*"))


def test_a_type_without_exposure_needs_nothing_for_it(run: Run):
    assert "ec2:DescribeRouteTables" not in actions(policy(run, "--type", "aws_s3_*"))


def test_every_service_of_an_action_is_known_to_botocore(run: Run):
    services = {path.name for path in (Path(botocore.__file__).parent / "data").iterdir()}
    prefixes = {action.split(":")[0] for action in actions(policy(run))}
    assert prefixes - services <= {"cloudwatch", "monitoring"}


@pytest.mark.parametrize("name", ["exceptions", "report", "settings"])
def test_the_schemas_are_printed_as_json(run: Run, name: str):
    ran = run("schema", name)
    assert 0 == ran.code
    assert "object" == json.loads(ran.out)["type"]
