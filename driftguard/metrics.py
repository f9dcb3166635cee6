"""A scan in Prometheus' text format, for node_exporter's textfile collector.

Labels come from closed sets and have a cap: an address, an ARN or an id in a
label would make a new time series for every resource.
https://github.com/prometheus/node_exporter#textfile-collector
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from driftguard.model import Finding, Severity

COVERAGES = ("checked", "unreadable", "unsupported")
MOST = 50
"""Values of one label; the rest are ``other``."""
OTHER = "other"
_SUCCESS = "driftguard_scan_last_success_timestamp_seconds"


def render_metrics(
    resources: Mapping[tuple[str, str], int],
    findings: Iterable[Finding],
    *,
    components: Iterable[str] = (),
    successes: Mapping[str, float],
) -> str:
    """Return the metrics of one scan.

    ``resources`` counts declared resources by (account, coverage);
    ``components`` are those that could drift, so that their zeros are there;
    ``successes`` has the UNIX time of each account's last complete scan.
    """
    registry = CollectorRegistry()
    _resources(registry, resources)
    _open(registry, tuple(findings), components, {account for account, _ in resources})
    success = Gauge(
        _SUCCESS, "When a scan last read all it should.", ["account"], registry=registry
    )
    capped = _capped(successes)
    for account, time in sorted(successes.items()):
        success.labels(capped[account]).set(time)
    return generate_latest(registry).decode()


def _resources(registry: CollectorRegistry, resources: Mapping[tuple[str, str], int]) -> None:
    gauge = Gauge(
        "driftguard_resources",
        "Declared resources by what is known of them.",
        ["account", "coverage"],
        registry=registry,
    )
    accounts = _capped(account for account, _ in resources)
    for account, coverage in itertools.product(sorted(set(accounts.values())), COVERAGES):
        gauge.labels(account, coverage).set(0)
    for (account, coverage), count in resources.items():
        gauge.labels(accounts[account], coverage).inc(count)


def _open(
    registry: CollectorRegistry,
    findings: tuple[Finding, ...],
    components: Iterable[str],
    accounts: set[str],
) -> None:
    gauge = Gauge(
        "driftguard_drifts_open",
        "Drifts that the last scan found.",
        ["account", "component", "severity"],
        registry=registry,
    )
    account = _capped([*accounts, *(one.drift.scope.account for one in findings)])
    component = _capped([*components, *(one.drift.component for one in findings)])
    severities = [severity.label for severity in Severity]
    for labels in itertools.product(set(account.values()), set(component.values()), severities):
        gauge.labels(*labels).set(0)
    for one in findings:
        drift = one.drift
        labels = account[drift.scope.account], component[drift.component], one.severity.label
        gauge.labels(*labels).inc()


def _capped(values: Iterable[str]) -> dict[str, str]:
    """Map each value to its label: the most frequent ones themselves, the rest ``other``."""
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return {value: value if place < MOST else OTHER for place, (value, _) in enumerate(counted)}


def last_successes(text: str) -> dict[str, float]:
    """Return each account's last success that an earlier file tells; nothing where it is broken."""
    try:
        families = list(text_string_to_metric_families(text))
    except ValueError:
        return {}
    return {
        sample.labels.get("account", ""): sample.value
        for family in families
        for sample in family.samples
        if sample.name == _SUCCESS
    }
