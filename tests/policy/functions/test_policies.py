"""Policies as a reviewer would read them: who may do what."""

from __future__ import annotations

import pytest

from driftguard.policy.functions.policies import (
    allows,
    is_cross_account,
    is_public_policy,
    policy_grants_admin,
    policy_statements,
    requires_tls,
)
from driftguard.policy.functions.table import RefusedError

OURS, THEIRS = "111111111111", "999999999999"
BUCKET = "arn:aws:s3:::data"


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(condition=None, **elements):
    return {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
        **elements,
    }


def deny(**elements):
    return {**allow(**elements), "Effect": "Deny"}


def public(condition=None, **elements):
    return policy(allow(condition, **{"Principal": "*", **elements}))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}, False),
        ({"StringEquals": {"AWS:SourceAccount": OURS}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"}}, True),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abc"}}, True),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abc/*"}}, False),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": ["o-abc", "o-*"]}}, True),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OURS}:*"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:*:*"}}, True),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::our-bucket"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::our-bucket*"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:*"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, True),
        ({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}}, True),
        ({"IpAddress": {"aws:SourceIp": "anything"}}, True),
        ({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, True),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, False),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "data"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}, False),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalTag/org}"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, True),
        (
            {
                "StringEquals": {"aws:PrincipalOrgID": "o-abc"},
                "Bool": {"aws:SecureTransport": "true"},
            },
            False,
        ),
        ({"StringEquals": {"kms:CallerAccount": OURS, "kms:ViaService": "s3.x"}}, False),
        ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, True),
    ],
)
def test_everybody_is_a_stranger_unless_a_condition_says_whom(condition, expected):
    assert expected == is_public_policy(public(condition))


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": [OURS, "*"]}, True),
        ({"AWS": OURS}, False),
        ({"Service": "s3.amazonaws.com"}, False),
        ({"AWS": f"arn:aws:iam::{THEIRS}:root"}, False),
    ],
)
def test_a_policy_is_public_that_names_everybody(principal, expected):
    assert expected == is_public_policy(public(Principal=principal))


def test_all_but_some_principals_are_everybody():
    assert is_public_policy(policy(allow(NotPrincipal={"AWS": OURS})))


def test_nobody_is_not_public():
    assert not is_public_policy(None)
    assert not is_public_policy({})
    assert not is_public_policy(policy())


def test_the_policy_of_an_identity_is_not_public():
    assert not is_public_policy(policy(allow(Action="*")))


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        (deny(Principal="*"), False),
        (deny(Principal="*", Action="s3:*"), False),
        (deny(Principal="*", Action="s3:Put*"), True),
        (deny(Principal="*", NotAction="s3:Put*", Action=None), False),
        (deny(Principal="*", NotAction="s3:GetObject", Action=None), True),
        (deny(Principal="*", Resource=BUCKET), True),
        (deny(Principal={"AWS": THEIRS}), True),
        (deny(NotPrincipal={"AWS": OURS}), False),
        (deny(Principal="*", condition={"Bool": {"aws:SecureTransport": "false"}}), True),
        (deny(Principal="*", condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
        (
            deny(
                Principal="*", condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
            ),
            False,
        ),
        (
            deny(
                Principal="*",
                condition={"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgPaths": "o-1/"}},
            ),
            True,
        ),
        (deny(Principal="*", condition={"StringNotEquals": {"aws:PrincipalTag/a": "b"}}), True),
        (deny(Principal="*", condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), False),
        (deny(Principal="*", condition={"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), True),
    ],
)
def test_a_deny_closes_what_it_surely_denies_to_every_stranger(denial, expected):
    assert expected == is_public_policy(policy(allow(Principal="*"), denial))


GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": "repo:ours/app:*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": "*"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": ["repo:ours/app:*", "repo:*/app"]}}, True),
        ({"StringNotLike": {f"{GITHUB}:sub": "repo:ours/app:*"}}, True),
    ],
)
def test_a_provider_of_everybody_needs_to_be_told_whose_tokens(condition, expected):
    trust = allow(
        condition,
        Action="sts:AssumeRoleWithWebIdentity",
        Principal={"Federated": f"arn:aws:iam::{OURS}:oidc-provider/{GITHUB}"},
    )
    assert expected == is_public_policy(policy(trust))


