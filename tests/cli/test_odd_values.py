"""A value of another shape costs its own rules an answer, and no other resource anything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Run, World, resource, security_group

GONE = "sg-0aaaaaaaaaaaaaaaa"
OPEN = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def findings(run: Run, world: World, *flags: str) -> dict[str, Any]:
    """Scan, and return what was found by address."""
    ran = run("scan", *world.source, "--format", "json", *flags)
    assert ran.out, ran.err
    return {one["address"]: one for one in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize("odd", ["oops", {"a": 1}, [1], 3])
def test_what_is_gone_and_was_declared_oddly_hides_no_other(run: Run, world: World, odd: object):
    world.declare(
        resource("aws_security_group", "gone", security_group(id=GONE, ingress=odd)),
        resource("aws_security_group", "web", security_group()),
    )
    world.answer(OPEN)
    found = findings(run, world)
    assert {"aws_security_group.gone", "aws_security_group.web"} == found.keys()
    assert "DG-AWS-SG-001" == found["aws_security_group.web"]["rule"]


def test_an_odd_answer_for_what_the_state_does_not_hold_hides_nothing(run: Run, world: World):
    declared = security_group()
    del declared["description"]
    world.declare(resource("aws_security_group", "web", declared))
    world.answer(OPEN, Description={"a": 1})
    assert "DG-AWS-SG-001" == findings(run, world)["aws_security_group.web"]["rule"]
