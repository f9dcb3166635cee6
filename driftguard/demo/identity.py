"""The company's identities: a role for the shop, a role for the pipeline, a policy, a user."""

from __future__ import annotations

import json
from typing import cast

from driftguard.demo.cloud import ACCOUNT, Answer, Cloud
from driftguard.demo.network import TAGS, tag_list
from driftguard.demo.state import State

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def policy(*statements: dict[str, object]) -> str:
    """Return a policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusts(service: str) -> str:
    """Return the trust policy of a role that an AWS service assumes."""
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def build_identity(cloud: Cloud, state: State) -> None:
    """Make the identities."""
    orders = _policy(cloud, state)
    _role(cloud, state, "shop-app", "ec2", "What the web servers may do")
    _attach(cloud, state, "shop-app", orders)
    _inline(cloud, state, "shop-app")
    _role(cloud, state, "shop-worker", "lambda", "What the order worker may do")
    _attach(cloud, state, "shop-worker", READ_ONLY)
    _user(cloud, state)
    _password_policy(cloud, state)


def _policy(cloud: Cloud, state: State) -> str:
    document = policy(
        {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "*"}
    )
    answer = cloud.call(
        "iam",
        "create_policy",
        PolicyName="shop-orders",
        PolicyDocument=document,
        Description="Send and receive orders",
        Tags=tag_list(TAGS),
    )
    made = cast("Answer", answer["Policy"])
    attributes = {
        "id": made["Arn"],
        "arn": made["Arn"],
        "policy_id": made["PolicyId"],
        "name": "shop-orders",
        "path": "/",
        "description": "Send and receive orders",
        "policy": document,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_iam_policy", "orders", attributes)
    return str(made["Arn"])


def _role(cloud: Cloud, state: State, name: str, service: str, description: str) -> None:
    answer = cloud.call(
        "iam",
        "create_role",
        RoleName=name,
        AssumeRolePolicyDocument=trusts(service),
        Description=description,
        MaxSessionDuration=3600,
        Tags=tag_list(TAGS),
    )
    made = cast("Answer", answer["Role"])
    attributes = {
        "id": name,
        "name": name,
        "arn": made["Arn"],
        "unique_id": made["RoleId"],
        "path": "/",
        "assume_role_policy": trusts(service),
        "description": description,
        "max_session_duration": 3600,
        "permissions_boundary": "",
        "force_detach_policies": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_iam_role", name.replace("-", "_"), attributes)


def _attach(cloud: Cloud, state: State, role: str, arn: str) -> None:
    cloud.call("iam", "attach_role_policy", RoleName=role, PolicyArn=arn)
    attributes = {"id": f"{role}-20240312101500000000000001", "role": role, "policy_arn": arn}
    state.declare("aws_iam_role_policy_attachment", role.replace("-", "_"), attributes)


def _inline(cloud: Cloud, state: State, role: str) -> None:
    document = policy({"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"})
    cloud.call(
        "iam",
        "put_role_policy",
        RoleName=role,
        PolicyName="parameters",
        PolicyDocument=document,
    )
    attributes = {
        "id": f"{role}:parameters",
        "name": "parameters",
        "role": role,
        "policy": document,
    }
    state.declare("aws_iam_role_policy", "parameters", attributes)


def _user(cloud: Cloud, state: State) -> None:
    answer = cloud.call("iam", "create_user", UserName="ci", Tags=tag_list(TAGS))
    made = cast("Answer", answer["User"])
    attributes = {
        "id": "ci",
        "name": "ci",
        "arn": made["Arn"],
        "unique_id": made["UserId"],
        "path": "/",
        "permissions_boundary": "",
        "force_destroy": False,
        "tags": TAGS,
        "tags_all": TAGS,
    }
    state.declare("aws_iam_user", "ci", attributes)


def _password_policy(cloud: Cloud, state: State) -> None:
    cloud.call(
        "iam",
        "update_account_password_policy",
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
        AllowUsersToChangePassword=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=24,
    )
    attributes = {
        "id": "iam-account-password-policy",
        "minimum_password_length": 14,
        "require_symbols": True,
        "require_numbers": True,
        "require_uppercase_characters": True,
        "require_lowercase_characters": True,
        "allow_users_to_change_password": True,
        "max_password_age": 90,
        "expire_passwords": True,
        "password_reuse_prevention": 24,
        "hard_expiry": False,
    }
    state.declare("aws_iam_account_password_policy", "strict", attributes)


def account_root() -> dict[str, str]:
    """Return the principal that stands for the whole account."""
    return {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
