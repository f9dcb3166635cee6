"""What could make a difference vanish: each is told as unknown instead."""

from __future__ import annotations

import json

import pytest

from driftguard.canonical.kinds import TEXT
from driftguard.compare.attribute import declared_value, live_value
from driftguard.compare.search import Search
from driftguard.compare.selection import Selection
from driftguard.errors import CanonicalError
from driftguard.model import GLOBAL_REGION, Scope
from driftguard.resource_type import Attribute
from driftguard.resources import TABLE
from tests.bad_input import recordings
from tests.cli.conftest import ACCOUNT, SSH, Run, World, resource

UNKNOWN = 2


def test_a_region_that_could_not_be_searched_for_want_of_credentials_is_not_clean(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
):
    """The account of ``--region`` is that of the credentials; without them nobody looked."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    world.declare(resource("random_pet", "name", {"id": "x"}))
    asked = ("scan", "--state", str(world.state), "--region", "eu-central-1", "--format", "json")
    ran = run(*asked)
    assert UNKNOWN == ran.code
    assert "eu-central-1" in json.loads(ran.out)["unsearched"][0]["address"]
    assert 0 == run(*asked, "--no-unmanaged").code


def test_an_account_whose_region_nobody_knows_is_searched_for_what_has_no_region():
    """A state of IAM alone names no region; an admin made by hand was never looked for."""
    search = Search.of(TABLE, [Scope(account=ACCOUNT, region="")], Selection())
    assert {Scope(account=ACCOUNT, region=GLOBAL_REGION)} == {scope for _, scope in search.parts}
    assert "aws_iam_user" in {one.name for one, _ in search.parts}
    assert () == Search.of(TABLE, [Scope(account="", region="eu-central-1")], Selection()).parts


@pytest.mark.parametrize("others", [SSH["IpRanges"], []])
def test_a_rule_with_a_peer_of_an_unknown_kind_is_unknown(run: Run, world: World, others: object):
    """A kind of peer that EC2 has one day and DriftGuard does not know is no missing rule."""
    world.answer({**SSH, "IpRanges": others, "PeerRanges": [{"Peer": "everybody"}]})
    ran = run("scan", *world.source, "--format", "json")
    assert UNKNOWN == ran.code
    assert "ingress" in json.loads(ran.out)["unreadable"][0]["reason"]


def test_a_list_that_goes_on_and_was_cut_hides_nothing_behind_its_first_page(
    run: Run, world: World
):
    other = json.loads(recordings.ANSWERS["IpPermissions a text"])["data"]["SecurityGroups"][0]
    page = {**other, "GroupId": "sg-0", "IpPermissions": []}
    world.record("ec2.DescribeSecurityGroups", {"SecurityGroups": [page], "NextToken": "more"})
    ran = run("scan", *world.source, "--format", "json")
    assert UNKNOWN == ran.code
    assert [] == json.loads(ran.out)["findings"]


@pytest.mark.parametrize("block", ["on", 5, True, ["on"], [[{"http_tokens": "required"}]]])
def test_a_block_of_another_shape_is_unknown_on_either_side(block: object):
    """Taken for no block at all, it equals what was never declared."""
    attribute = Attribute(name="options.tokens", wire="Options.Tokens", kind=TEXT)
    with pytest.raises(CanonicalError):
        live_value(attribute, {"Options": block})
    with pytest.raises(CanonicalError):
        declared_value(attribute, {"options": block})


@pytest.mark.parametrize("block", [None, "", [], {}, [None], [{}]])
def test_a_block_that_is_not_there_says_nothing(block: object):
    attribute = Attribute(name="options.tokens", wire="Options.Tokens", kind=TEXT)
    assert live_value(attribute, {"Options": block}) is None
    assert declared_value(attribute, {"options": block}) is None
