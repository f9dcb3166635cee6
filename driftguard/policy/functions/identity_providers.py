"""Identity providers that are everybody's: trusting one without saying whom trusts the world.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from driftguard.policy.functions.conditions import fixed_values
from driftguard.policy.functions.statements import Statement

_SUBJECT: Mapping[str, tuple[str, ...]] = {
    "token.actions.githubusercontent.com": ("sub", "repository", "repository_owner_id"),
    "gitlab.com": ("sub",),
    "app.terraform.io": ("sub",),
    "agent.buildkite.com": ("sub",),
    "oidc.vercel.com": ("sub",),
    "accounts.google.com": ("sub", "aud", "oaud"),
    "graph.facebook.com": ("app_id", "id"),
    "www.amazon.com": ("app_id", "user_id"),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
}
"""Provider → what of its tokens says whose they are."""
_PROVIDER = ":oidc-provider/"


def lets_in_anybody(statement: Statement) -> bool:
    """Tell whether an Allow trusts a provider of everybody's, whoever its token is of."""
    if not statement.allows or statement.but_named:
        return False
    return any(
        not _says_whose(statement, provider)
        for kind, name in statement.named or ()
        if kind == "Federated"
        for provider in _providers(name)
    )


def _providers(name: str) -> Iterator[str]:
    """Yield a provider that is everybody's; its name may be followed by a path."""
    host = name.rpartition(_PROVIDER)[2].partition("/")[0]
    if host in _SUBJECT:
        yield host


def _says_whose(statement: Statement, provider: str) -> bool:
    held = (
        fixed_values(statement.condition, frozenset({f"{provider}:{claim}"}))
        for claim in _SUBJECT[provider]
    )
    return any(values and all(map(_is_of_somebody, values)) for values in held)


def _is_of_somebody(value: str) -> bool:
    """Tell whether a pattern says an owner before its first wildcard: ``repo:owner/…``."""
    fixed = value.replace("?", "*").partition("*")
    return not fixed[1] or bool(fixed[0].partition(":")[2])
