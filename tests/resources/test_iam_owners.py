"""Who answers for an attached or an inline policy, in each of the spellings."""

import pytest
from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources import iam_account as account
from tests.resources.iam_account import (
    GROUP,
    OTHER_ARN,
    POLICY_ARN,
    ROLE,
    USER,
    drifts,
    policy,
    state,
)
from tests.scanned import declared, scan

OWN = [state("aws_iam_role_policy"), state("aws_iam_user_policy")]


@pytest.fixture
def iam():
    with mock_aws():
        yield account.create()


def shared(**changed):
    attributes = {
        "groups": [GROUP],
        "id": "read-everywhere",
        "name": "read-everywhere",
        "policy_arn": POLICY_ARN,
        "roles": [ROLE],
        "users": [USER],
        **changed,
    }
    return declared("aws_iam_policy_attachment", attributes)


def account_with(*owners):
    return [state("aws_iam_role"), state("aws_iam_user"), *OWN, *owners]


def test_one_attachment_can_declare_the_policy_of_a_role_a_user_and_a_group(iam):
    scanned = scan(account_with(shared()), MotoReader())
    assert drifts(scanned) == []
    assert scanned.unknown == []


@pytest.mark.parametrize("copies", [[], [POLICY_ARN]])
def test_an_entity_that_lost_the_policy_is_drift_of_the_attachment_alone(iam, copies):
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    role = state("aws_iam_role", managed_policy_arns=copies)
    scanned = scan([role, state("aws_iam_role_policy"), shared()], MotoReader())
    assert drifts(scanned) == [("aws_iam_policy_attachment", "changed", ["roles"])]


def test_an_entity_given_the_policy_by_hand_is_drift_of_the_attachment_alone(iam):
    scanned = scan(account_with(shared(roles=[], users=[])), MotoReader())
    assert drifts(scanned) == [("aws_iam_policy_attachment", "changed", ["roles", "users"])]
    assert scanned.resources[-1].drift.changes[0].live == ROLE


def test_an_entity_that_a_standalone_attachment_declares_is_that_ones_business(iam):
    standalone = state("aws_iam_role_policy_attachment")
    both = account_with(shared(roles=[]), standalone)
    assert drifts(scan(both, MotoReader())) == []
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    found = drifts(scan(both, MotoReader()))
    assert found == [("aws_iam_role_policy_attachment", "missing", [])]


def test_another_policy_on_the_role_is_still_drift_of_the_role(iam):
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=OTHER_ARN)
    found = drifts(scan(account_with(shared()), MotoReader()))
    assert found == [("aws_iam_role", "changed", ["managed_policy_arns"])]


def test_an_attachment_that_nobody_has_any_more_is_missing(iam):
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    iam.detach_user_policy(UserName=USER, PolicyArn=POLICY_ARN)
    iam.detach_group_policy(GroupName=GROUP, PolicyArn=POLICY_ARN)
    found = drifts(scan(account_with(shared()), MotoReader()))
    assert found == [("aws_iam_policy_attachment", "missing", [])]


def test_an_attachment_that_cannot_be_read_is_unknown_and_accuses_nobody(iam):
    reader = MotoReader(broken={"iam.ListEntitiesForPolicy": "AccessDenied"})
    scanned = scan(account_with(shared()), reader)
    assert drifts(scanned) == []
    assert scanned.unknown == ["roles, users, groups: AccessDenied"]


def test_an_unreadable_role_leaves_its_attachments_unknown(iam):
    reader = MotoReader(
        broken=dict.fromkeys(
            ("iam.GetAccountAuthorizationDetails", "iam.ListRoles", "iam.GetRole",
             "iam.ListAttachedRolePolicies", "iam.ListRolePolicies"),
            "AccessDenied",
        )
    )  # fmt: skip
    named = ("aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment")
    scanned = scan([state(name) for name in named], reader)
    assert drifts(scanned) == []
    assert scanned.unknown == ["AccessDenied"] * 3


def exclusive(kind, identity, **attributes):
    suffix = "policy_attachments" if "policy_arns" in attributes else "policies"
    return declared(f"aws_iam_{kind}_{suffix}_exclusive", {f"{kind}_name": identity, **attributes})


EXCLUSIVES = [
    exclusive("role", ROLE, policy_arns=[POLICY_ARN]),
    exclusive("role", ROLE, policy_names=["own"]),
    exclusive("user", USER, policy_arns=[POLICY_ARN]),
    exclusive("user", USER, policy_names=["own"]),
    exclusive("group", GROUP, policy_arns=[POLICY_ARN]),
    exclusive("group", GROUP, policy_names=["own"]),
]


def test_exclusive_resources_declare_the_policies_too(iam):
    scanned = scan([state("aws_iam_role"), state("aws_iam_user"), *EXCLUSIVES], MotoReader())
    assert drifts(scanned) == []
    assert scanned.unknown == []


def test_what_was_added_by_hand_is_drift_of_the_exclusive_resource_alone(iam):
    for kind, name in (("role", ROLE), ("user", USER), ("group", GROUP)):
        who = {f"{kind.title()}Name": name}
        getattr(iam, f"attach_{kind}_policy")(**who, PolicyArn=OTHER_ARN)
        getattr(iam, f"put_{kind}_policy")(**who, PolicyName="more", PolicyDocument=policy())
    found = drifts(scan([*account_with(), *EXCLUSIVES], MotoReader()))
    assert found == [
        (f"aws_iam_{kind}_{what}_exclusive", "changed", [path])
        for kind in ("role", "user", "group")
        for what, path in (("policy_attachments", "policy_arns"), ("policies", "policy_names"))
    ]


def test_what_both_declare_is_the_standalone_resources_business_when_it_is_gone(iam):
    both = [
        *account_with(state("aws_iam_role_policy_attachment")),
        *EXCLUSIVES,
    ]
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    iam.delete_user_policy(UserName=USER, PolicyName="own")
    assert sorted(drifts(scan(both, MotoReader()))) == [
        ("aws_iam_role_policy_attachment", "missing", []),
        ("aws_iam_user_policy", "missing", []),
    ]


def test_an_administrator_policy_attached_by_hand_is_drift_of_the_role(monkeypatch):
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    with mock_aws():
        account.create().attach_role_policy(RoleName=ROLE, PolicyArn=admin)
        scanned = scan([*account_with(shared()), state("aws_iam_policy")], MotoReader())
    assert drifts(scanned) == [("aws_iam_role", "changed", ["managed_policy_arns"])]
    assert scanned.resources[0].drift.changes[0].live == admin
    assert scanned.unmanaged_ids == [OTHER_ARN]


def test_policies_that_cannot_be_read_leave_their_resources_unknown_and_the_rest_compared(iam):
    refused = ("GetAccountAuthorizationDetails", "ListAttachedRolePolicies", "ListRolePolicies")
    reader = MotoReader(broken={f"iam.{operation}": "AccessDenied" for operation in refused})
    iam.update_role(RoleName=ROLE, Description="x", MaxSessionDuration=7200)
    named = ("aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment")
    scanned = scan([state(name) for name in named], reader)
    assert drifts(scanned) == [("aws_iam_role", "changed", ["description"])]
    parts = "managed_policy_arns, inline_policy: AccessDenied"
    assert scanned.unknown == [parts, "AccessDenied", "AccessDenied"]
