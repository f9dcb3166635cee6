"""IAM."""

from __future__ import annotations

import json
from typing import Any

from tests.terraform_provider.changes.change import ADMIN, Hands, changed, gone, made

_TRUST_ANYBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
    }
)


def _iam(hands: Hands) -> Any:
    return hands.aws().iam


def _arn(hands: Hands, policy: str) -> str:
    return str(hands.of(f"aws_iam_policy.{policy}"))


def _other_version(hands: Hands) -> None:
    _iam(hands).create_policy_version(
        PolicyArn=_arn(hands, "changed"), PolicyDocument=ADMIN, SetAsDefault=True
    )


def _swap_role(hands: Hands) -> None:
    _iam(hands).remove_role_from_instance_profile(InstanceProfileName="changed", RoleName="inline")
    _iam(hands).add_role_to_instance_profile(InstanceProfileName="changed", RoleName="app")


CHANGES = (
    changed(
        "aws_iam_role.app",
        "assume_role_policy",
        "anybody may assume it",
        lambda h: _iam(h).update_assume_role_policy(RoleName="app", PolicyDocument=_TRUST_ANYBODY),
    ),
    changed(
        "aws_iam_role.app",
        "managed_policy_arns",
        "another policy attached",
        lambda h: _iam(h).attach_role_policy(RoleName="app", PolicyArn=_arn(h, "loose")),
    ),
    changed(
        "aws_iam_role.app",
        "inline_policy",
        "an inline policy added",
        lambda h: _iam(h).put_role_policy(
            RoleName="app", PolicyName="by-hand", PolicyDocument=ADMIN
        ),
    ),
    changed(
        "aws_iam_role.app",
        "max_session_duration",
        "longer sessions",
        lambda h: _iam(h).update_role(RoleName="app", MaxSessionDuration=43200),
    ),
    changed(
        "aws_iam_role.inline",
        "inline_policy",
        "its inline policy rewritten",
        lambda h: _iam(h).put_role_policy(
            RoleName="inline", PolicyName="own", PolicyDocument=ADMIN
        ),
    ),
    changed(
        "aws_iam_role.inline",
        "managed_policy_arns",
        "its policy detached",
        lambda h: _iam(h).detach_role_policy(RoleName="inline", PolicyArn=_arn(h, "read")),
    ),
    changed(
        "aws_iam_role.inline",
        "tags",
        "tag added",
        lambda h: _iam(h).tag_role(RoleName="inline", Tags=[{"Key": "Extra", "Value": "yes"}]),
    ),
    gone("aws_iam_role.gone", lambda h: _iam(h).delete_role(RoleName="gone")),
    made(
        "aws_iam_role",
        lambda h: _iam(h).create_role(RoleName="by-hand", AssumeRolePolicyDocument=_TRUST_ANYBODY),
    ),
    changed("aws_iam_policy.changed", "policy", "widened to everything", _other_version),
    gone("aws_iam_policy.gone", lambda h: _iam(h).delete_policy(PolicyArn=_arn(h, "gone"))),
    made(
        "aws_iam_policy",
        lambda h: _iam(h).create_policy(PolicyName="by-hand", PolicyDocument=ADMIN),
    ),
    changed(
        "aws_iam_role_policy.changed",
        "policy",
        "widened to everything",
        lambda h: _iam(h).put_role_policy(
            RoleName="app", PolicyName="changed", PolicyDocument=ADMIN
        ),
    ),
    gone(
        "aws_iam_role_policy.gone",
        lambda h: _iam(h).delete_role_policy(RoleName="app", PolicyName="gone"),
    ),
    gone(
        "aws_iam_role_policy_attachment.gone",
        lambda h: _iam(h).detach_role_policy(RoleName="app", PolicyArn=_arn(h, "read")),
    ),
    changed(
        "aws_iam_user.ann",
        "tags",
        "retagged",
        lambda h: _iam(h).tag_user(UserName="ann", Tags=[{"Key": "Team", "Value": "red"}]),
    ),
    gone("aws_iam_user.gone", lambda h: _iam(h).delete_user(UserName="gone")),
    made("aws_iam_user", lambda h: _iam(h).create_user(UserName="by-hand")),
    changed(
        "aws_iam_user_policy.changed",
        "policy",
        "widened to everything",
        lambda h: _iam(h).put_user_policy(
            UserName="ann", PolicyName="changed", PolicyDocument=ADMIN
        ),
    ),
    gone(
        "aws_iam_user_policy.gone",
        lambda h: _iam(h).delete_user_policy(UserName="ann", PolicyName="gone"),
    ),
    gone(
        "aws_iam_user_policy_attachment.gone",
        lambda h: _iam(h).detach_user_policy(UserName="ann", PolicyArn=_arn(h, "changed")),
    ),
    changed(
        "aws_iam_group_policy.changed",
        "policy",
        "widened to everything",
        lambda h: _iam(h).put_group_policy(
            GroupName="staff", PolicyName="changed", PolicyDocument=ADMIN
        ),
    ),
    gone(
        "aws_iam_group_policy_attachment.gone",
        lambda h: _iam(h).detach_group_policy(GroupName="staff", PolicyArn=_arn(h, "read")),
    ),
    changed(
        "aws_iam_policy_attachment.shared",
        "users",
        "given to another user",
        lambda h: _iam(h).attach_user_policy(UserName="bob", PolicyArn=_arn(h, "shared")),
    ),
    changed(
        "aws_iam_policy_attachment.shared",
        "roles",
        "given to a role",
        lambda h: _iam(h).attach_role_policy(RoleName="inline", PolicyArn=_arn(h, "shared")),
    ),
    changed(
        "aws_iam_policy_attachment.shared",
        "groups",
        "taken from its group",
        lambda h: _iam(h).detach_group_policy(GroupName="staff", PolicyArn=_arn(h, "shared")),
    ),
    changed("aws_iam_instance_profile.changed", "role", "given another role", _swap_role),
    gone(
        "aws_iam_instance_profile.gone",
        lambda h: _iam(h).delete_instance_profile(InstanceProfileName="gone"),
    ),
    made(
        "aws_iam_instance_profile",
        lambda h: _iam(h).create_instance_profile(InstanceProfileName="by-hand"),
    ),
    changed(
        "aws_iam_account_password_policy.strict",
        "minimum_password_length",
        "shorter passwords",
        lambda h: _iam(h).update_account_password_policy(
            MinimumPasswordLength=6,
            RequireLowercaseCharacters=True,
            RequireUppercaseCharacters=True,
            RequireNumbers=True,
            RequireSymbols=True,
            AllowUsersToChangePassword=True,
            MaxPasswordAge=90,
        ),
    ),
)
