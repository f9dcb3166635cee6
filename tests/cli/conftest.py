"""The program as its user runs it, and a small world for it to look at."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from driftguard.cli.main import run_arguments

ROOT = Path(__file__).resolve().parents[2]
GROUP = "sg-0a1b2c3d4e5f60718"
ACCOUNT, REGION = "111122223333", "eu-central-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How one run ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """The program sets up logging for its process, which is ours here."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program in this process, without the user's own settings."""
    for name in [*os.environ]:
        if name.startswith(("AWS_", "DRIFTGUARD_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run_arguments(arguments)
        told = capsys.readouterr()
        return Ran(code=code, out=told.out, err=told.err)

    return ran


def environment(**more: str) -> dict[str, str]:
    """Return an environment for a process of its own, without the user's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "DRIFTGUARD_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **more}


def process(*arguments: str, **more: str) -> Ran:
    """Run the program in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "driftguard", *arguments],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(code=ended.returncode, out=ended.stdout, err=ended.stderr)


def security_group(**attributes: object) -> dict[str, object]:
    """Return a group's attributes as the provider stores them."""
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{GROUP}"
    return {
        "arn": arn,
        "description": "web servers",
        "egress": [],
        "id": GROUP,
        "ingress": [],
        "name": "web",
        "name_prefix": "",
        "owner_id": ACCOUNT,
        "revoke_rules_on_delete": False,
        "tags": None,
        "tags_all": {},
        "timeouts": None,
        "vpc_id": "vpc-1",
        **attributes,
    }


def resource(kind: str, name: str, attributes: Mapping[str, object]) -> dict[str, object]:
    """Return one resource of a state."""
    return {
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
    }


def state(*resources: Mapping[str, object]) -> str:
    """Return a raw state."""
    return json.dumps(
        {
            "version": 4,
            "terraform_version": "1.9.0",
            "serial": 3,
            "lineage": "0a3b8f9c-1f2e-4b5d-9c8a-7e6f5d4c3b2a",
            "outputs": {},
            "resources": resources,
        }
    )


SSH = {
    "FromPort": 22,
    "IpProtocol": "tcp",
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    "Ipv6Ranges": [],
    "PrefixListIds": [],
    "ToPort": 22,
    "UserIdGroupPairs": [],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A state file, and a recording of what AWS answered."""

    folder: Path

    @property
    def source(self) -> tuple[str, ...]:
        """The flags that name both."""
        return ("--state", str(self.state), "--replay", str(self.folder / "recording"))

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / "terraform.tfstate"

    def declare(self, *resources: Mapping[str, object]) -> None:
        """Write the state."""
        self.state.write_text(state(*resources), encoding="utf-8")

    def answer(self, *permissions: Mapping[str, object], **group: object) -> None:
        """Write what AWS answers: the one group, with these inbound permissions."""
        answer = {
            "Description": "web servers",
            "GroupName": "web",
            "IpPermissions": permissions,
            "IpPermissionsEgress": [],
            "OwnerId": ACCOUNT,
            "GroupId": GROUP,
            "VpcId": "vpc-1",
            "Tags": [],
            **group,
        }
        self.record("ec2.DescribeSecurityGroups", {"SecurityGroups": [answer]})
        self.record("ec2.DescribeSecurityGroupRules", {"SecurityGroupRules": []})

    def record(self, operation: str, data: Mapping[str, object], code: int = 200) -> None:
        """Write one answer of AWS in the recording."""
        folder = self.folder / "recording"
        folder.mkdir(exist_ok=True)
        service, name = operation.split(".")
        scope = {"account": ACCOUNT, "region": REGION}
        asked = {"scope": scope, "service": service, "operation": name, "params": {}}
        answer = json.dumps({**asked, "status_code": code, "data": data})
        (folder / f"{operation}_1.json").write_text(answer, encoding="utf-8")
        manifest = {
            "format": "driftguard-recording",
            "version": 1,
            "driftguard": "0.1.0",
            "complete": True,
            "options": {"unmanaged": False},
            "scopes": [scope],
        }
        text = json.dumps(manifest)
        (folder / "driftguard-recording.json").write_text(text, encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One security group, live as it is declared."""
    made = World(folder=tmp_path)
    made.declare(resource("aws_security_group", "web", security_group()))
    made.answer()
    return made
