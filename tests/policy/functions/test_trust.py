"""Whom a resource's policy, or a role's trust policy, names."""

from __future__ import annotations

import pytest

from driftguard.policy.functions.trust import (
    anybody_may,
    deleted_principals,
    outside_accounts,
    principals_of,
    unguarded_services,
    without_condition,
)

OURS, THEIRS = "111122223333", "999988887777"
QUEUE = f"arn:aws:sqs:eu-central-1:{OURS}:work"


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(principal, condition=None, action="sqs:SendMessage"):
    statement = {"Effect": "Allow", "Action": action, "Resource": QUEUE, "Principal": principal}
    return {**statement, "Condition": condition} if condition else statement


def test_anybody_may_is_asked_of_an_action_on_whatever_the_policy_names():
    document = policy(allow("*"))
    assert anybody_may(document, "sqs:SendMessage")
    assert anybody_may(document, "SQS:sendmessage")
    assert not anybody_may(document, "sqs:ReceiveMessage")
    narrowed = policy(allow("*", {"StringEquals": {"aws:SourceAccount": OURS}}))
    assert not anybody_may(narrowed, "sqs:SendMessage")
    assert not anybody_may(policy(allow({"AWS": THEIRS})), "sqs:SendMessage")
    assert not anybody_may(None, "sqs:SendMessage")


def test_a_policy_of_an_identity_lets_nobody_else_in():
    assert not anybody_may(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}), "s3:*")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow({"AWS": f"arn:aws:iam::{THEIRS}:root"}), [THEIRS]),
        (allow({"AWS": [f"arn:aws:iam::{THEIRS}:role/a", OURS]}), [THEIRS]),
        (allow({"AWS": f"arn:aws:iam::{OURS}:role/a"}), []),
        (allow("*"), []),
        (allow("*", {"StringEquals": {"aws:SourceAccount": THEIRS}}), [THEIRS]),
        (allow("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdef"}}), []),
        (allow({"Service": "sns.amazonaws.com"}), []),
        ({**allow({"AWS": THEIRS}), "Effect": "Deny"}, []),
    ],
)
def test_outside_accounts_are_those_let_in_by_name(statement, expected):
    assert expected == outside_accounts(policy(statement), OURS)


def test_deleted_principals_are_ids_in_the_place_of_names():
    named = ["AIDAEXAMPLEEXAMPLE12", "AROAEXAMPLEEXAMPLE12", OURS, "AIDA", "AROAlower0123456789"]
    assert named[:2] == deleted_principals(policy(allow({"AWS": named})))
    assert [] == deleted_principals(None)


def test_principals_are_told_by_kind_and_only_where_allowed():
    federated = f"arn:aws:iam::{OURS}:saml-provider/corp"
    document = policy(
        allow({"Federated": federated, "AWS": OURS}),
        {**allow({"Federated": "denied"}), "Effect": "Deny"},
    )
    assert [federated] == principals_of(document, "Federated")
    assert [OURS] == principals_of(document, "AWS")
    assert [] == principals_of(document, "Service")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, ["sns.amazonaws.com"]),
        ({"StringEquals": {"aws:SourceAccount": OURS}}, []),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OURS}:*"}}, []),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:news"}}, ["sns.amazonaws.com"]),
        ({"Bool": {"aws:SecureTransport": "true"}}, ["sns.amazonaws.com"]),
    ],
)
def test_a_service_is_guarded_by_a_condition_on_its_source(condition, expected):
    document = policy(allow({"Service": "sns.amazonaws.com"}, condition))
    assert expected == unguarded_services(document)


@pytest.mark.parametrize(
    ("condition", "demanded"),
    [
        (None, False),
        ({"StringEquals": {"sts:ExternalId": "abc"}}, True),
        ({"StringLike": {"STS:externalid": "abc-*"}}, True),
        ({"ForAnyValue:StringEquals": {"sts:ExternalId": "abc"}}, True),
        ({"StringLike": {"sts:ExternalId": "*"}}, False),
        ({"StringLike": {"sts:ExternalId": ["abc", "*"]}}, False),
        ({"StringEqualsIfExists": {"sts:ExternalId": "abc"}}, False),
        ({"ForAllValues:StringEquals": {"sts:ExternalId": "abc"}}, False),
        ({"StringNotEquals": {"sts:ExternalId": "abc"}}, False),
        ({"Null": {"sts:ExternalId": "true"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abcdef"}}, False),
    ],
)
def test_a_condition_key_is_demanded_where_the_request_must_have_it(condition, demanded):
    document = policy(allow({"AWS": THEIRS}, condition))
    left = without_condition(document, "sts:ExternalId")
    assert ([] if demanded else [THEIRS]) == outside_accounts(left, OURS)


@pytest.mark.parametrize(("value", "demanded"), [("true", True), ("false", False)])
def test_a_switch_is_demanded_where_it_must_be_on(value, demanded):
    condition = {"Bool": {"aws:MultiFactorAuthPresent": value}}
    left = without_condition(policy(allow({"AWS": THEIRS}, condition)), "aws:MultiFactorAuth*")
    assert demanded == (left["Statement"] == [])


def test_what_is_denied_is_not_left_over():
    denial = {**allow("*"), "Effect": "Deny"}
    assert [] == without_condition(policy(denial), "sts:ExternalId")["Statement"]
    assert [] == without_condition(None, "sts:ExternalId")["Statement"]
