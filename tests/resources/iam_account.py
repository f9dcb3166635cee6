"""A small account on moto's IAM, and the state that the provider would keep of it.

``STATES`` holds one resource of each type, in the shape of provider 5: the
role's lists are copies of what was live when it was last refreshed.
"""

from __future__ import annotations

import json

from tests.moto_reader import ACCOUNT, client
from tests.scanned import declared

ROLE, USER, GROUP, PROFILE = "app", "ann", "staff", "app-profile"
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/team/read"
OTHER_ARN = f"arn:aws:iam::{ACCOUNT}:policy/other"
TAGS = [{"Key": "team", "Value": "blue"}]
STATE_TAGS = {"tags": {}, "tags_all": {"team": "blue"}}


def policy(action="s3:GetObject", **elements):
    """Return a policy document as text, spelled as people write it."""
    statement = {"Sid": "Read", "Action": [action], "Resource": "*", "Effect": "Allow", **elements}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(**principal):
    """Return a trust policy as text."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": principal or {"Service": "ec2.amazonaws.com"},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PASSWORDS = {
    "MinimumPasswordLength": 14,
    "RequireSymbols": True,
    "RequireNumbers": True,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
    "AllowUsersToChangePassword": True,
    "MaxPasswordAge": 90,
    "PasswordReusePrevention": 5,
    "HardExpiry": False,
}


def create():
    """Create the account's objects by hand."""
    iam = client("iam")
    iam.create_policy(
        PolicyName="read", Path="/team/", PolicyDocument=policy(), Description="reads", Tags=TAGS
    )
    iam.create_policy(PolicyName="other", PolicyDocument=policy("kms:Decrypt"))
    iam.create_role(
        RoleName=ROLE,
        Path="/team/",
        AssumeRolePolicyDocument=trust(),
        Description="the app",
        MaxSessionDuration=7200,
        PermissionsBoundary=OTHER_ARN,
        Tags=TAGS,
    )
    iam.create_user(UserName=USER, Path="/team/", Tags=TAGS)
    iam.create_group(GroupName=GROUP, Path="/team/")
    iam.put_role_policy(RoleName=ROLE, PolicyName="own", PolicyDocument=policy("sqs:SendMessage"))
    iam.put_user_policy(UserName=USER, PolicyName="own", PolicyDocument=policy("sqs:SendMessage"))
    iam.put_group_policy(
        GroupName=GROUP, PolicyName="own", PolicyDocument=policy("sqs:SendMessage")
    )
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=POLICY_ARN)
    iam.attach_user_policy(UserName=USER, PolicyArn=POLICY_ARN)
    iam.attach_group_policy(GroupName=GROUP, PolicyArn=POLICY_ARN)
    iam.create_instance_profile(InstanceProfileName=PROFILE, Path="/team/", Tags=TAGS)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=ROLE)
    iam.update_account_password_policy(**PASSWORDS)
    return iam


STATES = {
    "aws_iam_role": {
        "arn": f"arn:aws:iam::{ACCOUNT}:role/team/{ROLE}",
        "assume_role_policy": trust(),
        "create_date": "2024-01-01T00:00:00Z",
        "description": "the app",
        "force_detach_policies": False,
        "id": ROLE,
        "inline_policy": [],
        "managed_policy_arns": [],
        "max_session_duration": 7200,
        "name": ROLE,
        "name_prefix": "",
        "path": "/team/",
        "permissions_boundary": OTHER_ARN,
        "unique_id": "AROAY5Y4D45RPLLU2OO3I",
        **STATE_TAGS,
    },
    "aws_iam_user": {
        "arn": f"arn:aws:iam::{ACCOUNT}:user/team/{USER}",
        "force_destroy": False,
        "id": USER,
        "name": USER,
        "path": "/team/",
        "permissions_boundary": "",
        "unique_id": "AIDAY5Y4D45RG3VTEMRNH",
        **STATE_TAGS,
    },
    "aws_iam_policy": {
        "arn": POLICY_ARN,
        "attachment_count": 0,
        "description": "reads",
        "id": POLICY_ARN,
        "name": "read",
        "name_prefix": "",
        "path": "/team/",
        "policy": policy(),
        "policy_id": "ANPAXYCHC33BRSYNN5R3T",
        **STATE_TAGS,
    },
    "aws_iam_role_policy": {
        "id": f"{ROLE}:own",
        "name": "own",
        "name_prefix": "",
        "policy": policy("SQS:sendmessage"),
        "role": ROLE,
    },
    "aws_iam_user_policy": {
        "id": f"{USER}:own",
        "name": "own",
        "name_prefix": "",
        "policy": policy("SQS:sendmessage"),
        "user": USER,
    },
    "aws_iam_group_policy": {
        "group": GROUP,
        "id": f"{GROUP}:own",
        "name": "own",
        "name_prefix": None,
        "policy": policy("SQS:sendmessage"),
    },
    "aws_iam_role_policy_attachment": {
        "id": f"{ROLE}-20211122174943970000000002",
        "policy_arn": POLICY_ARN,
        "role": ROLE,
    },
    "aws_iam_user_policy_attachment": {
        "id": f"{USER}-20211122174943970000000002",
        "policy_arn": POLICY_ARN,
        "user": USER,
    },
    "aws_iam_group_policy_attachment": {
        "group": GROUP,
        "id": f"{GROUP}-20220509135152620300000001",
        "policy_arn": POLICY_ARN,
    },
    "aws_iam_instance_profile": {
        "arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/team/{PROFILE}",
        "create_date": "2025-11-10T08:26:24Z",
        "id": PROFILE,
        "name": PROFILE,
        "name_prefix": "",
        "path": "/team/",
        "role": ROLE,
        "unique_id": "AIPATLJ5MPBUFQJPLMPLF",
        **STATE_TAGS,
    },
    "aws_iam_account_password_policy": {
        "allow_users_to_change_password": True,
        "expire_passwords": True,
        "hard_expiry": False,
        "id": "iam-account-password-policy",
        "max_password_age": 90,
        "minimum_password_length": 14,
        "password_reuse_prevention": 5,
        "require_lowercase_characters": True,
        "require_numbers": True,
        "require_symbols": True,
        "require_uppercase_characters": True,
    },
}


def state(type_name, **changed):
    """Return one declared resource, with some attributes changed; UNSET ones taken out."""
    kept = {**STATES[type_name], **changed}
    return declared(type_name, {name: value for name, value in kept.items() if value is not ...})


def everything():
    """Return every declared resource of the account."""
    return [state(type_name) for type_name in STATES]


def drifts(scanned):
    """Return what is told of declared resources: type, kind and paths."""
    return [
        (one.drift.address.type, one.drift.kind.value, [c.path for c in one.drift.changes])
        for one in scanned.resources
        if one.drift
    ]
