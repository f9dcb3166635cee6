"""What a secret looks like, and what only looks like one.

``redact.py`` asks two things of a string nobody marked: which parts of it are
secret by their shape (:func:`secret_spans`), and, of a value that was marked,
whether it is such an ordinary word of AWS that replacing it elsewhere would hide
the whole report (:func:`is_ordinary`).

Every expression is linear in the text: repetitions are bounded or possessive,
and no two that could share a character follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST_SHAPE = 6
"""Characters; a shorter string has no room for a shape (``pwd=ab``)."""

TRIGGERS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "credential",
    "bearer",
    "basic",
    "://",
    "akia",
    "asia",
    "eyj",
    "gh",
    "github",
    "glpat-",
    "xox",
    "slack",
    "k_",
    "whsec_",
    "aiza",
    "sg.",
    "npm_",
)
"""Lower-case texts of which a string must hold one to be worth the expressions."""

_KEYWORD = (
    r"(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|secret[_-]?key|auth[_-]?key|credentials?)"
)

SECRET_NAME = re.compile(
    rf"(?:{_KEYWORD}|(?<![a-z])pass|(?-i:(?<=[a-z])Pass)|password_?[0-9v]{{1,3}})\Z", re.IGNORECASE
)
"""A name whose value is a secret: ``DB_PASSWORD``, ``masterUserPassword``, ``api-key``."""

NOT_SECRET_NAME = re.compile(
    r"(?:next|continuation|pagination|page|client_?request|idempotency|creation)_?token\Z"
    r"|(?-i:[cC]lientToken)\Z|has_?password\Z",
    re.IGNORECASE,
)
"""Names that end alike and hold no secret: where a listing goes on, whether there is one."""

_PRIVATE_KEY = (
    r"-----BEGIN (?:[A-Z0-9]{1,20}+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"[^-]*+(?:-(?!----END)[^-]*+)*+"
    r"(?:-----END [A-Z0-9 ]{0,40}-----)?"
)
_TOKENS = (
    r"(?<![A-Za-z0-9/+])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9/+])",
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}+\.eyJ[A-Za-z0-9_-]{6,}+\.[A-Za-z0-9_-]*+",
    r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,255}+",
    r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,255}+",
    r"(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,255}+",
    r"(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{10,255}+",
    r"(?<![A-Za-z0-9])(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}+",
    r"(?<![A-Za-z0-9])whsec_[A-Za-z0-9]{16,255}+",
    r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}+\.[A-Za-z0-9_-]{16,64}+",
    r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
)
# https://hooks.slack.com/services/T…/B…/…: who has the address may post
_SLACK_HOOK = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{8,255}+)"
)
_USERINFO = (  # scheme://user:password@host
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}+://[^\s/:@\"'<>]{0,255}+:"
    r"(?P<secret>[^\s/\"'<>]{1,511})(?=@)"
)
_AUTHORIZATION = r"(?<![A-Za-z0-9])(?i:bearer|basic)\s{1,4}+(?P<secret>[A-Za-z0-9._~+/=-]{16,}+)"
_NAMED = (
    # password=…, "password": "…", password: …; an ARN's `:secret:name` has neither
    # quote nor space and stays.
    rf"(?i:{_KEYWORD})"
    r"(?:[\"'\\]{0,4}+\s{0,4}+=\s{0,4}+|[\"'\\]{1,4}+\s{0,4}+:\s{0,4}+|\s{0,4}+:\s{1,4}+)"
    r"(?:\\?\"(?P<double>[^\"\\\s][^\"\\]{0,1023}+)"
    r"|'(?P<single>[^'\s][^']{0,1023}+)"
    r"|(?P<bare>[^\s\"'\\,;&<>(){}\[\]]{2,1023}+))"
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<secret>{_PRIVATE_KEY})",
        rf"(?P<secret>{'|'.join(_TOKENS)})",
        _SLACK_HOOK,
        _USERINFO,
        _AUTHORIZATION,
        _NAMED,
    )
)

_ID = (
    r"(?:acl|ami|cgw|cvpn-endpoint|dopt|eipalloc|eipassoc|eni|eni-attach|fl|fs|fsmt|i|igw|eigw|lt"
    r"|nat|pcx|pl|r|rtb|rtbassoc|sg|sgr|snap|subnet|tgw|tgw-attach|tgw-rtb|vgw|vol|vpc|vpce|vpn"
    r"|aclassoc|vpc-cidr-assoc|subnet-cidr-assoc|o|ou|db|cluster|fsap|asg|rslvr-in|rslvr-out)"
    r"-(?:[0-9a-f]{8}|[0-9a-f]{17})"
)
_HARMLESS = re.compile(
    r"(?i:true|false|null|none|undefined|enabled|disabled|required|optional|default)"
    r"|arn:aws[a-z-]*:.+"  # where a secret is kept, not the secret
    r"|\$\{.{1,200}\}|\{\{.{1,200}\}\}|<[^<>]{1,60}>|\*{1,100}"  # references and place-holders
)
_ORDINARY = re.compile(
    rf"""
      {_ID}
    | [0-9]{{1,5}} | [0-9]{{12}}                                # ports, sizes; account ids
    | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}                          # a policy's Version
    | [a-z]{{2}}(?:-[a-z]{{2,5}}){{0,2}}-[a-z]{{4,10}}-[0-9]{{1,2}}[a-z]?      # regions and zones
    | (?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}(?:/[0-9]{{1,2}})?    # addresses and networks
    | [0-9a-fA-F]{{0,4}}(?::[0-9a-fA-F]{{0,4}}){{2,7}}(?:/[0-9]{{1,3}})?
    | aws:kms | [a-z0-9-]{{2,40}}:[A-Z*][A-Za-z*?]{{0,80}}      # IAM actions
    | [a-z0-9.-]{{1,80}}\.amazonaws\.com(?:\.cn)?            # service principals, endpoints
    """,
    re.VERBOSE,
)

AWS_IDENTIFIER = re.compile(
    rf"{_ID}|arn:aws[a-z-]*:[a-z0-9-]{{1,40}}:[a-z0-9-]{{0,30}}:(?:[0-9]{{12}}|aws)?:[^\s]{{1,1024}}"
)
"""The whole of a resource id or an ARN: what AWS itself calls a thing."""


def is_ordinary(text: str) -> bool:
    """Tell whether a marked value is a word that half of a state is made of.

    Booleans, short numbers, account ids, ARNs, resource ids, regions, addresses,
    IAM actions, AWS host names and references to a secret kept elsewhere. Where
    such a value is marked it is replaced; copies of it are not looked for.
    """
    return _ORDINARY.fullmatch(text) is not None or is_harmless(text)


def is_harmless(text: str) -> bool:
    """Tell whether a value can't be a secret, even under a secret's name."""
    return _HARMLESS.fullmatch(text) is not None


def is_secret_name(name: str) -> bool:
    """Tell whether what stands under this name is a secret."""
    return SECRET_NAME.search(name[-64:]) is not None and NOT_SECRET_NAME.search(name[-64:]) is None


def may_hold_shape(text: str) -> bool:
    """Tell, cheaply, whether a text is worth :func:`secret_spans`."""
    if len(text) < SHORTEST_SHAPE:
        return False
    lowered = text.lower()
    for trigger in TRIGGERS:  # noqa: SIM110  # any() costs twice as much, on every string of a scan
        if trigger in lowered:
            return True
    return False


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text secrets stand by their shape; spans may overlap."""
    for shape in _SHAPES:
        for match in shape.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            if not is_harmless(text[start:end]):
                yield start, end
