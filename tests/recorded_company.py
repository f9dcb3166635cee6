"""A small company on a fake AWS that somebody changed by hand, and one recorded scan of it."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from driftguard.demo.cloud import CREDENTIALS, Cloud, running_cloud
from driftguard.demo.company import build_company, steps_by_hand
from tests.cli.conftest import Ran, process

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


@contextmanager
def empty_cloud() -> Iterator[Cloud]:
    """Start a fake AWS with nothing in it: moto keeps one world per process."""
    with running_cloud() as cloud:
        request = urllib.request.Request(f"{cloud.endpoint}/moto-api/reset", method="POST")  # noqa: S310  # our own server
        urllib.request.urlopen(request).close()  # noqa: S310  # as above
        yield cloud


def record_company(base: Path) -> Recorded:
    """Build the company, change it by hand and record one scan."""
    state, folder = base / "company.tfstate", base / "recording"
    with empty_cloud() as cloud:
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
