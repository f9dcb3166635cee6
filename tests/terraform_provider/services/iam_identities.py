"""Roles, users, groups, policies, inline policies and instance profiles."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRINGS,
    TAGS,
    Schema,
    computed,
    either,
    many,
    optional,
    required,
)
from tests.terraform_provider.wire import Values

GONE = "NoSuchEntity"


def _given(**asked: object) -> dict[str, object]:
    return {key: value for key, value in asked.items() if value}


def _stamp(when: Any) -> str:
    return str(when.strftime("%Y-%m-%dT%H:%M:%SZ"))


class Role:
    name = "aws_iam_role"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "assume_role_policy": required(),
        "create_date": computed(),
        "description": optional(),
        "force_detach_policies": optional(BOOL, default=False),
        "managed_policy_arns": either(STRINGS),
        "max_session_duration": optional(NUMBER, default=3600),
        "name": either(),
        "name_prefix": either(),
        "path": optional(default="/"),
        "permissions_boundary": optional(),
        "unique_id": computed(),
        "inline_policy": many("set", name=optional(), policy=optional()),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        name = wanted["name"]
        asked = _given(
            Description=wanted["description"],
            PermissionsBoundary=wanted["permissions_boundary"],
            Tags=pairs(wanted["tags_all"]),
        )
        aws.iam.create_role(
            RoleName=name,
            Path=wanted["path"],
            AssumeRolePolicyDocument=wanted["assume_role_policy"],
            MaxSessionDuration=int(wanted["max_session_duration"]),
            **asked,
        )
        for one in wanted["inline_policy"]:
            aws.iam.put_role_policy(
                RoleName=name, PolicyName=one["name"], PolicyDocument=one["policy"]
            )
        for arn in wanted["managed_policy_arns"] or ():
            aws.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        return str(name)

    def read(self, aws: Aws, state: Values) -> Values | None:
        name = state["id"]
        answer = found(lambda: aws.iam.get_role(RoleName=name), GONE)
        if answer is None:
            return None
        role = answer["Role"]
        attached = aws.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        trust = role["AssumeRolePolicyDocument"]
        return {
            "arn": role["Arn"],
            "assume_role_policy": same_document(state["assume_role_policy"], trust),
            "create_date": _stamp(role["CreateDate"]),
            "description": role.get("Description", ""),
            "managed_policy_arns": [one["PolicyArn"] for one in attached],
            "max_session_duration": role["MaxSessionDuration"],
            "name": name,
            "name_prefix": "",
            "path": role["Path"],
            "permissions_boundary": _boundary(role),
            "unique_id": role["RoleId"],
            "inline_policy": self._inline(aws, state),
            **aws.tags(by_key(role.get("Tags"))),
        }

    def _inline(self, aws: Aws, state: Values) -> list[Values]:
        """Return the inline policies; they are computed, so split ones are here too."""
        declared = {one["name"]: one["policy"] for one in state.get("inline_policy") or ()}
        names = aws.iam.list_role_policies(RoleName=state["id"])["PolicyNames"]
        return [
            {
                "name": name,
                "policy": same_document(declared.get(name), self._text(aws, state, name)),
            }
            for name in names
        ]

    def _text(self, aws: Aws, state: Values, name: str) -> Any:
        answer = aws.iam.get_role_policy(RoleName=state["id"], PolicyName=name)
        return answer["PolicyDocument"]


def _boundary(one: Any) -> str:
    return str(one.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))


class User:
    name = "aws_iam_user"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "force_destroy": optional(BOOL, default=False),
        "name": required(),
        "path": optional(default="/"),
        "permissions_boundary": optional(),
        "unique_id": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = _given(
            PermissionsBoundary=wanted["permissions_boundary"], Tags=pairs(wanted["tags_all"])
        )
        aws.iam.create_user(UserName=wanted["name"], Path=wanted["path"], **asked)
        return str(wanted["name"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        name = state["id"]
        answer = found(lambda: aws.iam.get_user(UserName=name), GONE)
        if answer is None:
            return None
        user = answer["User"]
        return {
            "arn": user["Arn"],
            "name": name,
            "path": user["Path"],
            "permissions_boundary": _boundary(user),
            "unique_id": user["UserId"],
            **aws.tags(by_key(user.get("Tags"))),
        }


class Group:
    name = "aws_iam_group"
    schema: ClassVar[Schema] = {
        **ID,
        "arn": computed(),
        "name": required(),
        "path": optional(default="/"),
        "unique_id": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.iam.create_group(GroupName=wanted["name"], Path=wanted["path"])
        return str(wanted["name"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(lambda: aws.iam.get_group(GroupName=state["id"]), GONE)
        group = answer and answer["Group"]
        return group and {
            "arn": group["Arn"],
            "name": group["GroupName"],
            "path": group["Path"],
            "unique_id": group["GroupId"],
        }


class Policy:
    name = "aws_iam_policy"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "attachment_count": computed(NUMBER),
        "description": optional(),
        "name": either(),
        "name_prefix": either(),
        "path": optional(default="/"),
        "policy": required(),
        "policy_id": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        made = aws.iam.create_policy(
            PolicyName=wanted["name"],
            Path=wanted["path"],
            PolicyDocument=wanted["policy"],
            Description=wanted["description"] or "",
            Tags=pairs(wanted["tags_all"]),
        )
        return str(made["Policy"]["Arn"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        arn = state["id"]
        answer = found(lambda: aws.iam.get_policy(PolicyArn=arn), GONE)
        if answer is None:
            return None
        policy = answer["Policy"]
        version = aws.iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
        return {
            "arn": arn,
            "attachment_count": policy["AttachmentCount"],
            "description": policy.get("Description", ""),
            "name": policy["PolicyName"],
            "name_prefix": "",
            "path": policy["Path"],
            "policy": same_document(state["policy"], version["PolicyVersion"]["Document"]),
            "policy_id": policy["PolicyId"],
            **aws.tags(by_key(policy.get("Tags"))),
        }


class InlinePolicy:
    """A policy inside a role, a user or a group."""

    def __init__(self, owner: str) -> None:
        self.name = f"aws_iam_{owner}_policy"
        self.schema = {
            **ID,
            owner: required(),
            "name": either(),
            "name_prefix": either(),
            "policy": required(),
        }
        self._owner = owner

    def create(self, aws: Aws, wanted: Values) -> str:
        put = getattr(aws.iam, f"put_{self._owner}_policy")
        put(PolicyDocument=wanted["policy"], **self._names(wanted))
        return f"{wanted[self._owner]}:{wanted['name']}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        get = getattr(aws.iam, f"get_{self._owner}_policy")
        answer = found(lambda: get(**self._names(state)), GONE)
        return answer and {
            "name": state["name"],
            "name_prefix": "",
            "policy": same_document(state["policy"], answer["PolicyDocument"]),
        }

    def _names(self, values: Values) -> dict[str, str]:
        owner = f"{self._owner.title()}Name"
        return {owner: values[self._owner], "PolicyName": values["name"]}


class InstanceProfile:
    name = "aws_iam_instance_profile"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "create_date": computed(),
        "name": either(),
        "name_prefix": either(),
        "path": optional(default="/"),
        "role": optional(),
        "unique_id": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        name = wanted["name"]
        aws.iam.create_instance_profile(
            InstanceProfileName=name, Path=wanted["path"], Tags=pairs(wanted["tags_all"])
        )
        if wanted["role"]:
            aws.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=wanted["role"])
        return str(name)

    def read(self, aws: Aws, state: Values) -> Values | None:
        name = state["id"]
        answer = found(lambda: aws.iam.get_instance_profile(InstanceProfileName=name), GONE)
        if answer is None:
            return None
        profile = answer["InstanceProfile"]
        roles = [one["RoleName"] for one in profile["Roles"]]
        return {
            "arn": profile["Arn"],
            "create_date": _stamp(profile["CreateDate"]),
            "name": name,
            "name_prefix": "",
            "path": profile["Path"],
            "role": roles[0] if roles else "",
            "unique_id": profile["InstanceProfileId"],
            **aws.tags(by_key(profile.get("Tags"))),
        }


RESOURCES = (
    Role(),
    User(),
    Group(),
    Policy(),
    InlinePolicy("role"),
    InlinePolicy("user"),
    InlinePolicy("group"),
    InstanceProfile(),
)
