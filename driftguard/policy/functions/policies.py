"""Functions about IAM policies: who may do what by one, strangers above all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from driftguard.policy.functions.conditions import Holds, fixed_values, holds_for
from driftguard.policy.functions.identity_providers import lets_in_anybody
from driftguard.policy.functions.patterns import is_everything
from driftguard.policy.functions.principals import (
    ANYBODY,
    STRANGER,
    Somebody,
    account_of,
    is_about,
    somebody,
)
from driftguard.policy.functions.statements import Names, Statement, document, statements
from driftguard.policy.functions.table import Function, RefusedError

_ACCOUNT = re.compile(r"\d{12}")
_BY_ACCOUNT = frozenset(
    {"aws:sourceaccount", "aws:sourceowner", "aws:principalaccount", "kms:calleraccount"}
)
_BY_ARN = frozenset({"aws:sourcearn", "aws:principalarn"})
_BY_ORGANISATION = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_ADMIN = "iam:*"


def allows(policy: object, action: str, resource: str = "*", principal: str = ANYBODY) -> bool:
    """Tell whether a policy may allow an action; an explicit Deny goes before any Allow."""
    found = statements(policy)
    who = somebody(principal)
    asked = Names(patterns=(action.lower(),)), Names(patterns=(resource,))
    return any(_applies(one, *asked, who) for one in found if one.allows) and not any(
        _applies(one, *asked, who) for one in found if not one.allows
    )


def _applies(one: Statement, actions: Names, resources: Names, who: Somebody) -> bool:
    """Tell whether a statement says of somebody's every such action what it says.

    What can't be told of its condition is taken so that more is allowed.
    """
    if not (is_about(one, who) and one.actions.include(actions)):
        return False
    wrong = Holds.NO if one.allows else Holds.MAYBE
    holds = holds_for(one.condition, who)
    return one.resources.include(resources) and holds not in (wrong, Holds.NO)


def granting(found: tuple[Statement, ...], who: Somebody) -> Iterator[Statement]:
    """Yield the statements by which somebody is let in, those that a Deny undoes left out."""
    denials = [one for one in found if not one.allows]
    for one in found:
        if not one.allows or one.actions == Names(patterns=()) or not is_about(one, who):
            continue
        if holds_for(one.condition, who) is Holds.NO:
            continue
        if not any(_applies(no, one.actions, one.resources, who) for no in denials):
            yield one


def is_public_policy(policy: object) -> bool:
    """Tell whether strangers are let in: by name of all, or by an identity provider of all."""
    found = statements(policy)
    return _is_public(found)


def _is_public(found: tuple[Statement, ...]) -> bool:
    about = tuple(one for one in found if one.named is not None or not one.allows)
    return any(granting(about, STRANGER)) or any(map(lets_in_anybody, found))


def is_cross_account(policy: object, account: str) -> bool:
    """Tell whether a policy lets in somebody of another account, who is not simply anybody."""
    if not _ACCOUNT.fullmatch(account):
        raise RefusedError("an account is twelve digits")
    found = statements(policy)
    others = {one for one in accounts_named(found) if one != account}
    if any(lets_in(found, one) for one in sorted(others)):
        return True
    _refuse_canonical_users(found)
    return False


def lets_in(found: tuple[Statement, ...], account: str) -> bool:
    """Tell whether an account, or a principal of it that is named, is let in."""
    if account == ANYBODY:  # the organisation's accounts, whichever they are
        return True
    named = {
        name
        for one in found
        for _, name in one.named or ()
        if one.allows and account_of(name) == account
    }
    about = tuple(one for one in found if one.named is not None or not one.allows)
    return any(any(granting(about, somebody(name))) for name in sorted({account, *named}))


def accounts_named(found: tuple[Statement, ...]) -> Iterator[str]:
    """Yield the accounts that Allows name, also in a condition; ``*`` for an organisation's."""
    for one in found:
        if not one.allows or one.named is None:
            continue
        names = [name for _, name in one.named]
        for name in names:
            account = account_of(name)
            if account is not None:
                yield account
        if ANYBODY in names or one.but_named:
            by_arn = fixed_values(one.condition, _BY_ARN)
            said = [arn.split(":")[4:5] for arn in by_arn]
            accounts = (*fixed_values(one.condition, _BY_ACCOUNT), *itertools.chain(*said))
            yield from filter(_ACCOUNT.fullmatch, accounts)
            if fixed_values(one.condition, _BY_ORGANISATION):
                yield ANYBODY


def _refuse_canonical_users(found: tuple[Statement, ...]) -> None:
    if any(kind == "CanonicalUser" for one in found if one.allows for kind, _ in one.named or ()):
        raise RefusedError("it names a canonical user, whose account is not known")


def policy_grants_admin(policy: object) -> bool:
    """Tell whether a policy allows everything on everything, or all but what is not IAM."""
    found = statements(policy)
    nobody = Somebody(names=frozenset())
    return any(
        _is_all(one.resources) and (_is_all(one.actions) or _leaves_iam(one.actions))
        for one in granting(found, nobody)
    )


