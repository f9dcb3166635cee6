"""What a policy lets its holder do everywhere."""

from __future__ import annotations

import pytest

from driftguard.policy.functions.permissions import (
    allows_all_but,
    identity_policy,
    may_any_everywhere,
    may_everywhere,
    whole_services,
)
from driftguard.policy.functions.table import RefusedError

ACCOUNT = "111122223333"


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", True),
        ("**", True),
        (f"arn:aws:iam::{ACCOUNT}:role/*", True),
        ("arn:aws:iam::*:*", True),
        ("arn:aws-us-gov:kms:*:*:key/*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::*/*", True),
        (f"arn:aws:iam::{ACCOUNT}:role/app", False),
        (f"arn:aws:iam::{ACCOUNT}:role/app/*", False),
        ("arn:aws:iam::*:user/${aws:username}", False),
        ("arn:aws:s3:::data/*", False),
        ("arn:aws:execute-api:*:*:abc/*", False),
    ],
)
def test_everywhere_is_every_resource_or_every_one_of_a_kind(resource, expected):
    assert expected == may_everywhere(policy(allow("iam:PassRole", resource)), "iam:PassRole")


@pytest.mark.parametrize(
    ("action", "asked", "expected"),
    [
        ("iam:PassRole", "iam:PassRole", True),
        ("IAM:passrole", "iam:PassRole", True),
        ("iam:*Role", "iam:PassRole", True),
        ("i?m:*", "iam:*", True),
        ("iam:P*", "iam:*", False),
        ("iam:Pass", "iam:PassRole", False),
    ],
)
def test_wildcards_of_an_action_cover_what_they_stand_for(action, asked, expected):
    assert expected == may_everywhere(policy(allow(action)), asked)


def test_all_resources_but_some_are_everywhere():
    statement = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "NotResource": "arn:aws:iam::*:role/a",
    }
    assert may_everywhere(policy(statement), "iam:PassRole")


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        (deny("iam:*"), False),
        (deny("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"), True),
        (deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}), True),
        (deny("iam:Get*"), True),
        ({"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}, False),
    ],
)
def test_only_a_denial_that_always_holds_takes_away(denial, expected):
    assert expected == may_everywhere(policy(allow("*"), denial), "iam:PassRole")


def test_a_condition_does_not_take_away():
    narrowed = allow("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdef"}})
    assert may_everywhere(policy(narrowed), "iam:PassRole")


def test_any_of_some_actions_will_do():
    document = policy(allow("kms:Decrypt"))
    assert may_any_everywhere(document, ["kms:Encrypt", "kms:Decrypt"])
    assert not may_any_everywhere(document, ["kms:Encrypt"])
    assert not may_any_everywhere(document, None)


def test_whole_services_are_told_by_name_and_a_denied_one_is_none():
    document = policy(allow(["sqs:*", "s3:*", "sns:Get*", "*"]), deny("sqs:*"))
    assert ["s3"] == whole_services(document)
    assert [] == whole_services(policy(allow("s3:*", "arn:aws:s3:::data")))


def test_all_but_some_actions_is_told_of_an_allow_only():
    given = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert allows_all_but(policy(given))
    assert not allows_all_but(policy({**given, "Effect": "Deny"}))
    assert not allows_all_but(None)


def test_inline_policies_are_one_document():
    one, other = allow("s3:*"), deny("s3:*")
    blocks = [{"name": "a", "policy": policy(one)}, {"name": "b", "policy": policy(other)}, {}]
    found = identity_policy({"inline_policy": blocks})
    assert [one, other] == found["Statement"]
    assert [one] == identity_policy({"policy": policy(one)})["Statement"]
    assert [] == identity_policy({"policy": None, "inline_policy": None})["Statement"]


@pytest.mark.parametrize(
    "side",
    [{}, {"tags": {}}, {"inline_policy": ["(sensitive)"]}, {"policy": "(known after apply)"}],
)
def test_policies_that_are_not_known_are_refused(side):
    with pytest.raises(RefusedError):
        identity_policy(side)
