"""The table, by texts written by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from driftguard.model import Change, ChangeKind, Drift, ScanReport, Severity
from driftguard.report.table import CHANGES, FINDINGS, render_table
from tests.report.reports import BY_HAND, CLEAN, DRIFTED, GONE, HALF_READ, OPENED, found

DRIFTED_AT_80 = """\
CRITICAL  changed    module.net["a"].aws_security_group.web
          sg-0a1b2c3d  111122223333/eu-central-1  stack network (platform)
          description: web servers → test
          ingress: (nothing)
            → {from_port: 22, peer: 0.0.0.0/0, protocol: tcp, to_port: 22}

HIGH      missing    aws_iam_role.ci
          ci  111122223333/global  stack network

LOW       unmanaged  aws_s3_bucket.unmanaged["left-over"]
          111122223333/eu-central-1
          bucket: left-over

Next, with the same options:
  driftguard explain 'module.net["a"].aws_security_group.web'
      what was compared, and how

10 checked, 0 unreadable, 0 unsupported, 2 drifted, 1 unmanaged, 0 suppressed
"""

DRIFTED_AT_200 = """\
CRITICAL  changed    module.net["a"].aws_security_group.web
          sg-0a1b2c3d  111122223333/eu-central-1  stack network (platform)
          description: web servers → test
          ingress: (nothing) → {from_port: 22, peer: 0.0.0.0/0, protocol: tcp, to_port: 22}

HIGH      missing    aws_iam_role.ci
          ci  111122223333/global  stack network

LOW       unmanaged  aws_s3_bucket.unmanaged["left-over"]
          111122223333/eu-central-1
          bucket: left-over

Next, with the same options:
  driftguard explain 'module.net["a"].aws_security_group.web'  what was compared, and how

10 checked, 0 unreadable, 0 unsupported, 2 drifted, 1 unmanaged, 0 suppressed
"""

HALF_READ_AT_80 = """\
Could not be read: 301 declared resources
  300  access denied: grant ec2:DescribeInstances to
      arn:aws:iam::111122223333:role/reader
      aws_instance.app[0], aws_instance.app[100], aws_instance.app[101] and
        297 more
  1  throttled
      aws_vpc.main

Could not be searched for unmanaged ones: 1 place
  1  access denied: grant ec2:DescribeInstances to
      arn:aws:iam::111122223333:role/reader
      aws_instance in 111122223333/eu-central-1

Problems:
  s3://states/a.tfstate could not be read: there is no such key.

Not compared, of types that DriftGuard does not read: 4
  aws_athena_workgroup 3, aws_glue_job 1

Warnings:
  aws_vpc.main is declared twice.

Next, with the same options:
  driftguard iam-policy --read  the permissions that a scan needs

