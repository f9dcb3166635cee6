"""What is measured, each in a process of its own: ``python -m benchmarks.cases CASE ARGUMENTS``."""

from __future__ import annotations

import gc
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
import urllib3

from benchmarks import estate as made
from benchmarks.estate import Estate
from benchmarks.measure import cpu, exponent, resident, serving
from benchmarks.protocols import protocol
from benchmarks.rules import rules
from driftguard.canonical.policy import POLICY
from driftguard.canonical.rules import RULES
from driftguard.compare.earlier import Earlier
from driftguard.cycle import ScanRequest, ScanResult, scan
from driftguard.declared.places import Declarations
from driftguard.live.access import AwsOptions
from driftguard.live.look import LiveView, look
from driftguard.live.session import AwsReaders
from driftguard.live.warm import Warm
from driftguard.redact import Redactor


@dataclass(kw_only=True)
class Ours:
    """Scans of one estate: with ``warm``, each knows what the last one met."""

    url: str
    declarations: Declarations
    redactor: Redactor = field(default_factory=Redactor)
    warm: Warm | None = None
    earlier: Earlier | None = None

    def scan(self) -> ScanResult:
        """Look at everything, compare it and rate it."""
        options = AwsOptions(endpoint_url=self.url, calls_per_second=0)
        return scan(
            ScanRequest(stacks=(), unmanaged=False),
            declare=lambda _: self.declarations,
            look=lambda parts, readers: look(parts, readers, warm=self.warm),
            readers=AwsReaders((), options, warm=self.warm),
            redactor=self.redactor,
            earlier=self.earlier,
        )


