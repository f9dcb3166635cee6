"""The whole way on a fake AWS: a small company, clean, then changed by hand."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from driftguard.clock import SystemClock
from driftguard.cycle import ScanRequest, scan
from driftguard.declared.places import PlaceOptions, read_places
from driftguard.demo.cloud import CREDENTIALS, Cloud, running_cloud
from driftguard.demo.company import build_company, steps_by_hand
from driftguard.live.access import AwsOptions
from driftguard.live.collections import COLLECTIONS
from driftguard.live.look import look
from driftguard.live.session import AwsReaders
from driftguard.model import DriftKind, ScanReport, Severity, Stack
from driftguard.redact import Redactor

BUCKETS, QUEUES, PARTS_OF_A_BUCKET = 2, 2, 15
BULK = {
    "cloudtrail.DescribeTrails",
    "ec2.DescribeInstanceCreditSpecifications",
    "ec2.DescribeInstances",
    "ec2.DescribeSecurityGroupRules",
    "ec2.DescribeSecurityGroups",
    "ec2.DescribeSubnets",
    "ec2.DescribeVolumes",
    "ec2.DescribeVpcs",
    "ec2.GetEbsEncryptionByDefault",
    "iam.GetAccountPasswordPolicy",
    "iam.ListInstanceProfiles",
    "iam.ListRoles",
    "kms.ListAliases",
    "kms.ListKeys",
    "logs.DescribeLogGroups",
    "rds.DescribeDBInstances",
    "s3.ListBuckets",
    "sns.ListTopics",
    "sqs.ListQueues",
    "sts.GetCallerIdentity",
}
"""What is asked once, however many objects there are."""


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """A fake AWS with nothing in it: moto keeps one world per process."""
    with running_cloud() as running, pytest.MonkeyPatch.context() as patched:
        for name, value in CREDENTIALS.items():
            patched.setenv(name, value)
        reset = urllib.request.Request(f"{running.endpoint}/moto-api/reset", method="POST")  # noqa: S310  # our own server
        urllib.request.urlopen(reset).close()  # noqa: S310  # as above
        yield running


@pytest.fixture(scope="module")
def scanned(
    cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ScanReport, Counter[str], ScanReport]:
    """The report of a clean scan, the calls it made, and the report after a day by hand."""
    state = tmp_path_factory.mktemp("company") / "terraform.tfstate"
    network = build_company(cloud, state)
    clean, calls = scan_company(cloud, state)
    for step in steps_by_hand(network):
        step.take(cloud)
    drifted, _ = scan_company(cloud, state)
    return clean, calls, drifted


def scan_company(cloud: Cloud, state: Path) -> tuple[ScanReport, Counter[str]]:
    readers = AwsReaders(options=AwsOptions(endpoint_url=cloud.endpoint))
    redactor = Redactor()
    result = scan(
        ScanRequest(stacks=(Stack(name="shop", places=(str(state),)),)),
        declare=lambda stacks: read_places(stacks, PlaceOptions(), redactor, SystemClock()),
        look=lambda parts, asked: look(parts, asked, parallel=8),
        readers=readers,
        redactor=redactor,
    )
    calls: Counter[str] = Counter()
    for (service, operation, _), count in readers.calls.counts().items():
        calls[f"{service}.{operation}"] += count
    readers.close()
    return result.report, calls


def test_a_company_as_declared_is_clean_and_wholly_read(scanned):
    clean, _, _ = scanned
    assert () == clean.findings
    assert clean.complete
    assert clean.declared == clean.checked > 30


def test_everything_done_by_hand_is_found_once(scanned):
    _, _, drifted = scanned
    found = {(str(one.drift.address), one.drift.kind) for one in drifted.findings}
    assert {
        ("aws_iam_role.shop_worker", DriftKind.CHANGED),
        ("aws_s3_bucket_public_access_block.invoices", DriftKind.MISSING),
        ("aws_security_group.web", DriftKind.CHANGED),
        ('aws_s3_bucket.unmanaged["shop-quick-export"]', DriftKind.UNMANAGED),
        ("aws_vpc_security_group_ingress_rule.database_from_web", DriftKind.MISSING),
        ("aws_vpc.shop", DriftKind.CHANGED),
    } == found
    assert len(found) == len(drifted.findings)


def test_the_worst_comes_first(scanned):
    _, _, drifted = scanned
    severities = [one.severity for one in drifted.findings]
    assert sorted(severities, reverse=True) == severities
    assert (Severity.HIGH, Severity.INFO) == (severities[0], severities[-1])


def test_what_has_a_bulk_call_is_asked_for_once(scanned):
    _, calls, _ = scanned
    assert dict.fromkeys(BULK, 1) == {name: calls[name] for name in BULK}


def test_the_calls_of_a_scan_are_the_least_there_can_be(scanned):
    """One bulk call each, one call per kind of identity, and per declared object what has none."""
    _, calls, _ = scanned
    by_kind = {"iam.GetAccountAuthorizationDetails": 3}
    objects = {
        "cloudtrail.GetEventSelectors": 1,
        "cloudtrail.GetInsightSelectors": 1,
        "cloudtrail.GetTrailStatus": 1,
        "cloudtrail.ListTags": 1,
        "ec2.DescribeInstanceAttribute": 4,
        "ec2.DescribeVpcAttribute": 3,
        "iam.GetPolicy": 1,
        "kms.DescribeKey": 1,
        "kms.GetKeyPolicy": 1,
        "kms.GetKeyRotationStatus": 1,
        "kms.ListResourceTags": 1,
        "logs.ListTagsForResource": 1,
        "sns.GetTopicAttributes": 1,
        "sns.ListTagsForResource": 1,
        "sqs.GetQueueAttributes": QUEUES,
        "sqs.ListQueueTags": QUEUES,
    }
    of_buckets = {name: count for name, count in calls.items() if name.startswith("s3.Get")}
    rest = {name: count for name, count in calls.items() if name not in of_buckets}
    assert {**dict.fromkeys(BULK, 1), **by_kind, **objects} == rest
    assert dict.fromkeys(of_buckets, BUCKETS) == of_buckets
    assert PARTS_OF_A_BUCKET == len(of_buckets)


def test_the_permissions_of_the_read_policy_cover_every_call(scanned):
    from driftguard.live.actions import iam_action  # noqa: PLC0415  # beside its only use

    _, calls, _ = scanned
    granted = {name for one in COLLECTIONS.values() for name in one.permissions}
    granted.add("sts:GetCallerIdentity")
    needed = {iam_action(*name.split(".", 1)) for name in calls}
    assert set() == needed - granted


def test_the_demo_tells_its_story_and_ends_with_0():
    ended = subprocess.run(
        [sys.executable, "-m", "driftguard", "demo"], capture_output=True, text=True, check=False
    )
    assert (0, "") == (ended.returncode, ended.stderr)
    story = ended.stdout
    told = ["1. Everything is as declared", "no drift", "2. Somebody works by hand", "3. The next"]
    assert sorted(story.index(part) for part in told) == [story.index(part) for part in told]
    assert "tcp 22, 0.0.0.0/0" in story
    assert "a-password-that-is-never-told" not in story
