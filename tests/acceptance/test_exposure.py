"""One port opened by hand, rated by what it exposes: on the fake AWS, by the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from driftguard.demo.cloud import CREDENTIALS, Cloud, running_cloud
from tests.cli.conftest import resource, security_group, state

REGION = "eu-west-1"
OPENED = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
INLINE = {
    "protocol": "tcp",
    "from_port": 22,
    "to_port": 22,
    "cidr_blocks": ["0.0.0.0/0"],
    "ipv6_cidr_blocks": [],
    "prefix_list_ids": [],
    "security_groups": [],
    "self": False,
    "description": "",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """A fake AWS with nothing in it."""
    with running_cloud() as running, pytest.MonkeyPatch.context() as patched:
        for name, value in CREDENTIALS.items():
            patched.setenv(name, value)
        reset = urllib.request.Request(f"{running.endpoint}/moto-api/reset", method="POST")  # noqa: S310  # our own server
        urllib.request.urlopen(reset).close()  # noqa: S310  # as above
        yield running


@pytest.fixture(scope="module")
def groups(cloud: Cloud) -> Mapping[str, Mapping[str, Any]]:
    """One group on a public instance, one on nothing, one that was declared open; all opened."""
    ec2 = boto3.client("ec2", endpoint_url=cloud.endpoint, region_name=REGION)
    network = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    made = {
        name: ec2.create_security_group(GroupName=name, Description="web servers", VpcId=network)
        for name in ("public", "alone", "narrowed")
    }
    interface = {
        "DeviceIndex": 0,
        "SubnetId": subnet,
        "Groups": [made["public"]["GroupId"]],
        "AssociatePublicIpAddress": True,
    }
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, NetworkInterfaces=[interface])
    for name in ("public", "alone"):
        ec2.authorize_security_group_ingress(
            GroupId=made[name]["GroupId"],
            IpPermissions=[OPENED],
        )
    for one in made.values():
        ec2.revoke_security_group_egress(
            GroupId=one["GroupId"],
            IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        )
    return {
        name: security_group(
            id=one["GroupId"],
            arn=f"arn:aws:ec2:{REGION}:123456789012:security-group/{one['GroupId']}",
            owner_id="123456789012",
            name=name,
            vpc_id=network,
            ingress=[INLINE] if name == "narrowed" else [],
        )
        for name, one in made.items()
    }


@pytest.mark.parametrize(
    ("name", "severity", "direction", "verdict"),
    [
        ("public", "critical", "widened", "introduced"),
        ("alone", "medium", "widened", "introduced"),
        ("narrowed", "low", "narrowed", "fixed"),
    ],
)
def test_ssh_open_to_the_world_is_rated_by_what_it_reaches(
    cloud: Cloud,
    groups: Mapping[str, Mapping[str, Any]],
    tmp_path: Path,
    name: str,
    severity: str,
    direction: str,
    verdict: str,
) -> None:
    """Critical with a public address behind it, medium on nothing, low where it only narrows."""
    declared = tmp_path / "terraform.tfstate"
    declared.write_text(state(resource("aws_security_group", name, groups[name])), "utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "driftguard", "scan", "--state", str(declared)),
            *("--endpoint-url", cloud.endpoint, "--no-unmanaged", "--format", "json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 1 == ran.returncode, ran.stderr
    (finding,) = json.loads(ran.stdout)["findings"]
    assert (severity, direction) == (finding["severity"], finding["direction"])
    ssh = next(one for one in finding["judgements"] if one["rule"] == "DG-AWS-SG-001")
    assert (verdict, "SSH open to the world") == (ssh["verdict"], ssh["title"])
