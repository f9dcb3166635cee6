"""What a CloudTrail trail logs: event selectors, advanced ones and insights.

Neither the selectors nor the values in them have an order: an event that any
of them selects is logged.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from driftguard.canonical.kinds import TEXT, Blocks, Boolean, SetOf
from driftguard.model import Severity
from driftguard.resource_type import Attribute

_CONDITIONS = {
    "equals": "Equals",
    "not_equals": "NotEquals",
    "starts_with": "StartsWith",
    "not_starts_with": "NotStartsWith",
    "ends_with": "EndsWith",
    "not_ends_with": "NotEndsWith",
}
_SELECTOR = Blocks(
    fields={
        "read_write_type": TEXT,
        "include_management_events": Boolean(nothing=True),
        "exclude_management_event_sources": SetOf(),
        "data_resource": Blocks(fields={"type": TEXT, "values": SetOf()}, key=("type",)),
    }
)
_ADVANCED = Blocks(
    fields={
        "name": TEXT,
        "field_selector": Blocks(
            fields={"field": TEXT, **dict.fromkeys(_CONDITIONS, SetOf())}, key=("field",)
        ),
    },
)
_INSIGHT = Blocks(fields={"insight_type": TEXT})
_DEFAULT = [{"read_write_type": "All", "include_management_events": True}]

Raw = Mapping[str, object]


def selector_attributes() -> tuple[Attribute, Attribute, Attribute]:
    """Return what a trail logs, as three attributes."""
    return (
        Attribute(
            name="event_selector",
            wire=_selectors,
            needs=("Selectors",),
            kind=_SELECTOR,
            severity=Severity.HIGH,
            default=_DEFAULT,
            default_source=(
                "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/"
                "API_PutEventSelectors.html"
            ),
            note="Without any, a trail logs all management events and no data events.",
        ),
        Attribute(
            name="advanced_event_selector",
            wire=_advanced_selectors,
            needs=("Selectors",),
            kind=_ADVANCED,
            severity=Severity.HIGH,
        ),
        Attribute(name="insight_selector", wire=_insights, needs=("Insights",), kind=_INSIGHT),
    )


def _listed(raw: Raw, detail: str, key: str) -> Sequence[Raw]:
    answer = raw.get(detail)
    return cast("Sequence[Raw]", answer.get(key) or ()) if isinstance(answer, Mapping) else ()


def _selectors(raw: Raw) -> object:
    return [
        {
            "read_write_type": one.get("ReadWriteType"),
            "include_management_events": one.get("IncludeManagementEvents"),
            "exclude_management_event_sources": one.get("ExcludeManagementEventSources"),
            "data_resource": [
                {"type": resource.get("Type"), "values": resource.get("Values")}
                for resource in cast("Sequence[Raw]", one.get("DataResources") or ())
            ],
        }
        for one in _listed(raw, "Selectors", "EventSelectors")
    ]


def _advanced_selectors(raw: Raw) -> object:
    return [
        {
            "name": one.get("Name"),
            "field_selector": [
                {
                    "field": selector.get("Field"),
                    **{name: selector.get(wire) for name, wire in _CONDITIONS.items()},
                }
                for selector in cast("Sequence[Raw]", one.get("FieldSelectors") or ())
            ],
        }
        for one in _listed(raw, "Selectors", "AdvancedEventSelectors")
    ]


def _insights(raw: Raw) -> object:
    return [
        {"insight_type": one.get("InsightType")}
        for one in _listed(raw, "Insights", "InsightSelectors")
    ]
