"""Functions about CloudTrail's trails: what their selectors leave out.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.policy.functions.collections import blocks, items
from driftguard.policy.functions.table import Function, RefusedError
from driftguard.policy.steps import spend

Block = Mapping[str, object]


def logs_all_management(selectors: object, advanced: object) -> bool:
    """Tell whether some selector takes every management event; without any, a trail does."""
    basic, finer = list(_blocks(selectors)), list(_blocks(advanced))
    if not basic and not finer:
        return True
    return any(map(_takes_all, basic)) or any(map(_takes_all_finely, finer))


def _blocks(value: object) -> Iterator[Block]:
    for one in blocks(value):
        spend()
        if not isinstance(one, Mapping):
            raise RefusedError("it takes event selectors")
        yield one


def _takes_all(selector: Block) -> bool:
    """Tell of an event selector; what it does not say is AWS's default: all."""
    return (
        selector.get("include_management_events") is not False
        and selector.get("read_write_type") in (None, "All")
        and not selector.get("exclude_management_event_sources")
    )


def _takes_all_finely(selector: Block) -> bool:
    """Tell of an advanced one: a category, and no other field that narrows it."""
    fields = list(_blocks(selector.get("field_selector")))
    return bool(fields) and all(
        one.get("field") == "eventCategory" and "Management" in items(one.get("equals"))
        for one in fields
    )


FUNCTIONS = (
    Function(
        name="logs_all_management",
        parameters=(("event_selector", "list"), ("advanced_event_selector", "list")),
        returns="bool",
        doc="Whether a trail with these selectors logs every management event, reads and writes,"
        " of every service.",
        implementation=logs_all_management,
        example="!logs_all_management(r.event_selector, r.advanced_event_selector)",
    ),
)
