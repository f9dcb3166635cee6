"""Every IAM type on moto: as declared, edited by hand, gone, made by hand."""

import pytest
from moto import mock_aws

from tests.moto_reader import MotoReader
from tests.resources import iam_account as account
from tests.resources.iam_account import (
    GROUP,
    OTHER_ARN,
    PASSWORDS,
    POLICY_ARN,
    PROFILE,
    ROLE,
    USER,
    drifts,
    everything,
    policy,
    state,
    trust,
)
from tests.scanned import scan


@pytest.fixture
def iam():
    with mock_aws():
        yield account.create()


def test_an_account_as_declared_has_no_drift_and_all_of_it_is_checked(iam):
    scanned = scan(everything(), MotoReader())
    assert drifts(scanned) == []
    assert scanned.unknown == []
    assert scanned.not_in_state == []
    assert scanned.suppressed == []
    assert scanned.unmanaged_ids == [OTHER_ARN]


def test_the_states_of_older_providers_have_no_drift(iam):
    older = [
        state("aws_iam_role", managed_policy_arns=..., inline_policy=..., description="the app"),
        state("aws_iam_role_policy"),
        state("aws_iam_role_policy_attachment"),
        state("aws_iam_user", tags={"team": "blue"}, tags_all=..., permissions_boundary=None),
        state("aws_iam_user_policy"),
        state("aws_iam_user_policy_attachment"),
        state("aws_iam_policy", tags=..., tags_all=..., attachment_count=...),
    ]
    scanned = scan(older, MotoReader())
    assert drifts(scanned) == []
    assert scanned.not_in_state == ["tags"]


def test_copies_in_the_roles_state_do_not_matter_where_others_declare_the_same(iam):
    mirrored = [
        state(
            "aws_iam_role",
            managed_policy_arns=[POLICY_ARN],
            inline_policy=[{"name": "own", "policy": policy("something:Older")}],
        ),
        state("aws_iam_role_policy"),
        state("aws_iam_role_policy_attachment"),
    ]
    assert drifts(scan(mirrored, MotoReader())) == []


def test_a_role_may_declare_its_policies_itself(iam):
    inline = [{"name": "own", "policy": policy("sqs:SendMessage")}]
    own = state("aws_iam_role", managed_policy_arns=[POLICY_ARN], inline_policy=inline)
    assert drifts(scan([own], MotoReader())) == []
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    iam.delete_role_policy(RoleName=ROLE, PolicyName="own")
    paths = ["managed_policy_arns", 'inline_policy["own"]']
    assert drifts(scan([own], MotoReader())) == [("aws_iam_role", "changed", paths)]


