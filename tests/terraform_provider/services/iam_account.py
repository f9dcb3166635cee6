"""The account's password policy."""

from __future__ import annotations

from typing import ClassVar

from tests.terraform_provider.aws import Aws, found
from tests.terraform_provider.schema import BOOL, ID, NUMBER, Schema, computed, either, optional
from tests.terraform_provider.services.iam_identities import GONE
from tests.terraform_provider.wire import Values

_WIRE = {
    "allow_users_to_change_password": "AllowUsersToChangePassword",
    "hard_expiry": "HardExpiry",
    "max_password_age": "MaxPasswordAge",
    "minimum_password_length": "MinimumPasswordLength",
    "password_reuse_prevention": "PasswordReusePrevention",
    "require_lowercase_characters": "RequireLowercaseCharacters",
    "require_numbers": "RequireNumbers",
    "require_symbols": "RequireSymbols",
    "require_uppercase_characters": "RequireUppercaseCharacters",
}


class PasswordPolicy:
    name = "aws_iam_account_password_policy"
    schema: ClassVar[Schema] = {
        **ID,
        "allow_users_to_change_password": optional(BOOL, default=True),
        "expire_passwords": computed(BOOL),
        "hard_expiry": either(BOOL),
        "max_password_age": either(NUMBER),
        "minimum_password_length": optional(NUMBER, default=6),
        "password_reuse_prevention": either(NUMBER),
        "require_lowercase_characters": either(BOOL),
        "require_numbers": either(BOOL),
        "require_symbols": either(BOOL),
        "require_uppercase_characters": either(BOOL),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = {wire: wanted[name] for name, wire in _WIRE.items() if wanted[name] is not None}
        aws.iam.update_account_password_policy(**asked)
        return "iam-account-password-policy"

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(aws.iam.get_account_password_policy, GONE)
        if answer is None:
            return None
        policy = answer["PasswordPolicy"]
        numbers = {"max_password_age", "password_reuse_prevention"}
        return {
            "expire_passwords": policy["ExpirePasswords"],
            **{
                name: policy.get(wire, 0 if name in numbers else False)
                for name, wire in _WIRE.items()
            },
        }


RESOURCES = (PasswordPolicy(),)
