"""Whom the policy of a resource lets in, in the spellings that hide it."""

from __future__ import annotations

from typing import Any

import pytest

from driftguard.canonical.freeze import thaw
from driftguard.canonical.policy import POLICY
from driftguard.policy.functions.policies import (
    is_cross_account,
    is_public_policy,
    requires_tls,
)
from driftguard.policy.functions.table import RefusedError
from driftguard.policy.steps import SpentError, budget

OWN = "111122223333"
OTHER = "444455556666"
ORGANISATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}


def policy(*statements: dict[str, Any]) -> object:
    """Return a policy in its canonical form, of statements that allow unless they say else."""
    whole = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **one}
        for one in statements
    ]
    return thaw(POLICY.canonical({"Version": "2012-10-17", "Statement": whole}))


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": [OWN, "*"]}},
        {"NotPrincipal": {"AWS": OTHER}},
        {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}},
        {
            "Principal": "*",
            "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        },
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:*"}}},
        {"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": OTHER}}},
        {"Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:PrincipalAccount": OWN}}},
        {
            "Principal": "*",
            "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2/r-x/"}},
        },
        {
            "Principal": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}},
        },
        {"Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:Referer": "https://example.com"}}},
        {"Principal": "*", "Condition": {"StringLike": {"aws:SourceVpce": ["vpce-0a", "*"]}}},
    ],
)
def test_a_policy_lets_everybody_in(statement: dict[str, Any]) -> None:
    """In every spelling, and where a condition keeps nobody out."""
    assert is_public_policy(policy(statement)) is True


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": OWN}},
        {"Principal": {"Service": "cloudfront.amazonaws.com"}},
        {"Effect": "Deny", "Principal": "*"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": OWN}},
        {},
        {"Principal": "*", "Condition": ORGANISATION},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0a"}}},
        {"Principal": "*", "Condition": {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}},
        {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OWN}:*"}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}}},
        {
            "Principal": "*",
            "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2/r-x/*"}},
        },
        {
            "Principal": "*",
            "Condition": {**ORGANISATION, "Bool": {"aws:SecureTransport": "true"}},
        },
    ],
)
def test_a_policy_lets_only_known_ones_in(statement: dict[str, Any]) -> None:
    """Where nobody is let in, or a condition leaves only known ones."""
    assert is_public_policy(policy(statement)) is False


def test_one_open_statement_among_narrow_ones_is_enough() -> None:
    """The statements of a policy add up."""
    narrow = {"Principal": "*", "Condition": ORGANISATION}

    assert is_public_policy(policy(narrow, {"Principal": "*"})) is True


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": OTHER}},
        {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}},
        {"Principal": {"AWS": [OWN, f"arn:aws-cn:iam::{OTHER}:user/x"]}},
        {"Principal": "*", "Condition": ORGANISATION},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": [OWN, OTHER]}}},
        {
            "Principal": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:*"}},
        },
    ],
)
def test_a_policy_lets_another_account_in(statement: dict[str, Any]) -> None:
    """By its number, an ARN, or a condition on everybody."""
    assert is_cross_account(policy(statement), OWN) is True


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": OWN}},
        {"Principal": {"AWS": f"arn:aws:iam::{OWN}:role/x"}},
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}},
        {"Principal": {"Service": "logs.amazonaws.com"}, "Condition": ORGANISATION},
        {"Effect": "Deny", "Principal": {"AWS": OTHER}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": OWN}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0a"}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}}},
    ],
)
def test_a_policy_lets_no_other_account_in(statement: dict[str, Any]) -> None:
    """A service is nobody's account."""
    assert is_cross_account(policy(statement), OWN) is False


def test_without_an_account_of_its_own_nothing_can_be_told_apart() -> None:
    """Unknown is never no."""
    with pytest.raises(RefusedError, match="twelve digits"):
        is_cross_account(policy({"Principal": {"AWS": OTHER}}), "")


def test_a_canonical_user_may_be_of_any_account() -> None:
    """The number says nothing of its account."""
    with pytest.raises(RefusedError, match="canonical user"):
        is_cross_account(policy({"Principal": {"CanonicalUser": "a" * 64}}), OWN)


TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Action": "*"},
        {"Resource": "*"},
        {"Condition": {"BoolIfExists": {"AWS:securetransport": False}}},
    ],
)
def test_a_policy_requires_tls(change: dict[str, Any]) -> None:
    """In every spelling."""
    assert requires_tls(policy({**TLS, **change})) is True


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": OWN}},
        {"Action": "s3:GetObject"},
        {"Resource": "arn:aws:s3:::b"},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {
            "Condition": {
                "Bool": {"aws:SecureTransport": "false"},
                "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
            }
        },
        {"Condition": {"StringEquals": {"aws:PrincipalAccount": OTHER}}},
    ],
)
def test_a_denial_that_leaves_a_way_without_tls_is_none(change: dict[str, Any]) -> None:
    """A narrower denial lets the rest through."""
    assert requires_tls(policy({**TLS, **change})) is False


def test_no_policy_lets_nobody_in_and_requires_nothing() -> None:
    """An absent policy is null."""
    assert is_public_policy(None) is False
    assert is_cross_account(None, OWN) is False
    assert requires_tls(None) is False


@pytest.mark.parametrize("value", ["(sensitive 0123456789abcdef01234567)", {"Statement": ["x"]}])
def test_what_is_no_policy_is_refused(value: object) -> None:
    """A secret's stand-in says nothing of what it stands for."""
    with pytest.raises(RefusedError):
        is_public_policy(value)


def test_a_policy_without_end_is_given_up() -> None:
    """Each statement and each principal is a step."""
    many = policy(*({"Sid": str(number), "Principal": {"AWS": OWN}} for number in range(200)))

    with budget(100), pytest.raises(SpentError):
        is_public_policy(many)
