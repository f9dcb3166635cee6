"""Reports written by hand, for the tests of what is told."""

from __future__ import annotations

from driftguard.model import (
    Address,
    Change,
    ChangeKind,
    Drift,
    DriftKind,
    Finding,
    ScanReport,
    Scope,
    Severity,
    Unknown,
)

SCOPE = Scope(account="111122223333", region="eu-central-1")
ADDED, REMOVED, CHANGED = ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED

SSH = {"from_port": 22, "peer": "0.0.0.0/0", "protocol": "tcp", "to_port": 22}
OPENED = Drift(
    address=Address(module='module.net["a"]', type="aws_security_group", name="web"),
    scope=SCOPE,
    kind=DriftKind.CHANGED,
    id="sg-0a1b2c3d",
    changes=(
        Change(path="ingress", kind=ADDED, live=SSH),  # type: ignore[arg-type]  # JSON
        Change(path="description", kind=CHANGED, declared="web servers", live="test"),
    ),
    stack="network",
    component="platform",
)
GONE = Drift(
    address=Address(type="aws_iam_role", name="ci"),
    scope=Scope(account="111122223333", region="global"),
    kind=DriftKind.MISSING,
    id="ci",
    stack="network",
)
BY_HAND = Drift(
    address=Address(type="aws_s3_bucket", name="unmanaged", key="left-over"),
    scope=SCOPE,
    kind=DriftKind.UNMANAGED,
    id="left-over",
    changes=(Change(path="bucket", kind=ADDED, live="left-over"),),
)


def found(*drifts: tuple[Drift, Severity]) -> tuple[Finding, ...]:
    """Rate drifts by hand."""
    return tuple(Finding(drift=drift, severity=severity) for drift, severity in drifts)


DRIFTED = ScanReport(
    declared=10,
    checked=10,
    findings=found((BY_HAND, Severity.LOW), (OPENED, Severity.CRITICAL), (GONE, Severity.HIGH)),
)
DENIED = "access denied: grant ec2:DescribeInstances to arn:aws:iam::111122223333:role/reader"
HALF_READ = ScanReport(
    declared=306,
    checked=1,
    unreadable=(
        *(Unknown(address=f"aws_instance.app[{n}]", reason=DENIED) for n in range(300)),
        Unknown(address="aws_vpc.main", reason="throttled"),
    ),
    unsearched=(Unknown(address="aws_instance in 111122223333/eu-central-1", reason=DENIED),),
    unsupported={"aws_glue_job": 1, "aws_athena_workgroup": 3},
    problems=("s3://states/a.tfstate could not be read: there is no such key.",),
    warnings=("aws_vpc.main is declared twice.",),
    excluded=2,
)
CLEAN = ScanReport(declared=3, checked=3)
