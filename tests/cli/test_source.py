from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest

from driftguard.cli.options import SourceFlags
from driftguard.cli.source import Source, find_source
from driftguard.errors import SettingsError
from driftguard.live.access import Access, RoleStep
from driftguard.model import Scope, Stack

NOTHING_SAID = SourceFlags(
    config=None,
    state=(),
    region=(),
    profile=None,
    role_arn=None,
    external_id=None,
    endpoint_url=None,
    replay=None,
    deadline=None,
    quiet=False,
    log_level="warning",
    log_format="console",
)
STATE = replace(NOTHING_SAID, state=("a.tfstate",))
READER = "arn:aws:iam::111122223333:role/reader"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration file in a folder of its own."""
    path = tmp_path / "driftguard.yaml"
    path.write_text(
        f"""\
version: 1
defaults: {{regions: [eu-central-1], component: platform}}
stacks:
  - {{name: network, state: [network.tfstate, s3://states/x]}}
  - name: billing
    component: money
    state: /abs/b.tfstate
    regions: [us-east-1, us-west-2]
    roles: [{{arn: "{READER}", external_id: x}}]
accounts:
  - {{account: "444455556666", profile: prod, regions: [eu-west-1]}}
limits: {{deadline: 60}}
""",
        encoding="utf-8",
    )
    return path


def source_of(flags: SourceFlags, file: Path | None = None, **environment: str) -> Source:
    flags = replace(flags, config=str(file)) if file is not None else flags
    return find_source(flags, environment, Path("/nonexistent"))


def test_a_state_on_the_command_line_is_a_stack_of_its_own():
    source = source_of(replace(STATE, region=("eu-central-1", "us-east-1")))
    assert (Stack(name="default", places=("a.tfstate",), region="eu-central-1"),) == source.stacks
    assert (
        Scope(account="", region="eu-central-1"),
        Scope(account="", region="us-east-1"),
    ) == source.scopes


def test_a_role_on_the_command_line_names_the_account():
    source = source_of(
        replace(STATE, role_arn=READER, external_id="x", profile="p", region=("eu-central-1",))
    )
    step = RoleStep(arn=READER, external_id="x")
    access = Access(account="111122223333", profile="p", roles=(step,), region="eu-central-1")
    assert (access,) == source.accesses
    assert "111122223333" == source.stacks[0].account


def test_without_a_region_that_of_the_environment_is_where_resources_without_one_are():
    assert "eu-north-1" == source_of(STATE, AWS_REGION="eu-north-1").stacks[0].region
    assert () == source_of(STATE, AWS_REGION="eu-north-1").scopes


def test_a_replay_does_not_depend_on_the_environment():
    source = source_of(replace(STATE, replay="recording"), AWS_REGION="eu-north-1")
    assert "" == source.stacks[0].region


def test_the_file_tells_stacks_scopes_and_accesses(file: Path):
    source = source_of(NOTHING_SAID, file)
    assert (
        Stack(
            name="network",
            component="platform",
            places=(str(file.parent / "network.tfstate"), "s3://states/x"),
            region="eu-central-1",
        ),
        Stack(
            name="billing",
            component="money",
            places=("/abs/b.tfstate",),
            account="111122223333",
            region="us-east-1",
        ),
    ) == source.stacks
    assert {
        Scope(account="", region="eu-central-1"),
        Scope(account="111122223333", region="us-east-1"),
        Scope(account="111122223333", region="us-west-2"),
        Scope(account="444455556666", region="eu-west-1"),
    } == {*source.scopes}
    assert {"", "111122223333", "444455556666"} == {one.account for one in source.accesses}
    assert 60.0 == source.settings.limits.deadline


def test_flags_override_the_file(file: Path):
    flags = replace(
        NOTHING_SAID, deadline=5.0, region=("eu-west-3",), endpoint_url="http://x", profile="p"
    )
    source = source_of(flags, file)
    assert {"eu-west-3"} == {scope.region for scope in source.scopes}
    assert {"eu-west-3"} == {stack.region for stack in source.stacks}
    assert {"p"} == {access.profile for access in source.accesses}
    assert (5.0, "http://x") == (source.settings.limits.deadline, source.aws.endpoint_url)


def test_a_state_on_the_command_line_takes_the_place_of_the_files_stacks(file: Path):
    source = source_of(replace(NOTHING_SAID, state=("a",)), file)
    assert [("a",)] == [stack.places for stack in source.stacks]


def test_a_role_on_the_command_line_replaces_the_files_way_to_its_account(file: Path):
    source = source_of(replace(NOTHING_SAID, role_arn=READER.replace("reader", "other")), file)
    (access,) = [one for one in source.accesses if one.account == "111122223333"]
    assert [READER.replace("reader", "other")] == [step.arn for step in access.roles]


def test_two_ways_to_one_account_are_refused(file: Path):
    text = file.read_text("utf-8").replace("444455556666", "111122223333")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="two ways to reach the account 111122223333"):
        source_of(NOTHING_SAID, file)


def test_the_file_of_the_folder_is_taken_where_none_is_named(file: Path):
    source = find_source(NOTHING_SAID, {}, file.parent)
    assert (str(file), 2) == (source.file, len(source.stacks))


def test_nothing_declared_is_a_matter_of_usage_or_of_the_file(tmp_path: Path):
    with pytest.raises(click.UsageError, match="Nothing says what is declared"):
        source_of(NOTHING_SAID)
    empty = tmp_path / "empty.yaml"
    empty.write_text("version: 1")
    with pytest.raises(SettingsError, match="names no stacks"):
        source_of(NOTHING_SAID, empty)


@pytest.mark.parametrize(
    ("place", "read"),
    [
        ("network.tfstate", "{folder}/network.tfstate"),
        ("terraform:network", "terraform:{folder}/network"),
        ("tofu:network", "tofu:{folder}/network"),
        ("terraform:/abs/network", "terraform:/abs/network"),
        ("/abs/a.tfstate", "/abs/a.tfstate"),
        ("hcp://org/shop", "hcp://org/shop"),
    ],
)
def test_a_relative_place_is_seen_from_the_files_folder(tmp_path: Path, place: str, read: str):
    path = tmp_path / "driftguard.yaml"
    path.write_text(f"version: 1\nstacks: [{{name: a, state: '{place}'}}]\n", encoding="utf-8")
    [stack] = source_of(NOTHING_SAID, path).stacks
    assert (read.format(folder=tmp_path),) == stack.places
