"""Who asks, and whether a statement is about them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from driftguard.policy.functions.patterns import covers
from driftguard.policy.functions.statements import Statement
from driftguard.policy.functions.table import RefusedError

ANYBODY = "*"
_ACCOUNT = re.compile(r"\d{12}")
_ARN = re.compile(r"arn:[a-z-]+:(iam|sts)::(\d{12}):(.+)")
_ASSUMED = re.compile(r"arn:([a-z-]+):sts::(\d{12}):assumed-role/([^/]+)/.+")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazon(aws)?\.com(\.cn)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A principal of which a policy is asked."""

    names: frozenset[str]
    """Every name that a policy may give it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Condition keys of its requests, as far as they are known; lower case."""
    stranger: bool = False
    """Somebody whom no policy can mean by name: of another account and organisation."""


STRANGER = Somebody(
    names=frozenset(),
    facts={"aws:principalisawsservice": "false"},
    stranger=True,
)


def somebody(principal: str) -> Somebody:
    """Return who is meant: ``*``, an account's id, an ARN, or a service's name.

    Raises RefusedError for anything else.
    """
    if principal == ANYBODY:
        return STRANGER
    if _SERVICE.fullmatch(principal):
        facts = {"aws:principalisawsservice": "true", "aws:principalservicename": principal}
        return Somebody(names=frozenset({principal}), facts=facts)
    account = account_of(principal)
    if account is None:
        raise RefusedError("a principal is `*`, an account, the ARN of one, or a service")
    facts = {
        "aws:principalaccount": account,
        "kms:calleraccount": account,
        "aws:principalisawsservice": "false",
    }
    role = _role(principal)
    if ":" in principal and not principal.endswith(":root"):
        facts["aws:principalarn"] = role
    return Somebody(names=frozenset({principal, role, account}), facts=facts)


def _role(principal: str) -> str:
    """Return the role of a session: who a policy that names the role means."""
    found = _ASSUMED.fullmatch(principal)
    return f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}" if found else principal


def account_of(principal: str) -> str | None:
    """Return the account of a principal, None where its name does not tell."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    found = _ARN.fullmatch(principal)
    return found[2] if found else None


def is_about(statement: Statement, who: Somebody) -> bool:
    """Tell whether a statement is about somebody; one of an identity is about whoever has it."""
    if statement.named is None:
        return True
    named = any(_means(name, who) for _, name in statement.named)
    return named != statement.but_named


def _means(name: str, who: Somebody) -> bool:
    if name == ANYBODY:
        return True
    return name in who.names or any(covers(name, one) for one in who.names if "*" in name)
