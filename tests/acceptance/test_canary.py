"""Two secrets, copied to wherever people copy secrets, come out nowhere.

One stands in an attribute whose schema calls it sensitive, one at a path that
the state marks. Both are copied, unmarked, into other resources and into AWS.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from moto.server import ThreadedMotoServer

from driftguard.cli import scan_job
from driftguard.cli.main import run_arguments
from driftguard.declared import places
from tests.cli.conftest import resource, state

PASSWORD = "Tr4-la/la&la-Canary"  # planted
MARKED = "otter.Canary_8820!xyz"
SECRETS = (PASSWORD, MARKED)
REGION = "eu-central-1"
ADDRESSES = (
    "aws_db_instance.main",
    "aws_iam_role.app",
    "aws_iam_role_policy.p",
    "aws_instance.app",
    "aws_security_group.web",
    "aws_sqs_queue.jobs",
)
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def spellings(secret: str) -> Iterator[bytes]:
    """Yield what a secret looks like when something has wrapped it up."""
    yield secret.encode()
    yield quote(secret, safe="").encode()
    yield json.dumps(secret)[1:-1].encode()
    yield secret.replace("&", r"\u0026").encode()
    for before in range(3):  # wherever it stands in a longer text, in base64
        start = (0, 2, 3)[before]
        yield base64.b64encode(b"x" * before + secret.encode())[start:-4]


def policy(secret: str) -> str:
    condition = {"StringEquals": {"aws:PrincipalTag/key": secret}}
    statement = {
        "Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition,
    }  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user_data(secret: str) -> str:
    return f"#!/bin/sh\nexport DB_PASSWORD={secret}\necho {secret}\n"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


def live(endpoint: str) -> dict[str, str]:
    """Make in AWS what the state declares, every secret in another place."""
    session = boto3.Session("testing", "testing", region_name=REGION)  # moto's
    made: dict[str, str] = {}
    ec2 = session.client("ec2", endpoint_url=endpoint)
    group = ec2.create_security_group(GroupName="web", Description=f"login {PASSWORD}")
    made["group"] = group["GroupId"]
    tags = [{"Key": "note", "Value": f"now {MARKED}"}, {"Key": f"k {PASSWORD}", "Value": "x"}]
    ec2.create_tags(Resources=[group["GroupId"]], Tags=tags)
    ec2.create_security_group(GroupName=f"by hand {PASSWORD}", Description=MARKED)
    instance = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, UserData=user_data(f"new {PASSWORD}")
    )
    made["instance"] = instance["Instances"][0]["InstanceId"]
    iam = session.client("iam", endpoint_url=endpoint)
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST, Description=f"b {MARKED}")
    iam.put_role_policy(RoleName="app", PolicyName="p", PolicyDocument=policy(f"2 {PASSWORD}"))
    sqs = session.client("sqs", endpoint_url=endpoint)
    queue = sqs.create_queue(QueueName="jobs", tags={"note": f"{PASSWORD} {MARKED}"})
    made["queue"] = queue["QueueUrl"]
    session.client("rds", endpoint_url=endpoint).create_db_instance(
        DBInstanceIdentifier="main", DBInstanceClass="db.t3.micro", Engine="postgres",
        MasterUsername="root", MasterUserPassword="else-Canary-1", AllocatedStorage=20,
        Tags=[{"Key": "note", "Value": f"on {PASSWORD}"}],
    )  # fmt: skip
    return made


def declared(made: dict[str, str]) -> str:
    """Return the state: each copy a little other than in AWS, so that it is told as drift."""
    arn = f"arn:aws:ec2:{REGION}:123456789012:security-group/{made['group']}"
    tags = {"note": f"was {MARKED}", f"was {PASSWORD}": "x"}
    group = {"id": made["group"], "arn": arn, "name": "web", "description": f"{PASSWORD} once"}
    role = {"id": "app", "name": "app", "assume_role_policy": TRUST, "description": MARKED,
            "arn": "arn:aws:iam::123456789012:role/app"}  # fmt: skip
    inline = {"id": "app:p", "role": "app", "name": "p", "policy": policy(PASSWORD)}
    script = user_data(PASSWORD)
    instance = {
        "id": made["instance"], "ami": "ami-12c6146b", "user_data": script,
        "user_data_base64": base64.b64encode(script.encode()).decode(), "tags": tags,
        "tags_all": tags,
    }  # fmt: skip
    queue = {"id": made["queue"], "url": made["queue"], "name": "jobs", "tags_all": tags}
    database = {"id": "db-X", "identifier": "main", "password": PASSWORD, "engine": "postgres"}
    marked = resource("aws_iam_role", "app", role)
    marks = [[{"type": "get_attr", "value": "description"}]]
    instances: Any = marked["instances"]
    instances[0]["sensitive_attributes"] = marks
    environment = {"variables": {"URL": f"postgres://root:{PASSWORD}@db/x", "TOKEN": MARKED}}
    return state(
        resource("aws_db_instance", "main", {**database, "tags_all": tags}),
        marked,
        resource("aws_security_group", "web", {**group, "tags": tags, "tags_all": tags}),
        resource("aws_iam_role_policy", "p", inline),
        resource("aws_instance", "app", instance),
        resource("aws_sqs_queue", "jobs", queue),
        resource("aws_lambda_function", "f", {"id": "f", "environment": [environment]}),
    )


class Searched:
    """Runs the program and looks for the secrets in all that it leaves."""

    def __init__(self, folder: Path, endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.state = folder / "terraform.tfstate"
        self.source = (
            *("--state", str(self.state), "--endpoint-url", endpoint, "--region", REGION),
            *("--log-level", "debug", "--debug"),
        )

    def run(self, *arguments: str) -> str:
        """Run it and return what it told, proven to hold no secret."""
        code = run_arguments(arguments)
        told = self.capsys.readouterr()
        self.search("its output", (told.out + told.err).encode())
        for path in self.folder.rglob("*"):
            if path.is_file() and path != self.state:
                self.search(path.name, path.read_bytes() + path.name.encode())
        return f"{code}\n{told.out}\n{told.err}"

    @staticmethod
    def search(where: str, data: bytes) -> None:
        for secret in SECRETS:
            for spelling in spellings(secret):
                at = data.find(spelling)
                assert at < 0, f"{where}: {data[max(at - 200, 0) : at + 60]!r}"


@pytest.fixture(scope="module")
def made(endpoint: str) -> dict[str, str]:
    return live(endpoint)


@pytest.fixture
def searched(
    tmp_path: Path,
    endpoint: str,
    made: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Searched:
    for name in [*os.environ]:
        if name.startswith(("AWS_", "DRIFTGUARD_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    found = Searched(tmp_path, endpoint, capsys)
    found.state.write_text(declared(made), encoding="utf-8")
    return found


def test_a_search_finds_what_is_there(searched: Searched):
    for wrapped in (MARKED.encode(), base64.b64encode(user_data(PASSWORD).encode())):
        with pytest.raises(AssertionError):
            searched.search("a planted one", wrapped)


def test_a_table_tells_the_drift_and_no_secret(searched: Searched):
    told = searched.run("scan", *searched.source)
    assert told.startswith("1\n")
    assert "(sensitive)" in told


def test_json_metrics_and_a_recording_hold_no_secret_nor_does_its_replay(searched: Searched):
    folder = searched.folder
    report, record = folder / "report.json", folder / "recording"
    files = ("--output", str(report), "--metrics-textfile", str(folder / "x.prom"))
    searched.run("scan", *searched.source, "--format", "json", "--record", str(record), *files)
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert {*ADDRESSES} <= {one["address"] for one in findings}
    assert len([*record.iterdir()]) > 10
    replayed = searched.run("scan", "--state", str(searched.state), "--replay", str(record))
    assert replayed.startswith("1\n")


def test_no_format_tells_a_secret_and_all_are_searched(searched: Searched):
    names = ("sarif", "junit", "markdown", "html", "github")
    asked = [f"--format={name}={searched.folder / name}" for name in names]
    assert searched.run("scan", *searched.source, *asked).startswith("1\n")
    assert {*names} <= {path.name for path in searched.folder.iterdir()}


@pytest.mark.parametrize("output", ["table", "json"])
def test_explaining_each_resource_tells_no_secret(searched: Searched, output: str):
    for address in ADDRESSES:
        told = searched.run("explain", *searched.source, "--format", output, address)
        assert told.startswith("0\n"), told


@pytest.mark.parametrize("error", [ValueError, KeyError, OSError, UnicodeError])
def test_a_bug_whose_message_holds_a_secret_does_not_tell_it(
    searched: Searched, error: type[Exception], monkeypatch: pytest.MonkeyPatch
):
    def broken(*_arguments: object, **_more: object) -> str:
        raise error(f"can't tell {PASSWORD} from {MARKED}")

    monkeypatch.setattr(scan_job, "_checked", broken)
    told = searched.run("scan", *searched.source)
    assert told.startswith("2\n")
    assert "Traceback" in told


@pytest.mark.parametrize("broken", ["parse_state", "Seal"])
def test_a_bug_before_the_secrets_are_known_does_not_quote_the_state(
    searched: Searched, broken: str, monkeypatch: pytest.MonkeyPatch
):
    def failing(*_arguments: object, **_more: object) -> object:
        raise KeyError(f"can't tell {PASSWORD} from {MARKED}")

    monkeypatch.setattr(places, broken, failing)
    told = searched.run("scan", *searched.source)
    assert told.startswith("2\n")
    assert "KeyError" in told


@pytest.mark.parametrize("cut", [50, 400, 900, -300, -2])
def test_a_state_that_is_cut_off_is_not_quoted(searched: Searched, cut: int):
    text = searched.state.read_text(encoding="utf-8")
    searched.state.write_text(text[:cut], encoding="utf-8")
    assert searched.run("scan", *searched.source).startswith("2\n")