INCOMPLETE: not everything could be read; see above.
2 declared resources left out as asked.
1 checked, 301 unreadable, 4 unsupported, 0 drifted, 0 unmanaged, 0 suppressed
"""


def test_findings_are_told_worst_first_with_declared_and_live():
    assert DRIFTED_AT_80 == render_table(DRIFTED, width=80)


def test_a_wide_terminal_has_each_change_on_one_line():
    assert DRIFTED_AT_200 == render_table(DRIFTED, width=200)


def test_resources_unreadable_for_one_reason_are_one_line():
    assert HALF_READ_AT_80 == render_table(HALF_READ, width=80)


def test_a_clean_scan_is_two_lines():
    told = "3 declared resources compared; no drift.\n"
    counts = "3 checked, 0 unreadable, 0 unsupported, 0 drifted, 0 unmanaged, 0 suppressed\n"
    assert told + counts == render_table(CLEAN)


def test_an_incomplete_scan_never_says_that_there_is_no_drift():
    assert "no drift" not in render_table(HALF_READ)
    strict = replace(CLEAN, declared=4, unsupported={"aws_glue_job": 1})
    assert "no drift" in render_table(strict)
    assert "INCOMPLETE" in render_table(strict, strict=True)


def test_without_colours_there_is_no_escape_and_with_them_the_words_are_the_same():
    plain, coloured = render_table(DRIFTED, width=80), render_table(DRIFTED, width=80, colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in coloured
    assert plain == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_line_but_the_last_is_wider_than_the_terminal(width: int):
    for line in render_table(DRIFTED, width=width).splitlines()[:-1]:
        assert len(line) <= max(width, 60)


def changed(*changes: Change) -> ScanReport:
    return ScanReport(
        declared=1, checked=1, findings=found((replace(OPENED, changes=changes), Severity.LOW))
    )


def test_control_characters_escapes_and_bidi_overrides_have_no_power():
    evil = "a\x1b[2J\r\nINFO all clean\x9b1m\u202egnp\u2066\u200b"
    report = changed(Change(path=f"tags.{evil}", kind=ChangeKind.CHANGED, declared=evil, live="b"))
    drift = replace(OPENED, id=evil, address=replace(OPENED.address, key=evil), stack=evil)
    report = replace(
        report,
        findings=(*report.findings, *found((drift, Severity.HIGH))),
        problems=(evil,),
        warnings=(evil,),
    )
    told = render_table(report, width=500)
    assert "" == "".join(one for one in told if not (one.isprintable() or one == "\n"))
    assert not any(line.startswith("INFO") for line in told.splitlines())


def test_a_long_value_is_cut_where_it_begins_to_differ_and_the_table_says_how_to_see_all():
    before, after = "x" * 5000 + "declared" + "y" * 5000, "x" * 5000 + "live" + "y" * 5000
    report = changed(Change(path="user_data", kind=ChangeKind.CHANGED, declared=before, live=after))
    told = render_table(report, width=80)
    assert "declared" in told
    assert "live" in told
    assert len(told) < 2000
    assert "driftguard scan --format json  everything that was cut here" in told


def test_many_changes_and_many_findings_are_counted_and_not_written_out():
    changes = [Change(path=f"tags.{n:04}", kind=ChangeKind.ADDED, live="x") for n in range(999)]
    told = render_table(changed(*changes))
    assert CHANGES == told.count("tags.")
    assert "… and 974 changes more" in told
    many = [replace(BY_HAND, id=f"b{n:04}") for n in range(FINDINGS + 5)]
    report = replace(DRIFTED, findings=found(*((one, Severity.LOW) for one in many)))
    assert "… and 5 findings more, none of them worse." in render_table(report)


def test_a_secret_is_told_without_its_digest():
    token = "(sensitive 0123456789abcdef01234567)"
    report = changed(
        Change(path="password", kind=ChangeKind.CHANGED, declared=token, live=token[:-2] + "8)")
    )
    assert "password: (sensitive) → (sensitive)" in render_table(report)


def test_what_to_do_next_names_the_worst_declared_resource():
    report = replace(DRIFTED, findings=found((BY_HAND, Severity.HIGH), (GONE, Severity.LOW)))
    assert "driftguard explain aws_iam_role.ci" in render_table(report)


def test_a_drift_without_a_stack_or_an_account_still_has_a_line():
    lonely = Drift(
        address=GONE.address, scope=replace(GONE.scope, account=""), kind=GONE.kind, id=""
    )
    report = replace(DRIFTED, findings=found((lonely, Severity.LOW)))
    assert "\n          global\n" in render_table(report)


def test_what_tells_an_unmanaged_resource_from_its_like_is_one_line():
    described = replace(
        BY_HAND,
        changes=(
            Change(path="vpc_id", kind=ChangeKind.ADDED, live="vpc-1"),
            Change(path="cidr_block", kind=ChangeKind.ADDED, live="10.0.0.0/24"),
        ),
    )
    told = render_table(replace(DRIFTED, findings=found((described, Severity.LOW))))
    assert "\n          cidr_block: 10.0.0.0/24  vpc_id: vpc-1\n" in told
