from __future__ import annotations

import pytest

from driftguard.compare.selection import Selection
from driftguard.model import Address

ROLE = Address(type="aws_iam_role", name="app")
KEYED = Address(module='module.web["a"]', type="aws_security_group", name="web", key="x[1]")


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("aws_iam_role.app", True),
        ("aws_iam_role", True),
        ("aws_iam_*", True),
        ("*.app", True),
        ("aws_iam_role.ap?", True),
        ("iam_role.app", False),
        ("aws_iam_role.ap", False),
        ("", False),
    ],
)
def test_a_pattern_is_anchored_at_both_ends(pattern: str, taken: bool):
    assert taken == Selection(include=(pattern,)).takes(ROLE)


def test_brackets_belong_to_the_address():
    assert Selection(include=(str(KEYED),)).takes(KEYED)
    assert not Selection(include=('module.web["b"].*',)).takes(KEYED)


def test_exclude_wins_over_include():
    assert not Selection(include=("aws_*",), exclude=("*.app",)).takes(ROLE)


def test_everything_is_taken_where_nothing_is_said():
    assert Selection().takes(KEYED)


@pytest.mark.parametrize(
    ("selection", "searched"),
    [
        (Selection(), True),
        (Selection(include=("aws_s3_bucket",)), True),
        (Selection(include=("aws_s3_*",)), True),
        (Selection(include=('aws_s3_bucket.unmanaged["x"]',)), True),
        (Selection(include=("*",)), True),
        (Selection(include=("aws_iam_*",)), False),
        (Selection(include=("aws_s3_bucket.logs",)), False),
        (Selection(exclude=("aws_s3_bucket",)), False),
        (Selection(exclude=("aws_s3_bucket.logs",)), True),
    ],
)
def test_a_type_is_searched_only_where_an_unmanaged_one_could_be_taken(
    selection: Selection,
    searched: bool,
):
    assert searched == selection.may_take("aws_s3_bucket")


def test_a_hostile_pattern_costs_little():
    pattern = "*a" * 200 + "*c"
    assert not Selection(include=(pattern,)).takes(Address(type="a" * 300, name="b"))
