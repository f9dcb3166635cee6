"""Functions about whom policies of resources, and roles' trust policies, name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from driftguard.policy.functions.conditions import Holds, holds_for
from driftguard.policy.functions.patterns import covers
from driftguard.policy.functions.policies import accounts_named, granting, lets_in
from driftguard.policy.functions.principals import ANYBODY, STRANGER
from driftguard.policy.functions.statements import Statement, document, statements
from driftguard.policy.functions.table import Function

_DELETED = re.compile(r"A(IDA|ROA)[A-Z0-9]{12,}")
"""A user or role that is gone: AWS shows its unique id in the place of its ARN."""
_DEMANDS = re.compile(
    r"(foranyvalue:)?(string(equals|equalsignorecase|like)|arn(equals|like)"
    r"|numeric[a-z]+|date[a-z]+|binaryequals|ipaddress|bool)"
)
"""Operators that fail where the request does not have the key."""


def anybody_may(policy: object, action: str) -> bool:
    """Tell whether strangers may do an action by a policy, on whatever it names."""
    about = tuple(one for one in statements(policy) if one.named is not None or not one.allows)
    return any(one.actions.cover(action.lower()) for one in granting(about, STRANGER))


def outside_accounts(policy: object, account: str) -> list[str]:
    """Return the other accounts that a policy lets in by name, in order."""
    found = statements(policy)
    others = {*accounts_named(found)} - {account, ANYBODY}
    return [one for one in sorted(others) if lets_in(found, one)]


def deleted_principals(policy: object) -> list[str]:
    """Return the ids of deleted users and roles that a policy still names, in order."""
    named = {name for one in statements(policy) for _, name in one.named or ()}
    return sorted(name for name in named if _DELETED.fullmatch(name))


def principals_of(policy: object, kind: str) -> list[str]:
    """Return the principals of one kind that a policy's Allows name, in order."""
    return sorted(
        {
            name
            for one in statements(policy)
            if one.allows and not one.but_named
            for found, name in one.named or ()
            if found == kind
        }
    )


def unguarded_services(policy: object) -> list[str]:
    """Return the services let in without a word on whose behalf they may come, in order."""
    return sorted(
        {
            name
            for one in statements(policy)
            if one.allows and not _is_guarded(one)
            for kind, name in one.named or ()
            if kind == "Service"
        }
    )


def _is_guarded(one: Statement) -> bool:
    return holds_for(one.condition, STRANGER) is Holds.NO


def without_condition(policy: object, key: str) -> dict[str, object]:
    """Return what a policy allows without demanding anything of a condition key."""
    found = document(policy)
    listed = found.get("Statement")
    kept = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if one.get("Effect") == "Allow" and not _demands(one.get("Condition"), key.lower())
    ]
    return {**found, "Statement": kept}


def _demands(condition: object, key: str) -> bool:
    """Tell whether a condition fails where the request does not have a key."""
    return isinstance(condition, Mapping) and any(
        covers(key, str(name)) and _is_said(str(operator), values)
        for operator, keys in condition.items()
        for name, values in keys.items()
    )


def _is_said(operator: str, values: list[str]) -> bool:
    """Tell whether an operator demands a value, and not just any, and not that it be false."""
    if _DEMANDS.fullmatch(operator) is None:
        return False
    if operator == "bool":
        return values == ["true"]
    return all(value.strip("*?") for value in values)


_POLICY = ("policy", "map")

FUNCTIONS = (
    Function(
        name="anybody_may",
        parameters=(_POLICY, ("action", "string")),
        returns="bool",
        doc="Whether a policy of a resource lets strangers do an action, on whatever it names;"
        " conditions and denials as for `is_public_policy`.",
        implementation=anybody_may,
        example='anybody_may(r.policy, "sqs:ReceiveMessage")',
    ),
    Function(
        name="outside_accounts",
        parameters=(_POLICY, ("account", "string")),
        returns="list",
        doc="The other accounts that a policy lets in by name, or by a condition on the caller's"
        " account. An organisation and everybody are no account.",
        implementation=outside_accounts,
        example='outside_accounts(r.policy, ctx.account).exists(a, a != "111122223333")',
    ),
    Function(
        name="deleted_principals",
        parameters=(_POLICY,),
        returns="list",
        doc="The ids (`AIDA…`, `AROA…`) of deleted users and roles that a policy still names.",
        implementation=deleted_principals,
        example="size(deleted_principals(r.policy)) > 0",
    ),
    Function(
        name="principals_of",
        parameters=(_POLICY, ("kind", "string")),
        returns="list",
        doc="The principals of a kind (`AWS`, `Service`, `Federated`) that a policy's Allows name.",
        implementation=principals_of,
        example='principals_of(r.assume_role_policy, "Federated").exists(p, p.contains("saml"))',
    ),
    Function(
        name="unguarded_services",
        parameters=(_POLICY,),
        returns="list",
        doc="The services that a policy lets in without a condition that says on whose behalf"
        " (`aws:SourceArn`, `aws:SourceAccount`, …).",
        implementation=unguarded_services,
        example='"sns.amazonaws.com" in unguarded_services(r.policy)',
    ),
    Function(
        name="without_condition",
        parameters=(_POLICY, ("key", "string")),
        returns="dyn",
        doc="What a policy allows without demanding anything of a condition key, as a policy;"
        " the key may hold `*`. An operator that also holds where the key is absent demands"
        " nothing.",
        implementation=without_condition,
        example='size(outside_accounts(without_condition(r.assume_role_policy, "sts:ExternalId"),'
        " ctx.account)) > 0",
    ),
)
