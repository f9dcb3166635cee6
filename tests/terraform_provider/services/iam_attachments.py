"""Attachments of managed policies: one by one, and all of a policy."""

from __future__ import annotations

from typing import ClassVar

from tests.terraform_provider.aws import Aws, found
from tests.terraform_provider.schema import ID, STRINGS, Schema, optional, required
from tests.terraform_provider.services.iam_identities import GONE
from tests.terraform_provider.wire import Values

_STAMP = "20240101000000000000000001"


class Attachment:
    """One policy attached to one role, user or group."""

    def __init__(self, owner: str) -> None:
        self.name = f"aws_iam_{owner}_policy_attachment"
        self.schema = {**ID, owner: required(), "policy_arn": required()}
        self._owner = owner

    def create(self, aws: Aws, wanted: Values) -> str:
        owner = wanted[self._owner]
        attach = getattr(aws.iam, f"attach_{self._owner}_policy")
        attach(**{f"{self._owner.title()}Name": owner, "PolicyArn": wanted["policy_arn"]})
        return f"{owner}-{_STAMP}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        listed = getattr(aws.iam, f"list_attached_{self._owner}_policies")
        owner = {f"{self._owner.title()}Name": state[self._owner]}
        answer = found(lambda: listed(**owner), GONE)
        arns = [one["PolicyArn"] for one in answer["AttachedPolicies"]] if answer else []
        return {} if state["policy_arn"] in arns else None


class EveryAttachment:
    """All that a policy is attached to."""

    name = "aws_iam_policy_attachment"
    schema: ClassVar[Schema] = {
        **ID,
        "groups": optional(STRINGS),
        "name": required(),
        "policy_arn": required(),
        "roles": optional(STRINGS),
        "users": optional(STRINGS),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        for kind in ("group", "role", "user"):
            for owner in wanted[f"{kind}s"] or ():
                attach = getattr(aws.iam, f"attach_{kind}_policy")
                attach(**{f"{kind.title()}Name": owner, "PolicyArn": wanted["policy_arn"]})
        return str(wanted["name"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        arn = state["policy_arn"]
        answer = found(lambda: aws.iam.list_entities_for_policy(PolicyArn=arn), GONE)
        return answer and {
            "groups": [one["GroupName"] for one in answer["PolicyGroups"]],
            "roles": [one["RoleName"] for one in answer["PolicyRoles"]],
            "users": [one["UserName"] for one in answer["PolicyUsers"]],
        }


RESOURCES = (Attachment("role"), Attachment("user"), Attachment("group"), EveryAttachment())
