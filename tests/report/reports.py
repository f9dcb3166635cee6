"""Reports written by hand, for the tests of what is told."""

from __future__ import annotations

from driftguard.model import (
    Address,
    Change,
    ChangeKind,
    Drift,
    DriftKind,
    ExceptionState,
    Finding,
    Judgement,
    Mode,
    ScanReport,
    Scope,
    Severity,
    Unknown,
    Verdict,
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

SSH_RULE = Judgement(
    rule="DG-AWS-SG-001",
    title="SSH open to the world",
    verdict=Verdict.INTRODUCED,
    severity=Severity.CRITICAL,
    reason="It is scanned within minutes.",
    how="The rule is revoked.",
    mode=Mode.AUTO,
    about=frozenset({"ingress"}),
)
OTHER_RULE = Judgement(
    rule="ACME-NET-001",
    title="Ports of ours only",
    verdict=Verdict.PRE_EXISTING,
    severity=Severity.LOW,
    reason="We said so.",
)
BROKEN_RULE = Judgement(
    rule="DG-AWS-SG-009",
    title="Everything open",
    verdict=Verdict.ERROR,
    severity=Severity.HIGH,
    reason="no such key: egress",
)
ACCEPTED_RULE = Judgement(
    rule="DG-AWS-IAM-003",
    title="A role is gone",
    verdict=Verdict.INTRODUCED,
    severity=Severity.HIGH,
    reason="Somebody needs it.",
    exception="EX-1",
)
WAITING_RULE = Judgement(
    rule="DG-AWS-S3-002",
    title="A bucket for everybody",
    verdict=Verdict.ERROR,
    severity=Severity.CRITICAL,
    reason="known only after apply: policy",
)


def judged(drift: Drift, *judgements: Judgement) -> Finding:
    """Make a finding of a drift as its first judgement rates it."""
    first = judgements[0]
    return Finding(
        drift=drift,
        severity=first.severity,
        verdict=first.verdict,
        rule=first.rule,
        reason=first.title,
        judgements=judgements,
        exception=first.exception,
    )


AS_DECLARED = Drift(
    address=Address(type="aws_security_group", name="old"),
    scope=SCOPE,
    kind=DriftKind.UNCHANGED,
    id="sg-old",
)
TO_COME = Drift(
    address=Address(type="aws_s3_bucket_policy", name="new"),
    scope=SCOPE,
    kind=DriftKind.PLANNED,
    id="",
)
JUDGED = ScanReport(
    declared=4,
    checked=4,
    findings=(judged(OPENED, SSH_RULE, OTHER_RULE, BROKEN_RULE),),
    pre_existing=(judged(AS_DECLARED, OTHER_RULE),),
    accepted=(judged(GONE, ACCEPTED_RULE),),
    undecided=(judged(TO_COME, WAITING_RULE),),
    exceptions=(ExceptionState(id="EX-1", state="active", expires="2030-01-01", matched=1),),
)
"""One of everything that rules can say."""
