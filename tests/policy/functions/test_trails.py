"""Whether a trail's selectors take every management event."""

from __future__ import annotations

import pytest

from driftguard.policy.functions.table import RefusedError
from driftguard.policy.functions.trails import logs_all_management

CATEGORY = {"field": "eventCategory", "equals": ["Management"]}


def finer(*fields):
    return [[{"name": "a", "field_selector": [[one, 1] for one in fields]}, 1]]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (None, True),
        ([[{}, 1]], True),
        ([{"read_write_type": "All", "include_management_events": True}], True),
        ([[{"read_write_type": "WriteOnly"}, 1]], False),
        ([[{"include_management_events": False}, 1]], False),
        ([[{"exclude_management_event_sources": ["kms.amazonaws.com"]}, 1]], False),
        ([[{"read_write_type": "WriteOnly"}, 1], [{"read_write_type": "All"}, 1]], True),
    ],
)
def test_event_selectors_take_all_unless_they_say_otherwise(selectors, expected):
    assert expected == logs_all_management(selectors, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([CATEGORY], True),
        ([CATEGORY, {"field": "readOnly", "equals": ["true"]}], False),
        ([{"field": "eventCategory", "equals": ["Data"]}], False),
        ([{"field": "eventCategory", "not_equals": ["Management"]}], False),
        ([], False),
    ],
)
def test_advanced_selectors_take_all_where_only_the_category_narrows(fields, expected):
    assert expected == logs_all_management(None, finer(*fields))


def test_something_else_is_refused():
    with pytest.raises(RefusedError):
        logs_all_management(["All"], None)
