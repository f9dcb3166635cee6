"""The password policy of an account's IAM users.

Deleted, AWS's default policy is in force again: the resource is missing then.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_account_password_policy
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
"""

from __future__ import annotations

from driftguard.canonical.kinds import BOOLEAN, INTEGER
from driftguard.model import Severity
from driftguard.resource_type import Attribute, ResourceType

ID = "iam-account-password-policy"
_API = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html"

TYPE = ResourceType(
    name="aws_iam_account_password_policy",
    collection="iam.password_policy",
    is_global=True,
    identify=lambda _: ID,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    describe=("minimum_password_length", "max_password_age"),
    attributes=(
        Attribute(
            name="minimum_password_length",
            wire="MinimumPasswordLength",
            kind=INTEGER,
            default=6,
            default_source=_API,
        ),
        Attribute(name="max_password_age", wire="MaxPasswordAge", kind=INTEGER),
        Attribute(name="password_reuse_prevention", wire="PasswordReusePrevention", kind=INTEGER),
        Attribute(name="require_symbols", wire="RequireSymbols", kind=BOOLEAN),
        Attribute(name="require_numbers", wire="RequireNumbers", kind=BOOLEAN),
        Attribute(
            name="require_uppercase_characters", wire="RequireUppercaseCharacters", kind=BOOLEAN
        ),
        Attribute(
            name="require_lowercase_characters", wire="RequireLowercaseCharacters", kind=BOOLEAN
        ),
        Attribute(
            name="allow_users_to_change_password", wire="AllowUsersToChangePassword", kind=BOOLEAN
        ),
        Attribute(name="hard_expiry", wire="HardExpiry", kind=BOOLEAN),
    ),
    not_compared={
        "id": "identity",
        "expire_passwords": "computed: whether `max_password_age` is set",
    },
    doc=__doc__,
)