def floor(url: str, estate: Estate) -> int:
    """Fetch the same bytes and build their bare trees (xml.etree, in C): comparison (a)."""
    pool, elements = urllib3.PoolManager(), 0
    for kind, many in made.counts(estate):
        for page in range(-(-many // made.PER_PAGE)):
            body = f"Action={kind.operation}&NextToken={page}"
            elements += len(ET.fromstring(pool.request("POST", url, body=body).data))  # noqa: S314  # our own server's
    return elements


def scans(estate: Estate) -> dict[str, float]:
    """Compare a cold and a warm scan with the floor, in turn."""
    declarations = Declarations(resources=tuple(made.declared(estate)))
    _settle()
    with serving(estate) as url:
        cold = Ours(url=url, declarations=declarations)
        warm = Ours(url=url, declarations=declarations, warm=Warm(), earlier=Earlier())
        _checked(cold.scan(), estate)
        found: dict[str, list[float]] = {"floor": [], "cold": [], "warm": [], "changed": []}
        _checked(warm.scan(), estate)
        for share in (0.01, 0.02, 0.011):
            with _collected():
                found["floor"].append(cpu(lambda: floor(url, estate), 1))
            found["cold"].append(cpu(cold.scan, 1))
            found["warm"].append(cpu(warm.scan, 1))
            _post(f"{url}/change", share)
            found["changed"].append(cpu(warm.scan, 1))
            _post(f"{url}/change", 0)
            warm.scan()
    return {name: sorted(seconds)[1] for name, seconds in found.items()}


def memory(estate: Estate) -> dict[str, float]:
    """Return what one cold scan needs beside the declarations, which are made up here."""
    with serving(estate) as url:
        declarations = Declarations(resources=tuple(made.declared(estate)))
        before = resident()
        Ours(url=url, declarations=declarations).scan()
        return {"declared": before, "resident": resident()}


def naive(estate: Estate) -> dict[str, float]:
    """Plain boto3's parser, Terraform's shape, DeepDiff(ignore_order=True): comparison (b)."""
    from deepdiff import DeepDiff  # noqa: PLC0415  # as driftguard, which takes it seldom

    declared = {one.id: dict(one.attributes) for one in made.declared(estate)}
    for one in declared.values():
        one.pop("tags_all")

    def run() -> int:
        client = botocore.session.get_session().create_client("ec2", endpoint_url=url)
        pages = client.get_paginator("describe_security_groups").paginate()
        groups = (_shaped(group) for page in pages for group in page["SecurityGroups"])
        rules = client.get_paginator("describe_security_group_rules").paginate()
        sum(len(page["SecurityGroupRules"]) for page in rules)
        return sum(bool(DeepDiff(declared[one["id"]], one, ignore_order=True)) for one in groups)

    with serving(estate) as url:
        return {"seconds": cpu(run, 1)}


def _shaped(group: Any) -> dict[str, Any]:
    def rules(permissions: Any) -> list[dict[str, Any]]:
        return [
            {
                "from_port": one.get("FromPort", 0),
                "to_port": one.get("ToPort", 0),
                "protocol": one["IpProtocol"],
                "cidr_blocks": [peer["CidrIp"] for peer in one["IpRanges"]],
                "ipv6_cidr_blocks": [],
                "prefix_list_ids": [],
                "security_groups": [],
                "self": False,
                "description": one["IpRanges"][0].get("Description", ""),
            }
            for one in permissions
        ]

    return {
        "id": group["GroupId"],
        "name": group["GroupName"],
        "description": group["Description"],
        "vpc_id": group["VpcId"],
        "owner_id": group["OwnerId"],
        "ingress": rules(group["IpPermissions"]),
        "egress": rules(group["IpPermissionsEgress"]),
        "tags": {tag["Key"]: tag["Value"] for tag in group["Tags"]},
    }


def linear(most: int) -> dict[str, float]:
    """Compare a growing number of groups in process, a block of 10,000 live ones at a time."""
    block = 10_000
    with serving({"aws_security_group": block}) as url:
        declarations = Declarations(resources=tuple(made.declared({"aws_security_group": block})))
        views: list[LiveView] = []

        def seen(parts: Any, readers: Any) -> LiveView:
            views.append(look(parts, readers))
            return views[-1]

        options = AwsOptions(endpoint_url=url)
        scan(
            ScanRequest(stacks=(), unmanaged=False),
            declare=lambda _: declarations,
            look=seen,
            readers=AwsReaders((), options),
            redactor=Redactor(),
        )
    sizes = [size for size in (block, 10 * block, 100 * block) if size <= most]
    seconds = [
        cpu(lambda size=size: _compare(size // block, declarations, views[0]), 1) for size in sizes
    ]
    return {"exponent": exponent(sizes, seconds) if len(sizes) > 1 else 1.0}


def _compare(times: int, declarations: Declarations, view: LiveView) -> None:
    """Compare so many times as many groups: the same objects, declared under other names."""
    from dataclasses import replace  # noqa: PLC0415  # only here

    declared = tuple(
        replace(one, address=replace(one.address, module=f"module.m{number}"))
        for number in range(times)
        for one in declarations.resources
    )
    scan(
        ScanRequest(stacks=(), unmanaged=False),
        declare=lambda _: Declarations(resources=declared),
        look=lambda parts, readers: view,
        readers=AwsReaders((), AwsOptions()),
        redactor=Redactor(),
    )


def documents(size: int) -> dict[str, float]:
    """Return milliseconds for a big policy and for 1,000 rules half rewritten."""
    gc.disable()  # as a scan does
    before, after = _policy(size, "Allow"), _policy(size, "Deny")
    rules = [[_rule(number, edited) for number in range(1000)] for edited in (False, True)]
    one, other = POLICY.canonical(before), POLICY.canonical(after)
    told = cpu(lambda: list(POLICY.changes("policy", one, other)))
    return {
        "policy": 1000 * cpu(lambda: POLICY.canonical(before)),
        "policy_changes": 1000 * told,
        "rules": 1000 * cpu(lambda: _compared_rules(*rules)),
    }


def _policy(size: int, effect: str) -> str:
    statements: list[object] = []
    length = 0
    while length < size:
        number = len(statements)
        statement = {
            "Sid": f"S{number}",
            "Effect": effect if number % 2 else "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::bucket-{number}", f"arn:aws:s3:::bucket-{number}/*"],
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": [f"o-{number}"]}},
        }
        statements.append(statement)
        length += len(json.dumps(statement, separators=(",", ":"))) + 1
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _rule(number: int, edited: bool) -> made.Object:  # noqa: FBT001  # which of two
    first = 11 if edited and number % 2 else 10
    return {
        "from_port": number,
        "to_port": number,
        "protocol": "tcp",
        "cidr_blocks": [f"{first}.{number % 250}.{number // 250}.0/24"],
        "description": f"rule {number}",
    }


def _compared_rules(before: object, after: object) -> None:
    list(RULES.changes("ingress", RULES.canonical(before), RULES.canonical(after)))


def quota(calls: int) -> dict[str, float]:
    """Ask a server that takes 100 calls at once and 20 a second after; wall time, by its nature."""
    with serving({"aws_vpc": 0}, latency=0.03) as url:
        _post(f"{url}/throttle", [100, 20])
        reader: Any = AwsReaders((), AwsOptions(endpoint_url=url)).reader(made.SCOPE)
        begin = time.perf_counter()
        answers = reader.each("ec2", "DescribeAddresses", {str(n): {} for n in range(calls)})
        seconds = time.perf_counter() - begin
        with urllib.request.urlopen(f"{url}/quota") as found:  # noqa: S310  # our own server
            accepted, refused = json.loads(found.read())
    failed = sum(not isinstance(one, dict) for one in answers.values())
    ideal = max(calls - 100, 1) / 20
    return {
        "ratio": seconds / ideal,
        "failed": failed,
        "refused": refused,
        "accepted": accepted,
    }


def _post(url: str, body: object) -> None:
    with urllib.request.urlopen(url, json.dumps(body).encode()):  # noqa: S310  # our own server
        return


def _checked(result: ScanResult, estate: Estate) -> None:
    """Make sure that a scan has checked and found everything: one that reads less is soon done."""
    if result.report.checked != sum(estate.values()):
        raise RuntimeError(result.report.unreadable[:1])
    drifted = sum(-(-many // made.DRIFT_EVERY) for many in estate.values())
    if len(result.report.findings) != drifted:
        raise RuntimeError(f"{len(result.report.findings)} findings in the place of {drifted}")


def _settle() -> None:
    gc.collect()
    gc.freeze()


class _collected:  # noqa: N801  # a context, as contextlib's own
    """The collector off: the floor gets what a scan has."""

    def __enter__(self) -> None:
        gc.disable()

    def __exit__(self, *error: object) -> None:
        gc.enable()


CASES: dict[str, Callable[..., dict[str, float]]] = {
    "scans": lambda text: scans(json.loads(text)),
    "memory": lambda text: memory(json.loads(text)),
    "naive": lambda text: naive(json.loads(text)),
    "linear": lambda most: linear(int(most)),
    "documents": lambda size: documents(int(size)),
    "rules": lambda many, extra: rules(int(many), int(extra)),
    "protocol": lambda name, size: protocol(name, int(size)),
    "quota": lambda calls: quota(int(calls)),
}

if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[1]](*sys.argv[2:])))
