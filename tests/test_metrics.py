from __future__ import annotations

import re
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from driftguard.metrics import MOST, last_successes, render_metrics
from driftguard.model import Severity
from tests.report.reports import DRIFTED, GONE, OPENED, found

ACCOUNT = "111122223333"
RESOURCES = {(ACCOUNT, "checked"): 9, (ACCOUNT, "unsupported"): 1}


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_resources_and_open_drifts_are_counted_with_their_zeros():
    text = render_metrics(
        RESOURCES, DRIFTED.findings, components=["billing"], successes={ACCOUNT: 1700000000.0}
    )
    told = samples(text)
    assert 9 == told["driftguard_resources", ACCOUNT, "checked"]
    assert 0 == told["driftguard_resources", ACCOUNT, "unreadable"]
    assert 1 == told["driftguard_drifts_open", ACCOUNT, "platform", "critical"]
    assert 0 == told["driftguard_drifts_open", ACCOUNT, "billing", "critical"]
    assert 1 == told["driftguard_drifts_open", ACCOUNT, "", "low"]
    assert 1700000000 == told["driftguard_scan_last_success_timestamp_seconds", ACCOUNT]


def test_no_label_holds_an_address_or_an_id():
    text = render_metrics(RESOURCES, DRIFTED.findings, successes={})
    labels = set(re.findall(r'="([^"]*)"', text))
    severities = {severity.label for severity in Severity}
    coverages = {"checked", "unreadable", "unsupported"}
    assert {ACCOUNT, "", "platform", *severities, *coverages} == labels


def test_labels_are_capped_and_what_is_beyond_is_counted_as_other():
    findings = found(
        *((replace(OPENED, component=f"c{n:03}"), Severity.HIGH) for n in range(MOST + 10))
    )
    told = samples(render_metrics(RESOURCES, findings, successes={}))
    components = {key[2] for key in told if key[0] == "driftguard_drifts_open"}
    assert MOST + 1 == len(components)
    assert 10 == told["driftguard_drifts_open", ACCOUNT, "other", "high"]


def test_the_last_success_is_found_again_in_the_file():
    text = render_metrics(RESOURCES, found((GONE, Severity.LOW)), successes={ACCOUNT: 1.7e9})
    assert {ACCOUNT: 1.7e9} == last_successes(text)


def test_a_broken_file_tells_no_success():
    assert {} == last_successes('driftguard_x{ 1\n"')
    assert {} == last_successes("")
