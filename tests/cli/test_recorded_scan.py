"""A scan that was recorded tells the same when it is replayed, without AWS and without secrets."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any, cast

import pytest

from tests.recorded_company import CANARY, Recorded

Told = dict[str, Any]


@pytest.fixture(scope="module")
def replayed(recorded_company: Recorded) -> Told:
    """What a replay of the scan tells."""
    return cast("Told", json.loads(recorded_company.replay().out))


def test_a_replay_tells_what_the_scan_told(recorded_company: Recorded, replayed: Told) -> None:
    live = json.loads(recorded_company.scan.out)

    assert live["findings"]
    assert live["findings"] == replayed["findings"]
    assert 0 == live["summary"]["unreadable"]


def test_what_stood_in_the_place_of_a_secret_is_unknown_in_a_replay(replayed: Told) -> None:
    assert ["module.web.aws_instance.web"] == [one["address"] for one in replayed["unreadable"]]
    assert "digest in the place of a secret" in replayed["unreadable"][0]["reason"]


def test_the_secret_is_nowhere_in_the_recording(recorded_company: Recorded) -> None:
    written = "".join(file.read_text() for file in recorded_company.folder.iterdir())

    assert "i-" in written
    assert CANARY not in written
    assert base64.b64encode(CANARY.encode()).decode() not in written


def test_a_port_opened_in_the_recording_is_found(
    recorded_company: Recorded, replayed: Told, tmp_path: Path
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(recorded_company.folder, folder)
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
    changed = Recorded(
        state=recorded_company.state, folder=folder, scan=recorded_company.scan
    ).replay()

    found = [one for one in json.loads(changed.out)["findings"] if one not in replayed["findings"]]
    assert [group["GroupId"]] == [one["id"] for one in found]