EDITS = {
    "the trust policy was widened": (
        lambda iam: iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=trust(AWS="*")),
        ("aws_iam_role", "changed", ["assume_role_policy.Statement"] * 2),
    ),
    "a trusted principal was deleted": (
        lambda iam: iam.update_assume_role_policy(
            RoleName=ROLE, PolicyDocument=trust(AWS="AROAY5Y4D45RPLLU2OO3I")
        ),
        ("aws_iam_role", "changed", ["assume_role_policy.Statement"] * 2),
    ),
    "the role's description was edited": (
        lambda iam: iam.update_role(RoleName=ROLE, Description="x", MaxSessionDuration=7200),
        ("aws_iam_role", "changed", ["description"]),
    ),
    "the role's session was lengthened": (
        lambda iam: iam.update_role(RoleName=ROLE, Description="the app", MaxSessionDuration=43200),
        ("aws_iam_role", "changed", ["max_session_duration"]),
    ),
    "the role's boundary was removed": (
        lambda iam: iam.delete_role_permissions_boundary(RoleName=ROLE),
        ("aws_iam_role", "changed", ["permissions_boundary"]),
    ),
    "the role's boundary was replaced": (
        lambda iam: iam.put_role_permissions_boundary(
            RoleName=ROLE, PermissionsBoundary=POLICY_ARN
        ),
        ("aws_iam_role", "changed", ["permissions_boundary"]),
    ),
    "a tag of the role was edited": (
        lambda iam: iam.tag_role(RoleName=ROLE, Tags=[{"Key": "team", "Value": "red"}]),
        ("aws_iam_role", "changed", ["tags.team"]),
    ),
    "a policy was attached to the role": (
        lambda iam: iam.attach_role_policy(RoleName=ROLE, PolicyArn=OTHER_ARN),
        ("aws_iam_role", "changed", ["managed_policy_arns"]),
    ),
    "an inline policy was added to the role": (
        lambda iam: iam.put_role_policy(
            RoleName=ROLE, PolicyName="more", PolicyDocument=policy("*")
        ),
        ("aws_iam_role", "changed", ['inline_policy["more"]']),
    ),
    "the role's inline policy was widened": (
        lambda iam: iam.put_role_policy(
            RoleName=ROLE, PolicyName="own", PolicyDocument=policy("*")
        ),
        ("aws_iam_role_policy", "changed", ['policy.Statement["Read"]']),
    ),
    "the role's inline policy was deleted": (
        lambda iam: iam.delete_role_policy(RoleName=ROLE, PolicyName="own"),
        ("aws_iam_role_policy", "missing", []),
    ),
    "a policy was detached from the role": (
        lambda iam: iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN),
        ("aws_iam_role_policy_attachment", "missing", []),
    ),
    "a tag was added to the user": (
        lambda iam: iam.tag_user(UserName=USER, Tags=[{"Key": "a", "Value": "b"}]),
        ("aws_iam_user", "changed", ["tags.a"]),
    ),
    "a policy was attached to the user": (
        lambda iam: iam.attach_user_policy(UserName=USER, PolicyArn=OTHER_ARN),
        ("aws_iam_user", "changed", ["managed_policy_arns"]),
    ),
    "an inline policy was added to the user": (
        lambda iam: iam.put_user_policy(
            UserName=USER, PolicyName="more", PolicyDocument=policy("*")
        ),
        ("aws_iam_user", "changed", ['inline_policy["more"]']),
    ),
    "the user's inline policy was widened": (
        lambda iam: iam.put_user_policy(
            UserName=USER, PolicyName="own", PolicyDocument=policy("*")
        ),
        ("aws_iam_user_policy", "changed", ['policy.Statement["Read"]']),
    ),
    "the user's inline policy was deleted": (
        lambda iam: iam.delete_user_policy(UserName=USER, PolicyName="own"),
        ("aws_iam_user_policy", "missing", []),
    ),
    "a policy was detached from the user": (
        lambda iam: iam.detach_user_policy(UserName=USER, PolicyArn=POLICY_ARN),
        ("aws_iam_user_policy_attachment", "missing", []),
    ),
    "the group's inline policy was widened": (
        lambda iam: iam.put_group_policy(
            GroupName=GROUP, PolicyName="own", PolicyDocument=policy("*")
        ),
        ("aws_iam_group_policy", "changed", ['policy.Statement["Read"]']),
    ),
    "a policy was detached from the group": (
        lambda iam: iam.detach_group_policy(GroupName=GROUP, PolicyArn=POLICY_ARN),
        ("aws_iam_group_policy_attachment", "missing", []),
    ),
    "the policy has a new default version": (
        lambda iam: iam.create_policy_version(
            PolicyArn=POLICY_ARN, PolicyDocument=policy("s3:*"), SetAsDefault=True
        ),
        ("aws_iam_policy", "changed", ['policy.Statement["Read"]']),
    ),
    "a tag was taken from the policy": (
        lambda iam: iam.untag_policy(PolicyArn=POLICY_ARN, TagKeys=["team"]),
        ("aws_iam_policy", "changed", ["tags.team"]),
    ),
    "the profile has lost its role": (
        lambda iam: iam.remove_role_from_instance_profile(
            InstanceProfileName=PROFILE, RoleName=ROLE
        ),
        ("aws_iam_instance_profile", "changed", ["role"]),
    ),
    "a tag was taken from the profile": (
        lambda iam: iam.untag_instance_profile(InstanceProfileName=PROFILE, TagKeys=["team"]),
        ("aws_iam_instance_profile", "changed", ["tags.team"]),
    ),
    "the password policy was deleted": (
        lambda iam: iam.delete_account_password_policy(),
        ("aws_iam_account_password_policy", "missing", []),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_done_by_hand_is_one_finding_on_the_right_resource(iam, edit):
    by_hand, expected = EDITS[edit]
    by_hand(iam)
    assert [expected] == drifts(scan(everything(), MotoReader()))


@pytest.mark.parametrize(
    ("setting", "value", "path"),
    [
        ("MinimumPasswordLength", 6, "minimum_password_length"),
        ("MaxPasswordAge", 0, "max_password_age"),
        ("PasswordReusePrevention", 1, "password_reuse_prevention"),
        ("RequireSymbols", False, "require_symbols"),
        ("RequireNumbers", False, "require_numbers"),
        ("RequireUppercaseCharacters", False, "require_uppercase_characters"),
        ("RequireLowercaseCharacters", False, "require_lowercase_characters"),
        ("AllowUsersToChangePassword", False, "allow_users_to_change_password"),
        ("HardExpiry", True, "hard_expiry"),
    ],
)
def test_each_weakened_password_rule_is_found(iam, setting, value, path):
    changed = {**PASSWORDS, setting: value}
    if not changed["MaxPasswordAge"]:
        del changed["MaxPasswordAge"]
    iam.update_account_password_policy(**changed)
    expected = [("aws_iam_account_password_policy", "changed", [path])]
    assert expected == drifts(scan(everything(), MotoReader()))


def test_a_new_version_that_is_not_the_default_changes_nothing(iam):
    iam.create_policy_version(PolicyArn=POLICY_ARN, PolicyDocument=policy("s3:*"))
    assert drifts(scan(everything(), MotoReader())) == []


@pytest.mark.parametrize(
    ("type_name", "attribute", "value"),
    [
        ("aws_iam_role", "path", "/"),
        ("aws_iam_user", "path", "/"),
        ("aws_iam_user", "permissions_boundary", OTHER_ARN),
        ("aws_iam_policy", "path", "/"),
        ("aws_iam_policy", "description", "writes"),
        ("aws_iam_instance_profile", "path", "/"),
        ("aws_iam_instance_profile", "role", "another"),
    ],
)
def test_what_moto_cannot_change_is_found_from_the_declared_side(iam, type_name, attribute, value):
    one = state(type_name, **{attribute: value})
    paths = [path for _, _, found in drifts(scan([one], MotoReader())) for path in found]
    assert attribute in paths


@mock_aws
def test_everything_gone_is_missing():
    scanned = scan(everything(), MotoReader())
    assert scanned.kinds == ["missing"] * len(everything())
    assert scanned.unknown == []


def test_what_was_made_by_hand_is_unmanaged(iam):
    iam.create_role(RoleName="intruder", AssumeRolePolicyDocument=trust(AWS="*"))
    iam.create_user(UserName="intruder")
    iam.create_instance_profile(InstanceProfileName="intruder")
    scanned = scan(everything(), MotoReader())
    assert sorted((one.address.type, one.id) for one in scanned.unmanaged) == [
        ("aws_iam_instance_profile", "intruder"),
        ("aws_iam_policy", OTHER_ARN),
        ("aws_iam_role", "intruder"),
        ("aws_iam_user", "intruder"),
    ]
    (role,) = [one for one in scanned.unmanaged if one.address.type == "aws_iam_role"]
    assert [change.path for change in role.changes] == ["assume_role_policy", "path"]


AWS_ROLES = [
    (
        "AWSServiceRoleForRDS",
        "/aws-service-role/rds.amazonaws.com/",
        trust(Service="rds.amazonaws.com"),
    ),
    (
        "AWSReservedSSO_Admin_0123456789abcdef",
        "/aws-reserved/sso.amazonaws.com/eu-west-1/",
        trust(Federated="arn:aws:iam::123456789012:saml-provider/AWSSSO_0123_DO_NOT_DELETE"),
    ),
]


@pytest.mark.parametrize(("name", "path", "trusts"), AWS_ROLES)
def test_roles_that_aws_keeps_are_not_unmanaged_unless_asked_for(iam, name, path, trusts):
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trusts)
    roles = [state("aws_iam_role")]
    assert scan(roles, MotoReader()).unmanaged_ids == []
    assert scan(roles, MotoReader(), aws_defaults=True).unmanaged_ids == [name]


@pytest.mark.parametrize(
    "trusts", [trust(AWS="999999999999"), trust(AWS="*", Service="rds.amazonaws.com"), "{}"]
)
@pytest.mark.parametrize(("name", "path"), [role[:2] for role in AWS_ROLES])
def test_a_role_dressed_as_one_of_aws_is_unmanaged(iam, name, path, trusts):
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trusts)
    assert scan([state("aws_iam_role")], MotoReader()).unmanaged_ids == [name]


def test_a_state_that_holds_only_an_id_or_an_arn_still_finds_its_object(iam):
    few = [
        state("aws_iam_role", name=...),
        state("aws_iam_role", name=..., id=...),
        state("aws_iam_user", name=...),
        state("aws_iam_policy", arn=...),
        state("aws_iam_role_policy", name=..., role=...),
        state("aws_iam_instance_profile", name=...),
    ]
    others = [state("aws_iam_role_policy_attachment"), state("aws_iam_user_policy_attachment")]
    scanned = scan([*few, *others, state("aws_iam_user_policy")], MotoReader())
    assert drifts(scanned) == []
    assert scanned.unknown == []
