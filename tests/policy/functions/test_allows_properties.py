"""What holds of ``allows`` whatever the policy says, against a reading of the rules by hand."""

from __future__ import annotations

import itertools
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from driftguard.policy.functions.patterns import covers, overlaps
from driftguard.policy.functions.policies import allows, is_public_policy

ACCOUNTS = ["111111111111", "222222222222"]
ROLES = [f"arn:aws:iam::{account}:role/{name}" for account in ACCOUNTS for name in ("a", "b")]
ACTIONS = ["s3:getobject", "s3:putobject", "iam:passrole"]
RESOURCES = ["arn:aws:s3:::one", "arn:aws:s3:::one/x", "arn:aws:s3:::two"]
ACTION_PATTERNS = [*ACTIONS, "*", "s3:*", "s3:get*", "*:p*", "s3:?etobject"]
RESOURCE_PATTERNS = [*RESOURCES, "*", "arn:aws:s3:::one*", "arn:aws:s3:::*/x", "arn:*:t?o"]

letters = st.text(alphabet="ab*?", max_size=8)
plain = st.text(alphabet="ab", max_size=8)


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def statement(draw):
    made = {"Effect": draw(st.sampled_from(["Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "NotAction"]))] = draw(some(ACTION_PATTERNS))
    made[draw(st.sampled_from(["Resource", "NotResource"]))] = draw(some(RESOURCE_PATTERNS))
    principals = {"AWS": draw(some([*ACCOUNTS, *ROLES, "*"]))}
    made[draw(st.sampled_from(["Principal", "NotPrincipal"]))] = principals
    return made


policies = st.lists(statement(), max_size=4)
asked = st.tuples(
    st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), st.sampled_from([*ROLES, *ACCOUNTS])
)


def matches(pattern, text):
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text)


def names(statement, element, text):
    """Read an element as the documentation does."""
    if element in statement:
        return any(matches(pattern, text) for pattern in statement[element])
    return not any(matches(pattern, text) for pattern in statement[f"Not{element}"])


def means(statement, principal):
    named = statement.get("Principal", statement.get("NotPrincipal"))["AWS"]
    account = principal if principal in ACCOUNTS else principal.split(":")[4]
    return bool({principal, account, "*"} & {*named}) == ("Principal" in statement)


def by_hand(statements, action, resource, principal):
    about = [
        one["Effect"]
        for one in statements
        if names(one, "Action", action)
        and names(one, "Resource", resource)
        and means(one, principal)
    ]
    return "Allow" in about and "Deny" not in about


def document(statements):
    return {"Version": "2012-10-17", "Statement": statements}


@given(statements=policies, question=asked)
@settings(max_examples=400)
def test_a_policy_allows_what_a_reading_by_hand_allows(statements, question):
    assert by_hand(statements, *question) == allows(document(statements), *question)


@given(statements=policies, denial=statement(), question=asked)
def test_a_deny_goes_before_every_allow(statements, denial, question):
    denial = {**denial, "Effect": "Deny"}
    if by_hand([{**denial, "Effect": "Allow"}], *question):
        assert not allows(document([*statements, denial]), *question)


@given(statements=policies, question=asked)
def test_the_order_of_statements_means_nothing(statements, question):
    forth, back = document(statements), document(statements[::-1])
    assert allows(forth, *question) == allows(back, *question)
    assert is_public_policy(forth) == is_public_policy(back)


@given(statements=policies, more=statement(), question=asked)
def test_one_more_allow_takes_nothing_away(statements, more, question):
    if allows(document(statements), *question):
        assert allows(document([*statements, {**more, "Effect": "Allow"}]), *question)


@given(statements=policies, question=asked)
def test_a_condition_that_cannot_be_decided_takes_nothing_away_from_what_may_be(
    statements, question
):
    unsure = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    conditional = [{**one, "Condition": unsure} for one in statements]
    if allows(document(statements), *question):
        assert allows(document(conditional), *question)


@given(statements=policies, question=asked)
def test_what_a_stranger_may_do_everybody_else_may_who_is_not_denied_by_name(statements, question):
    action, resource, principal = question
    left_out = any("NotPrincipal" in one for one in statements)
    denied = any(one["Effect"] == "Deny" and means(one, principal) for one in statements)
    if not (left_out or denied) and allows(document(statements), action, resource, "*"):
        assert allows(document(statements), action, resource, principal)


@given(pattern=letters, text=plain)
@example(pattern="*a*b", text="aab")
@example(pattern="**", text="")
def test_a_pattern_covers_the_texts_that_it_matches(pattern, text):
    assert bool(matches(pattern, text)) == covers(pattern, text)


@given(pattern=letters, asked_for=letters, text=plain)
def test_what_a_covered_pattern_matches_the_covering_one_matches(pattern, asked_for, text):
    if covers(pattern, asked_for) and matches(asked_for, text):
        assert matches(pattern, text)


@given(one=letters, other=letters, text=plain)
def test_patterns_that_match_the_same_text_overlap(one, other, text):
    if matches(one, text) and matches(other, text):
        assert overlaps(one, other)


TEXTS = ["".join(letters) for size in range(7) for letters in itertools.product("ab", repeat=size)]


def words(pattern):
    """Return every text of up to six letters that a pattern matches."""
    return {text for text in TEXTS if matches(pattern, text)}


short = st.text(alphabet="ab*?", max_size=3)


@given(one=short, other=short)
def test_patterns_overlap_only_where_some_text_matches_both(one, other):
    if overlaps(one, other):
        assert words(one) & words(other)
