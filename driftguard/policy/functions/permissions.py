"""Functions about policies of users, groups and roles: what they let do everywhere.

A condition on an Allow does not clear it here, as whether it holds depends on the request;
a Deny that always holds does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from driftguard.policy.functions.collections import listed
from driftguard.policy.functions.patterns import is_everything
from driftguard.policy.functions.statements import Statement, statements
from driftguard.policy.functions.table import Function, RefusedError

_ALL_OF_A_KIND = re.compile(
    r"arn:[^:]*:(iam|sts|kms|lambda|dynamodb|secretsmanager|ssm|logs|sns|sqs|cloudtrail|config"
    r"|guardduty):[^:]*:[^:]*:((role|user|group|policy|instance-profile|key|alias|function"
    r"|table|secret|parameter|log-group|trail|detector)[:/])?\*+"
)
"""A pattern that names every resource of a kind: as good as ``*`` for an action on them."""
_ALL_BUCKETS = re.compile(r"arn:[^:]*:s3:::\*+(/\*+)?")
_WITHOUT_VARIABLES = "2008-10-17"
_WHOLE_SERVICE = re.compile(r"([a-z0-9-]+):\*+")


def _read(policy: object) -> tuple[Statement, ...]:
    """Return the statements with policy variables as they stand.

    ``user/${aws:username}`` is one's own and never every user; only policies of the
    newer version know variables.
    """
    if isinstance(policy, Mapping):
        return statements({**policy, "Version": _WITHOUT_VARIABLES})
    return statements(policy)


def may_everywhere(policy: object, action: str) -> bool:
    """Tell whether a policy gives an action, or all of a pattern, on every resource."""
    return _gives(_read(policy), action.lower())


def may_any_everywhere(policy: object, actions: object) -> bool:
    """Tell whether a policy gives any of some actions on every resource."""
    found = _read(policy)
    return any(_gives(found, str(one).lower()) for one in listed(actions))


def _gives(found: tuple[Statement, ...], action: str) -> bool:
    allowed = any(one.allows and one.actions.cover(action) and _is_everywhere(one) for one in found)
    return allowed and not any(_takes(one, action) for one in found)


def _is_everywhere(one: Statement) -> bool:
    """Tell whether a statement is about every resource, or all of a kind, or all but some."""
    return one.resources.but or any(map(_is_every, one.resources.patterns))


def _is_every(pattern: str) -> bool:
    return (
        is_everything(pattern)
        or _ALL_OF_A_KIND.fullmatch(pattern) is not None
        or _ALL_BUCKETS.fullmatch(pattern) is not None
    )


def _takes(one: Statement, action: str) -> bool:
    """Tell whether a statement denies an action on every resource, whatever the request."""
    if one.allows or one.condition:
        return False
    return one.actions.cover(action) and one.resources.cover("*")


def whole_services(policy: object) -> list[str]:
    """Return the services of which a policy gives every action everywhere, in order."""
    found = _read(policy)
    named = {
        match[1]
        for one in found
        if one.allows and not one.actions.but and _is_everywhere(one)
        for pattern in one.actions.patterns
        if (match := _WHOLE_SERVICE.fullmatch(pattern))
    }
    return sorted(one for one in named if _gives(found, f"{one}:*"))


def allows_all_but(policy: object) -> bool:
    """Tell whether a policy allows all actions but those that it names."""
    return any(one.allows and one.actions.but for one in statements(policy))


def identity_policy(side: object) -> dict[str, object]:
    """Return the document of a policy, or all the inline ones of a role or user as one.

    A Deny of one inline policy holds against the Allow of another.
    """
    if not isinstance(side, Mapping) or not ({"policy", "inline_policy"} & side.keys()):
        raise RefusedError("the policies of this resource are not known")
    found = [side.get("policy"), *map(_document, listed(side.get("inline_policy")))]
    statements = [one for policy in found if policy is not None for one in _statements(policy)]
    return {"Version": "2012-10-17", "Statement": statements}


def _document(block: object) -> object:
    if not isinstance(block, Mapping):
        raise RefusedError("an inline policy is not known")
    return block.get("policy")


def _statements(policy: object) -> list[object]:
    if not isinstance(policy, Mapping):
        raise RefusedError("a policy is not known")
    return listed(policy.get("Statement"))


_POLICY = ("policy", "map")

FUNCTIONS = (
    Function(
        name="identity_policy",
        parameters=(("side", "map"),),
        returns="dyn",
        doc="The policy document of `r`: the one of a policy, or all inline ones of a role or user"
        " as one.",
        implementation=identity_policy,
        looks_at=("policy", "inline_policy"),
        example="policy_grants_admin(identity_policy(r))",
    ),
    Function(
        name="may_everywhere",
        parameters=(_POLICY, ("action", "string")),
        returns="bool",
        doc="Whether a policy of an identity gives an action (`iam:PassRole`, `iam:*`) on every"
        " resource, or on every one of a kind. A Deny that always holds takes it away; a condition"
        " does not.",
        implementation=may_everywhere,
        example='may_everywhere(r.policy, "iam:PassRole")',
    ),
    Function(
        name="may_everywhere",
        parameters=(_POLICY, ("actions", "list")),
        returns="bool",
        doc="The same for any of some actions.",
        implementation=may_any_everywhere,
        example='may_everywhere(r.policy, ["kms:Decrypt", "kms:ReEncryptFrom"])',
    ),
    Function(
        name="whole_services",
        parameters=(_POLICY,),
        returns="list",
        doc="The services of which a policy gives every action on every resource, such as `s3`"
        " for `s3:*`; `*` itself names none, see `policy_grants_admin`.",
        implementation=whole_services,
        example='"s3" in whole_services(r.policy)',
    ),
    Function(
        name="allows_all_but",
        parameters=(_POLICY,),
        returns="bool",
        doc="Whether a policy allows all actions but those that it names (`NotAction`).",
        implementation=allows_all_but,
        example="allows_all_but(r.policy)",
    ),
)
