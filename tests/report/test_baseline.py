from __future__ import annotations

import json
from dataclasses import replace

import pytest

from driftguard.errors import SettingsError
from driftguard.model import Change, ChangeKind, ScanReport, Severity
from driftguard.report import baseline as baseline_module
from driftguard.report.baseline import parse_baseline, without_known
from driftguard.report.json import render_json
from tests.report.reports import BY_HAND, DRIFTED, GONE, OPENED, found

PORT = Change(path="ingress", kind=ChangeKind.ADDED, live="another")


def after(earlier: ScanReport, now: ScanReport) -> ScanReport:
    return without_known(now, parse_baseline(render_json(earlier).encode(), place="b.json"))


def test_what_was_there_is_known_and_told_no_more():
    report = after(DRIFTED, DRIFTED)
    assert ((), 3) == (report.findings, len(report.known))
    summary = json.loads(render_json(report))["summary"]
    assert (0, 0, 3) == (summary["drifted"], summary["unmanaged"], summary["known"])


def test_what_came_since_is_new():
    earlier = replace(DRIFTED, findings=found((GONE, Severity.HIGH)))
    assert [OPENED.fingerprint, BY_HAND.fingerprint] == [
        one.drift.fingerprint for one in after(earlier, DRIFTED).findings
    ]


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (Severity.LOW, Severity.HIGH, 1),
        (Severity.HIGH, Severity.LOW, 0),
        (Severity.HIGH, Severity.HIGH, 0),
    ],
)
def test_a_worsened_severity_is_new_and_a_lesser_one_is_known(
    before: Severity, now: Severity, new: int
):
    earlier, later = (replace(DRIFTED, findings=found((OPENED, one))) for one in (before, now))
    assert new == len(after(earlier, later).findings)


def test_a_further_change_is_new_though_the_fingerprint_is_the_same():
    wider = replace(OPENED, changes=(*OPENED.changes, PORT))
    assert OPENED.fingerprint == wider.fingerprint
    earlier, later = (
        replace(DRIFTED, findings=found((one, Severity.LOW))) for one in (OPENED, wider)
    )
    assert 1 == len(after(earlier, later).findings)
    assert 0 == len(after(later, earlier).findings)


def test_another_value_of_a_change_is_new():
    other = replace(OPENED, changes=(OPENED.changes[0], replace(OPENED.changes[1], live="other")))
    earlier, later = (
        replace(DRIFTED, findings=found((one, Severity.LOW))) for one in (OPENED, other)
    )
    assert 1 == len(after(earlier, later).findings)


def test_a_report_made_with_a_baseline_serves_as_the_next_one():
    second = after(replace(DRIFTED, findings=found((GONE, Severity.HIGH))), DRIFTED)
    assert () == after(second, DRIFTED).findings


def test_secrets_with_other_digests_are_known():
    def with_token(digit: str) -> ScanReport:
        secret = Change(path="x", kind=ChangeKind.CHANGED, live=f"(sensitive {digit * 24})")
        return replace(DRIFTED, findings=found((replace(OPENED, changes=(secret,)), Severity.LOW)))

    assert () == after(with_token("a"), with_token("b")).findings


GOOD = json.loads(render_json(DRIFTED))


def _finding(**keys: object) -> bytes:
    return json.dumps({**GOOD, "findings": [{**GOOD["findings"][0], **keys}]}).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "b.json (--baseline) is empty."),
        (b" \n", "b.json (--baseline) is empty."),
        (render_json(DRIFTED).encode()[:-20], "b.json (--baseline) is not JSON, or was cut off."),
        (b"\xff\xfe{}", "b.json (--baseline) is not JSON, or was cut off."),
        (b"1" * 5000, "b.json (--baseline) is not JSON, or was cut off."),
        (b"[" * 100_000, "b.json (--baseline) is nested too deep to be a report."),
        (b"[]", "b.json (--baseline) is JSON but not a report of DriftGuard."),
        (b"null", "b.json (--baseline) is JSON but not a report of DriftGuard."),
        (b'{"version": 4}', "b.json (--baseline) is JSON but not a report of DriftGuard."),
        (
            json.dumps({**GOOD, "schema_version": 2}).encode(),
            "b.json (--baseline) is a report of schema version 2; this DriftGuard reads version 1.",
        ),
        (
            json.dumps({**GOOD, "schema_version": True}).encode(),
            "b.json (--baseline) is a report of schema version",
        ),
        (
            json.dumps({**GOOD, "schema_version": "\x1b[2J"}).encode(),
            "b.json (--baseline) is a report of schema version unknown;",
        ),
        (json.dumps({**GOOD, "findings": {}}).encode(), "b.json (--baseline) is damaged:"),
        (json.dumps({**GOOD, "findings": [1]}).encode(), "b.json (--baseline) is damaged:"),
        (json.dumps({**GOOD, "known": 1}).encode(), "b.json (--baseline) is damaged:"),
        (_finding(severity="dire"), "b.json (--baseline) is damaged:"),
        (_finding(severity=None), "b.json (--baseline) is damaged:"),
        (_finding(fingerprint=1), "b.json (--baseline) is damaged:"),
        (_finding(changes=None), "b.json (--baseline) is damaged:"),
        (_finding(changes=[{"path": "x"}]), "b.json (--baseline) is damaged:"),
    ],
)
def test_a_bad_baseline_is_one_sentence(data: bytes, sentence: str):
    with pytest.raises(SettingsError) as raised:
        parse_baseline(data, place="b.json")
    assert raised.value.message.startswith(sentence)
    assert 2 == raised.value.exit_code
    assert "\x1b" not in str(raised.value)


def test_a_huge_baseline_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(baseline_module, "MAX_BYTES", 10)
    with pytest.raises(SettingsError, match="larger than the limit"):
        parse_baseline(b"{" * 11, place="b.json")


def test_an_earlier_report_without_the_newer_keys_is_read():
    older = {key: value for key, value in GOOD.items() if key != "known"}
    assert 3 == len(parse_baseline(json.dumps(older).encode(), place="b.json"))