def test_a_clusters_own_provider_is_not_everybodys():
    name = f"arn:aws:iam::{OURS}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    trust = allow(Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": name})
    assert not is_public_policy(policy(trust))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(Principal={"AWS": THEIRS}), True),
        (allow(Principal={"AWS": f"arn:aws:iam::{THEIRS}:role/x"}), True),
        (allow(Principal={"AWS": [OURS, f"arn:aws:iam::{THEIRS}:user/x"]}), True),
        (allow(Principal={"AWS": f"arn:aws:iam::{OURS}:role/x"}), False),
        (allow(Principal={"Service": "sns.amazonaws.com"}), False),
        (allow(Principal={"AWS": "arn:aws:iam::cloudfront:user/Origin Access Identity E1"}), False),
        (allow(Principal={"AWS": "AIDAABCDEFGHIJKLMNOPQ"}), False),
        (allow(Principal="*"), False),
        (allow({"StringEquals": {"aws:SourceAccount": OURS}}, Principal="*"), False),
        (allow({"StringEquals": {"aws:SourceAccount": THEIRS}}, Principal="*"), True),
        (allow({"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{OURS}"}}, Principal="*"), False),
        (allow({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{THEIRS}:*"}}, Principal="*"), True),
        (allow({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, Principal="*"), True),
        (allow({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, Principal="*"), False),
        (allow({"StringEquals": {"aws:PrincipalAccount": OURS}}, Principal={"AWS": THEIRS}), False),
        (
            allow(
                {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}, Principal="*"
            ),
            False,
        ),
        (deny(Principal={"AWS": THEIRS}), False),
    ],
)
def test_cross_account_is_another_account_by_name_or_by_condition(statement, expected):
    assert expected == is_cross_account(policy(statement), OURS)


def test_a_denied_account_is_not_let_in():
    both = policy(allow(Principal={"AWS": THEIRS}), deny(Principal={"AWS": THEIRS}))
    assert not is_cross_account(both, OURS)


def test_a_deny_of_the_account_leaves_its_role_let_in_where_only_the_root_is_denied():
    role = f"arn:aws:iam::{THEIRS}:role/x"
    assert is_cross_account(
        policy(allow(Principal={"AWS": role}), deny(Principal="*", Action="s3:PutObject")), OURS
    )


def test_whose_a_canonical_user_is_cannot_be_told():
    with pytest.raises(RefusedError, match="canonical user"):
        is_cross_account(policy(allow(Principal={"CanonicalUser": "79a5"})), OURS)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(Action="*"), True),
        (allow(Action="*:*"), True),
        (allow(Action=["s3:Get*", "*"]), True),
        (allow(Action="iam:*"), False),
        (allow(Action="*", Resource=BUCKET), False),
        (allow(Action="*", Resource=[BUCKET, "*"]), True),
        (allow(NotAction="iam:*", Action=None), False),
        (allow(NotAction=["iam:*", "organizations:*"], Action=None), False),
        (allow(NotAction="s3:*", Action=None), True),
        (allow(NotAction="s3:*", Action=None, Resource=BUCKET), False),
        (allow({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, Action="*"), True),
        (deny(Action="*"), False),
    ],
)
def test_admin_is_everything_on_everything(statement, expected):
    assert expected == policy_grants_admin(policy(statement))


def test_a_deny_of_everything_takes_admin_away():
    assert not policy_grants_admin(policy(allow(Action="*"), deny(Action="*")))
    assert policy_grants_admin(policy(allow(Action="*"), deny(Action="s3:*")))


@pytest.mark.parametrize(
    ("statement", "asked", "expected"),
    [
        (allow(), ("s3:GetObject",), True),
        (allow(), ("S3:getobject",), True),
        (allow(), ("s3:PutObject",), False),
        (allow(Action="s3:Get*"), ("s3:GetObject",), True),
        (allow(Action="s3:Get?bject"), ("s3:GetObject",), True),
        (allow(Action="s3:Get*"), ("s3:*",), False),
        (allow(Action="s3:*"), ("s3:Get*",), True),
        (allow(Action="s3:?"), ("s3:*",), False),
        (allow(NotAction="s3:Delete*", Action=None), ("s3:GetObject",), True),
        (allow(NotAction="s3:Delete*", Action=None), ("s3:DeleteObject",), False),
        (allow(NotAction="s3:Delete*", Action=None), ("s3:*",), False),
        (allow(Resource=BUCKET), ("s3:GetObject", BUCKET), True),
        (allow(Resource=f"{BUCKET}/*"), ("s3:GetObject", f"{BUCKET}/a/b"), True),
        (allow(Resource=f"{BUCKET}/*"), ("s3:GetObject", BUCKET), False),
        (allow(Resource=f"{BUCKET}/*"), ("s3:GetObject",), False),
        (allow(Resource=f"{BUCKET}/${{aws:username}}/*"), ("s3:GetObject", f"{BUCKET}/me/x"), True),
        (allow(NotResource=BUCKET, Resource=None), ("s3:GetObject", BUCKET), False),
        (allow(NotResource=BUCKET, Resource=None), ("s3:GetObject", f"{BUCKET}/x"), True),
        (allow(Principal={"AWS": OURS}), ("s3:GetObject", "*", OURS), True),
        (allow(Principal={"AWS": OURS}), ("s3:GetObject", "*", THEIRS), False),
        (allow(Principal={"AWS": OURS}), ("s3:GetObject", "*", "*"), False),
        (
            allow(Principal={"AWS": OURS}),
            ("s3:GetObject", "*", f"arn:aws:iam::{OURS}:role/x"),
            True,
        ),
        (
            allow(Principal={"AWS": f"arn:aws:iam::{OURS}:role/x"}),
            ("s3:GetObject", "*", f"arn:aws:sts::{OURS}:assumed-role/x/me"),
            True,
        ),
        (
            allow(Principal={"AWS": f"arn:aws:iam::{OURS}:role/x"}),
            ("s3:GetObject", "*", OURS),
            False,
        ),
        (
            allow(Principal={"Service": "sns.amazonaws.com"}),
            ("s3:GetObject", "*", "sns.amazonaws.com"),
            True,
        ),
        (allow(NotPrincipal={"AWS": OURS}), ("s3:GetObject", "*", OURS), False),
        (allow(NotPrincipal={"AWS": OURS}), ("s3:GetObject", "*", THEIRS), True),
        (
            allow({"StringEquals": {"aws:PrincipalAccount": THEIRS}}, Principal="*"),
            ("s3:GetObject", "*", OURS),
            False,
        ),
        (
            allow({"StringNotEquals": {"aws:PrincipalAccount": THEIRS}}, Principal="*"),
            ("s3:GetObject", "*", OURS),
            True,
        ),
        (allow({"Bool": {"aws:SecureTransport": "true"}}), ("s3:GetObject",), True),
    ],
)
def test_a_statement_allows_what_it_says(statement, asked, expected):
    assert expected == allows(policy(statement), *asked)


def test_a_variable_is_plain_text_in_a_policy_of_the_old_version():
    old = policy(allow(Resource=f"{BUCKET}/${{aws:username}}/*"), version="2008-10-17")
    assert not allows(old, "s3:GetObject", f"{BUCKET}/me/x")


def test_a_denied_variable_may_leave_the_resource_out():
    denial = deny(NotResource=f"{BUCKET}/${{aws:username}}/*", Resource=None)
    assert allows(policy(allow(), denial), "s3:GetObject", f"{BUCKET}/me/x")


@pytest.mark.parametrize("principal", ["", "somebody", "arn:aws:s3:::bucket", "12345"])
def test_a_principal_of_no_known_kind_is_refused(principal):
    with pytest.raises(RefusedError, match="principal"):
        allows(policy(allow()), "s3:GetObject", "*", principal)


@pytest.mark.parametrize("hidden", ["(known after apply)", "(sensitive 0123456789abcdef01234567)"])
def test_a_policy_with_a_part_that_is_not_known_is_refused(hidden):
    for document in (hidden, public(Principal={"AWS": hidden}), policy(allow(Action=[hidden]))):
        with pytest.raises(RefusedError, match="not known"):
            is_public_policy(document)


@pytest.mark.parametrize(
    "document", ["{", 7, {"Statement": ["x"]}, {"Statement": [{"Action": {}}]}]
)
def test_what_is_no_policy_is_refused(document):
    with pytest.raises(RefusedError):
        is_public_policy(document)


def test_an_element_named_twice_by_case_is_refused():
    twice = {**allow(Principal={"AWS": OURS}), "principal": "*"}
    with pytest.raises(RefusedError, match="twice"):
        is_public_policy(policy(twice))


def test_statements_are_told_in_one_form():
    (found,) = policy_statements(policy(allow(Principal="*")))
    assert {
        "Effect": "Allow",
        "Action": ["s3:getobject"],
        "Resource": ["*"],
        "Principal": {"AWS": ["*"]},
    } == found
    assert [] == policy_statements(None)


TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (deny(condition=TLS, Principal="*", Action="s3:*"), True),
        (deny(condition=TLS, Principal="*", Action="*"), True),
        (deny(condition=TLS, Principal="*", Action="s3:Get*"), False),
        (deny(condition=TLS, Principal={"AWS": OURS}, Action="s3:*"), False),
        (deny(condition=TLS, NotPrincipal={"AWS": OURS}, Action="s3:*"), False),
        (allow(TLS, Principal="*", Action="s3:*"), False),
        (deny(Principal="*", Action="s3:*"), False),
        (
            deny(
                condition={**TLS, "StringEquals": {"aws:SourceVpce": "x"}},
                Principal="*",
                Action="s3:*",
            ),
            False,
        ),
        (
            deny(condition={"Bool": {"aws:SecureTransport": "true"}}, Principal="*", Action="s3:*"),
            False,
        ),
    ],
)
def test_tls_is_required_where_all_else_is_denied_to_all(statement, expected):
    assert expected == requires_tls(policy(statement))
