"""Functions about the policy of a resource: whether it lets in everybody, or another account.

They take a policy in its canonical form (``canonical/policy.py``: lists
everywhere, actions, operators and keys of conditions in lower case). A condition
narrows who is let in only where it must hold (not ``…IfExists``, not
``ForAllValues``) and every value of it is fixed; in doubt a statement is open.
Denials are not weighed against what is allowed.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from driftguard.policy.functions.collections import listed
from driftguard.policy.functions.network import is_world_cidr
from driftguard.policy.functions.table import Function, RefusedError
from driftguard.policy.steps import spend

Statement: TypeAlias = Mapping[str, object]

_ACCOUNT = re.compile(r"\d{12}")
_ACCOUNT_KEYS = frozenset(
    {"aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount"}
)
_ARN_KEYS = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
_ORGANISATION_KEYS = frozenset(
    {"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"}
)
_OTHER_KEYS = frozenset(
    {"aws:sourcevpc", "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount"}
)
_KEYS = _ACCOUNT_KEYS | _ARN_KEYS | _ORGANISATION_KEYS | _OTHER_KEYS
_OPERATORS = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
)
_FIXED = 3
"""Characters before a wildcard that make a value more than a pattern for all."""


def statements(policy: object) -> Iterator[Statement]:
    """Yield a policy's statements; null has none. Raises RefusedError for anything else."""
    if policy is None:
        return
    if not isinstance(policy, Mapping):
        raise RefusedError("it takes a policy")
    for one in listed(policy.get("Statement")):
        spend()
        if not isinstance(one, Mapping):
            raise RefusedError("it takes a policy")
        yield one


def is_public_policy(policy: object) -> bool:
    """Tell whether a policy lets in everybody."""
    return any(
        _is_for_everybody(one) and not any(_narrowing(one))
        for one in statements(policy)
        if one.get("Effect") == "Allow"
    )


def is_cross_account(policy: object, account: object) -> bool:
    """Tell whether a policy lets in another account, or all of an organisation."""
    if not _ACCOUNT.fullmatch(str(account)):
        raise RefusedError("the own account is not known")
    allowed = [one for one in statements(policy) if one.get("Effect") == "Allow"]
    return any(_lets_in_another(one, str(account)) for one in allowed)


def requires_tls(policy: object) -> bool:
    """Tell whether a policy denies everybody everything that comes without TLS."""
    return any(
        _is_for_everybody(one)
        and one.get("Condition") in _PLAIN
        and any(action == "*" or str(action).endswith(":*") for action in listed(one.get("Action")))
        and any(str(resource).endswith("*") for resource in listed(one.get("Resource")))
        for one in statements(policy)
        if one.get("Effect") == "Deny"
    )


_PLAIN = tuple({name: {"aws:securetransport": ["false"]}} for name in ("bool", "boolifexists"))


def _is_for_everybody(statement: Statement) -> bool:
    if "NotPrincipal" in statement:
        return statement.get("Effect") == "Allow"
    return any(name == "*" for _, name in _principals(statement))


def _principals(statement: Statement) -> Iterator[tuple[str, str]]:
    named = statement.get("Principal")
    for kind, names in named.items() if isinstance(named, Mapping) else ():
        for name in listed(names):
            spend()
            yield str(kind), str(name)


def _narrowing(statement: Statement) -> Iterator[tuple[str, list[str]]]:
    """Yield the conditions, as (key, values), that leave only known ones in."""
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, Mapping) else ():
        name = str(operator).removeprefix("foranyvalue:")
        for key, found in keys.items() if isinstance(keys, Mapping) else ():
            values = [str(value) for value in listed(found)]
            spend(len(values))
            if values and all(_is_fixed(name, str(key), value) for value in values):
                yield str(key), values


def _is_fixed(operator: str, key: str, value: str) -> bool:
    if key == "aws:sourceip":
        return operator == "ipaddress" and not is_world_cidr(value)
    if key not in _KEYS or operator not in _OPERATORS:
        return False
    if operator in ("stringequals", "stringequalsignorecase"):
        return True
    if key in _ARN_KEYS:
        return _is_fixed_arn(value)
    return len(re.split(r"[*?]", value, maxsplit=1)[0]) >= _FIXED


_ARN_PARTS = 6


def _is_fixed_arn(arn: str) -> bool:
    """Tell whether an ARN, perhaps with wildcards, is of one account, or of one bucket."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    if parts[4]:
        return _ACCOUNT.fullmatch(parts[4]) is not None
    return len(re.split(r"[*?]", parts[5], maxsplit=1)[0]) >= _FIXED


def _lets_in_another(statement: Statement, account: str) -> bool:
    if any(kind == "CanonicalUser" for kind, _ in _principals(statement)):
        return True  # a number that says nothing of its account
    named = {_account_of(name) for kind, name in _principals(statement) if kind == "AWS"}
    if named - {"", account}:
        return True
    if not _is_for_everybody(statement):
        return False
    return any(_names_another(key, values, account) for key, values in _narrowing(statement))


def _names_another(key: str, values: list[str], account: str) -> bool:
    if key in _ORGANISATION_KEYS:
        return True
    if key in _ARN_KEYS:
        return any(_account_of(value) not in ("", account) for value in values)
    return key in _ACCOUNT_KEYS and any(value != account for value in values)


def _account_of(principal: str) -> str:
    """Return the account of a principal or an ARN; empty where it names none."""
    part = principal.split(":")[4] if principal.count(":") >= _ARN_PARTS - 1 else principal
    return part if _ACCOUNT.fullmatch(part) else ""


FUNCTIONS = (
    Function(
        name="is_public_policy",
        parameters=(("policy", "map"),),
        returns="bool",
        doc="Whether the policy of a resource lets in everybody: `*` or `NotPrincipal`, without a"
        " condition on the caller's account, organisation, network or ARN.",
        implementation=is_public_policy,
        example="is_public_policy(r.policy)",
    ),
    Function(
        name="is_cross_account",
        parameters=(("policy", "map"), ("account", "string")),
        returns="bool",
        doc="Whether the policy of a resource lets in another account than this one, or a whole"
        " organisation.",
        implementation=is_cross_account,
        example="is_cross_account(r.policy, ctx.account)",
    ),
    Function(
        name="requires_tls",
        parameters=(("policy", "map"),),
        returns="bool",
        doc="Whether the policy of a resource denies everybody whatever comes without TLS"
        " (`aws:SecureTransport`).",
        implementation=requires_tls,
        example="requires_tls(r.policy)",
    ),
)
