"""An IAM role: who may assume it, and all that it may do.

Attached and inline policies are compared over everything that declares them;
one that nobody declared is drift of the role, even where its state has no
``managed_policy_arns`` (which Terraform then calls "no changes").
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

from driftguard.canonical.kinds import INTEGER, TEXT
from driftguard.canonical.policy import POLICY, principals
from driftguard.errors import CanonicalError
from driftguard.model import Declared, Item, Severity
from driftguard.parts.iam_policies import policy_attributes, text
from driftguard.parts.tagging import tags_attribute
from driftguard.resource_type import Attribute, ResourceType

_AWS_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")
_ANYBODY = frozenset({("AWS", "*")})


def _identify(declared: Declared) -> str:
    named = text(declared, "name") or declared.id
    return named or text(declared, "arn").rpartition("/")[2]


def _as_aws_made_it(item: Item) -> str | None:
    """Say whose role it is: by its path and by whom it trusts, as either alone can be imitated."""
    path, trusted = str(item.raw.get("Path") or ""), _trusted(item)
    if path.startswith("/aws-service-role/") and all(
        kind == "Service" and who.endswith(_AWS_SERVICES) for kind, who in trusted
    ):
        return "a service-linked role, which its AWS service made and keeps"
    if path.startswith("/aws-reserved/sso.amazonaws.com/") and all(
        kind == "Federated" and ":saml-provider/AWSSSO_" in who for kind, who in trusted
    ):
        return "a role of IAM Identity Center, which makes and keeps it"
    return None


def _trusted(item: Item) -> frozenset[tuple[str, str]]:
    try:
        return principals(item.raw.get("AssumeRolePolicyDocument")) or _ANYBODY
    except CanonicalError:
        return _ANYBODY


TYPE = ResourceType(
    name="aws_iam_role",
    collection="iam.roles",
    is_global=True,
    identify=_identify,
    severity=Severity.MEDIUM,
    severity_missing=Severity.HIGH,
    aws_default=_as_aws_made_it,
    adopted_by={"aws_iam_service_linked_role": "name"},
    describe=("path", "assume_role_policy", "managed_policy_arns"),
    attributes=(
        Attribute(
            name="assume_role_policy",
            wire="AssumeRolePolicyDocument",
            kind=POLICY,
            severity=Severity.HIGH,
        ),
        Attribute(name="path", wire="Path", kind=TEXT, forces_replacement=True),
        Attribute(name="description", wire="Description", kind=TEXT, severity=Severity.INFO),
        Attribute(
            name="max_session_duration",
            wire="MaxSessionDuration",
            kind=INTEGER,
            default=3600,
            default_source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
            severity=Severity.LOW,
        ),
        Attribute(
            name="permissions_boundary",
            wire="PermissionsBoundary.PermissionsBoundaryArn",
            kind=TEXT,
            severity=Severity.HIGH,
        ),
        *policy_attributes("role"),
        tags_attribute(),
    ),
    not_compared={
        "id": "identity",
        "arn": "identity",
        "name": "identity",
        "unique_id": "computed: made anew whenever the role is",
        "create_date": "computed: a timestamp",
        "name_prefix": "configuration only: `name` holds what it made",
        "force_detach_policies": "configuration only",
        "tags_all": "compared as `tags`",
    },
    doc=__doc__,
)
