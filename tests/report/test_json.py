from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

import driftguard
from driftguard.model import Change, ChangeKind, ScanReport, Severity
from driftguard.report.json import render_json
from tests.report.reports import CLEAN, DRIFTED, HALF_READ, JUDGED, OPENED, found
from tests.report.test_values import JSON

SCHEMA = json.loads(
    (Path(driftguard.__file__).parent / "schemas" / "report.schema.json").read_text("utf-8")
)


@pytest.mark.parametrize("report", [CLEAN, DRIFTED, HALF_READ, JUDGED])
def test_a_report_keeps_to_its_schema_and_has_no_key_beside_it(report: ScanReport):
    document = json.loads(render_json(report))
    jsonschema.validate(document, SCHEMA)
    jsonschema.validate(document, _closed(SCHEMA))


def _closed(schema: Any) -> Any:
    """Forbid what the published schema lets later versions add."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = {key: _closed(inner) for key, inner in schema.items()}
    return {**closed, "additionalProperties": False} if "properties" in schema else closed


def test_every_key_of_the_schema_is_always_there():
    assert [] == list(_optional(SCHEMA))


def _optional(schema: Any) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    properties = schema.get("properties", {})
    if isinstance(properties, Mapping) and "required" in schema:
        yield from set(properties) - set(schema["required"])
    for inner in schema.values():
        yield from _optional(inner)


def test_the_counts_tell_drifted_and_unmanaged_apart():
    summary = json.loads(render_json(DRIFTED))["summary"]
    assert {
        "declared": 10,
        "checked": 10,
        "unreadable": 0,
        "unsupported": 0,
        "drifted": 2,
        "unmanaged": 1,
        "suppressed": 0,
        "known": 0,
        "violating": 0,
        "pre_existing": 0,
        "accepted": 0,
        "undecided": 0,
        "rule_errors": 0,
    } == summary


def test_a_finding_has_all_that_the_format_promises():
    first = json.loads(render_json(DRIFTED))["findings"][0]
    assert {
        "address": 'module.net["a"].aws_security_group.web',
        "type": "aws_security_group",
        "id": "sg-0a1b2c3d",
        "scope": {"account": "111122223333", "region": "eu-central-1"},
        "stack": "network",
        "component": "platform",
        "kind": "changed",
        "severity": "critical",
        "rule": None,
        "verdict": "introduced",
        "reason": "",
        "direction": "neutral",
        "exception": None,
        "judgements": [],
        "fingerprint": OPENED.fingerprint,
        "changes": [
            {
                "path": "description",
                "kind": "changed",
                "declared": "web servers",
                "live": "test",
            },
            {
                "path": "ingress",
                "kind": "added",
                "declared": None,
                "live": {"from_port": 22, "peer": "0.0.0.0/0", "protocol": "tcp", "to_port": 22},
            },
        ],
    } == first


def test_a_judgement_has_all_that_the_format_promises():
    document = json.loads(render_json(JUDGED))
    first = document["findings"][0]
    assert ("DG-AWS-SG-001", "SSH open to the world") == (first["rule"], first["reason"])
    assert {
        "rule": "DG-AWS-SG-001",
        "title": "SSH open to the world",
        "verdict": "introduced",
        "severity": "critical",
        "reason": "It is scanned within minutes.",
        "how": "The rule is revoked.",
        "mode": "auto",
        "exception": None,
    } == first["judgements"][0]
    counts = document["summary"]
    names = ("pre_existing", "accepted", "undecided", "rule_errors")
    assert (1, 1, 1, 1) == tuple(counts[name] for name in names)
    assert ["EX-1"] == [one["id"] for one in document["exceptions"]]


def test_what_can_be_decided_only_after_the_apply_is_incomplete_where_strict():
    assert json.loads(render_json(JUDGED))["complete"] is True
    assert json.loads(render_json(JUDGED, strict=True))["complete"] is False


def test_findings_come_worst_first_whatever_their_order_was():
    other = replace(DRIFTED, findings=DRIFTED.findings[::-1])
    assert render_json(DRIFTED) == render_json(other)
    severities = [one["severity"] for one in json.loads(render_json(other))["findings"]]
    assert ["critical", "high", "low"] == severities


def test_what_could_not_be_read_is_not_complete_and_strict_asks_for_more():
    assert json.loads(render_json(HALF_READ))["complete"] is False
    unsupported = replace(CLEAN, unsupported={"aws_glue_job": 1})
    assert json.loads(render_json(unsupported))["complete"] is True
    assert json.loads(render_json(unsupported, strict=True))["complete"] is False


def test_two_runs_with_other_keys_for_their_digests_give_the_same_bytes():
    def report(first: str, second: str) -> ScanReport:
        changes = (
            Change(path="secrets", kind=ChangeKind.ADDED, live=f"(sensitive {first})"),
            Change(path="secrets", kind=ChangeKind.ADDED, live=["b", f"(sensitive {second})"]),
        )
        drift = replace(OPENED, changes=changes, id=f"(sensitive {first})")
        return replace(CLEAN, findings=found((drift, Severity.LOW)))

    assert render_json(report("a" * 24, "b" * 24)) == render_json(report("c" * 24, "0" * 24))


@given(JSON, JSON)
def test_any_value_makes_valid_ascii_json(declared: object, live: object):
    change = Change(path="x", kind=ChangeKind.CHANGED, declared=declared, live=live)  # type: ignore[arg-type]  # JSON
    drift = replace(OPENED, changes=(change,))
    text = render_json(replace(CLEAN, findings=found((drift, Severity.LOW))))
    assert text.isascii()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_numbers_that_json_does_not_have_are_text():
    change = Change(path="x", kind=ChangeKind.CHANGED, declared=float("nan"), live=float("inf"))
    drift = replace(OPENED, changes=(change,))
    text = render_json(replace(CLEAN, findings=found((drift, Severity.LOW))))
    told = json.loads(text)["findings"][0]["changes"][0]
    assert ("nan", "inf") == (told["declared"], told["live"])
