"""A scan that was recorded tells the same when it is replayed, without AWS and without secrets."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from driftguard.demo.cloud import CREDENTIALS, Cloud, running_cloud
from driftguard.demo.company import build_company, steps_by_hand
from tests.cli.conftest import Ran, process

Told = dict[str, Any]
CANARY = "canary-5f1e9c3b7a-in-user-data"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A company that somebody changed by hand, and one recorded scan of it."""

    state: Path
    folder: Path
    scan: Ran

    def replay(self, *arguments: str) -> Ran:
        """Scan the recording."""
        return process("scan", *self.arguments(), *arguments, "--format", "json")

    def arguments(self) -> tuple[str, ...]:
        """The state and the recording."""
        return ("--state", str(self.state), "--replay", str(self.folder))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Record one scan."""
    base = tmp_path_factory.mktemp("company")
    state, folder = base / "company.tfstate", base / "recording"
    with running_cloud() as cloud:
        network = build_company(cloud, state)
        for step in steps_by_hand(network):
            step.take(cloud)
        _give_user_data(cloud, state)
        ran = process(
            *("scan", "--state", str(state), "--endpoint-url", cloud.endpoint),
            *("--format", "json", "--record", str(folder)),
            **CREDENTIALS,
        )
    return Recorded(state=state, folder=folder, scan=ran)


def _give_user_data(cloud: Cloud, state: Path) -> None:
    """Give the server a start-up script with a secret, declared as provider 5 stores it."""
    content = json.loads(state.read_text())
    for resource in content["resources"]:
        if resource["type"] == "aws_instance":
            attributes = resource["instances"][0]["attributes"]
            attributes["user_data"] = hashlib.sha1(CANARY.encode()).hexdigest()  # noqa: S324  # AWS provider's
            cloud.call(
                "ec2",
                "modify_instance_attribute",
                InstanceId=attributes["id"],
                UserData={"Value": base64.b64encode(CANARY.encode())},
            )
    state.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def replayed(recorded: Recorded) -> Told:
    """What a replay of the scan tells."""
    return cast("Told", json.loads(recorded.replay().out))


def test_a_replay_tells_what_the_scan_told(recorded: Recorded, replayed: Told) -> None:
    live = json.loads(recorded.scan.out)

    assert live["findings"]
    assert live["findings"] == replayed["findings"]
    assert 0 == live["summary"]["unreadable"]


def test_what_stood_in_the_place_of_a_secret_is_unknown_in_a_replay(replayed: Told) -> None:
    assert ["module.web.aws_instance.web"] == [one["address"] for one in replayed["unreadable"]]
    assert "digest in the place of a secret" in replayed["unreadable"][0]["reason"]


def test_the_secret_is_nowhere_in_the_recording(recorded: Recorded) -> None:
    written = "".join(file.read_text() for file in recorded.folder.iterdir())

    assert "i-" in written
    assert CANARY not in written
    assert base64.b64encode(CANARY.encode()).decode() not in written


def test_a_port_opened_in_the_recording_is_found(
    recorded: Recorded, replayed: Told, tmp_path: Path
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(recorded.folder, folder)
    file = folder / "ec2.DescribeSecurityGroups_1.json"
    content = json.loads(file.read_text())
    group = next(one for one in content["data"]["SecurityGroups"] if "data" in one["GroupName"])
    group["IpPermissions"].append(
        {
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
        }
    )
    file.write_text(json.dumps(content))
    changed = Recorded(state=recorded.state, folder=folder, scan=recorded.scan).replay()

    found = [one for one in json.loads(changed.out)["findings"] if one not in replayed["findings"]]
    assert [group["GroupId"]] == [one["id"] for one in found]