def _is_all(names: Names) -> bool:
    if names.but:
        return not names.patterns
    return any(map(is_everything, names.patterns))


def _leaves_iam(actions: Names) -> bool:
    return actions.but and actions.cover(_ADMIN)


def policy_statements(policy: object) -> list[object]:
    """Return the statements of a policy, each element a list, actions in lower case."""
    found = document(policy).get("Statement")
    return found if isinstance(found, list) else []


def requires_tls(policy: object) -> bool:
    """Tell whether a policy denies everybody all that comes without TLS."""
    return any(map(_requires_tls, statements(policy)))


def _requires_tls(one: Statement) -> bool:
    tests = [
        (operator.removesuffix("ifexists"), key, values)
        for operator, keys in one.condition.items()
        for key, values in keys.items()
    ]
    everybody = is_about(one, STRANGER) and not one.but_named
    all_actions = _is_all(one.actions) or any(
        pattern.endswith(":*") and pattern.count("*") == 1 for pattern in one.actions.patterns
    )
    only = tests == [("bool", "aws:securetransport", ("false",))]
    all_of_it = all_actions and not one.actions.but and not _is_bucket_alone(one.resources)
    return not one.allows and only and everybody and all_of_it


_BUCKET = re.compile(r"arn:[a-z-]+:s3:::[^/*?]+")


def _is_bucket_alone(names: Names) -> bool:
    """Tell whether resources leave out a bucket's objects, which is what is read and written."""
    return names.but or (
        bool(names.patterns) and all(_BUCKET.fullmatch(one) for one in names.patterns)
    )


_ALLOWS = (
    "Whether a policy may allow an action, or all that a pattern (`s3:*`) stands for, to anybody"
    " on everything. Deny goes before Allow; NotAction, NotResource, NotPrincipal, wildcards and"
    " policy variables are understood. A condition that can't be decided counts as what allows"
    " more."
)
_ALLOWS_PRINCIPAL = (
    "The same for a principal: an account's id, an ARN, a service's name, or `*`, a stranger of"
    " another account and organisation."
)

FUNCTIONS = (
    *(
        Function(
            name="allows",
            parameters=parameters,
            returns="bool",
            doc=doc,
            implementation=allows,
            example=example,
        )
        for parameters, doc, example in (
            (
                (("policy", "map"), ("action", "string")),
                _ALLOWS,
                'allows(r.policy, "iam:*")',
            ),
            (
                (("policy", "map"), ("action", "string"), ("resource", "string")),
                "The same on a resource: an ARN, or a pattern of ARNs.",
                'allows(r.policy, "s3:GetObject", "arn:aws:s3:::data/*")',
            ),
            (
                (
                    ("policy", "map"),
                    ("action", "string"),
                    ("resource", "string"),
                    ("principal", "string"),
                ),
                _ALLOWS_PRINCIPAL,
                'allows(r.policy, "kms:Decrypt", "*", "111122223333")',
            ),
        )
    ),
    Function(
        name="is_public_policy",
        parameters=(("policy", "map"),),
        returns="bool",
        doc="Whether a policy lets strangers do anything: it names everybody (`*`, or NotPrincipal"
        " in an Allow), and no condition and no Deny narrows that to accounts, an organisation,"
        " networks or VPCs; or it trusts an identity provider that is everybody's (GitHub, GitLab,"
        " Google, …) without saying whose identities.",
        implementation=is_public_policy,
        example="is_public_policy(r.policy)",
    ),
    Function(
        name="is_cross_account",
        parameters=(("policy", "map"), ("account", "string")),
        returns="bool",
        doc="Whether a policy lets in anybody of another account: by name, or by a condition"
        " that names an account or an organisation. Anybody at all is `is_public_policy`; services"
        " of AWS are of no account.",
        implementation=is_cross_account,
        example="is_cross_account(r.policy, ctx.account)",
    ),
    Function(
        name="policy_grants_admin",
        parameters=(("policy", "map"),),
        returns="bool",
        doc="Whether one statement allows all actions on all resources, or all but some (NotAction)"
        " that do not include IAM, and no Deny undoes it.",
        implementation=policy_grants_admin,
        example="policy_grants_admin(r.policy)",
    ),
    Function(
        name="policy_statements",
        parameters=(("policy", "map"),),
        returns="list",
        doc="The statements of a policy, none of null. `Effect` and `Sid` are texts; `Action`,"
        " `NotAction` (lower case), `Resource` and `NotResource` lists; `Principal` a map of kinds"
        " to lists; `Condition` a map of operators to maps of keys, in lower case, to lists. What a"
        " statement does not have is no key of it.",
        implementation=policy_statements,
        example='policy_statements(r.policy).exists(s, s.Effect == "Allow" && has(s.NotAction))',
    ),
    Function(
        name="requires_tls",
        parameters=(("policy", "map"),),
        returns="bool",
        doc="Whether a policy denies everybody every action of its service over connections"
        " without TLS (`aws:SecureTransport` false).",
        implementation=requires_tls,
        example="!requires_tls(r.policy)",
    ),
)
