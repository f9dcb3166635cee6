"""What may stand in ``driftguard.yaml``: every field with its unit, its default and why.

The docstrings are the reference page and, through the JSON schema, what an
editor shows while one types.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

SeverityWord: TypeAlias = Literal["info", "low", "medium", "high", "critical"]

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/[\w+=,.@/-]{1,576}", re.ASCII)
_WEB = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,300}(/[^\s?#\\]{0,1000})?", re.ASCII)
_ADDRESS = re.compile(r"[!-~]{8,2000}")
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)


def region_name(text: str) -> str:
    """Return a region's name. Raises ValueError where it can't be one."""
    if not _REGION.fullmatch(text):
        raise ValueError("expected a region's name such as eu-central-1")
    return text


def role_arn(text: str) -> str:
    """Return the ARN of a role. Raises ValueError where it can't be one."""
    if not _ROLE.fullmatch(text):
        raise ValueError("expected a role's ARN such as arn:aws:iam::111122223333:role/name")
    return text


def endpoint(text: str) -> str:
    """Return the address of an endpoint. Raises ValueError where it can't be one."""
    expected = "expected an address such as http://localhost:5000"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port in words, half an IPv6 address
        usable = False
    if not usable or not _ADDRESS.fullmatch(text):
        raise ValueError(expected)
    if "@" in parts.netloc:
        raise ValueError(f"{expected}, without a user and password")
    return text


def account_of(role: str) -> str:
    """Return the account id in a role's ARN; ``""`` where it is no such ARN."""
    found = _ROLE.fullmatch(role)
    return found.group(1) if found else ""


def _account(text: str) -> str:
    if not _ACCOUNT.fullmatch(text):
        raise ValueError("expected an account id of twelve digits, in quotes")
    return text


def _web_address(text: str) -> str:
    if not _WEB.fullmatch(text):
        raise ValueError("expected https://HOST/ or more of an address, without credentials")
    return text


def _spelled(value: object) -> object:
    """Take a number for the text that it was written as (an external id of digits)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _listed(value: object) -> object:
    """Take one word for a list of one."""
    return [value] if isinstance(value, str) else value


_WORDS_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

Endpoint: TypeAlias = Annotated[str, AfterValidator(lambda text: text and endpoint(text))]
Spelled: TypeAlias = Annotated[str, BeforeValidator(_spelled)]
Account: TypeAlias = Annotated[Spelled, AfterValidator(_account)]
Region: TypeAlias = Annotated[str, AfterValidator(region_name)]
Word: TypeAlias = Annotated[str, Field(min_length=1)]
Words: TypeAlias = Annotated[
    tuple[Word, ...], BeforeValidator(_listed), WithJsonSchema(_WORDS_SCHEMA)
]
Regions: TypeAlias = Annotated[
    tuple[Region, ...], BeforeValidator(_listed), WithJsonSchema(_WORDS_SCHEMA)
]


class Fields(BaseModel):
    """Base: unknown keys are errors, nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Role(Fields):
    """A role to assume, one step of a chain."""

    arn: Annotated[str, AfterValidator(role_arn)]
    """The role's ARN."""
    external_id: Spelled = ""
    """The external id that the role's trust policy asks for. Default: none is sent."""
    session_name: Annotated[str, Field(pattern=r"^[\w+=,.@-]{2,64}$")] = "driftguard"
    """The name the session has in CloudTrail. Default `driftguard`, so that its calls are found."""


Roles: TypeAlias = tuple[Role, ...]


class AccountSettings(Fields):
    """How one AWS account is reached."""

    account: Account
    """The account id, twelve digits. Quote it: a leading zero is part of it."""
    profile: str = ""
    """The profile of the AWS configuration to begin with. Default: the usual chain of
    credentials (environment, web identity, instance role)."""
    roles: Roles = ()
    """The roles to assume from there, in order; the last one reads. It needs what
    `driftguard iam-policy --read` prints. Default: none, the credentials read by themselves."""
    regions: Regions = ()
    """Regions to search for unmanaged resources, besides those that something is
    declared in. Default: none."""


Variable: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
HeaderName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class WebSettings(Fields):
    """With what a web server is asked for states: the variables that hold secrets, never these."""

    address: Annotated[str, AfterValidator(_web_address)]
    """How the addresses begin that this is for: `https://gitlab.example/api/v4/projects/`.
    Nothing of it is sent to another server. The longest entry that fits counts. For
    `hcp://` and `tfe://` it is `https://HOST/`."""
    username: str = ""
    """The user's name for basic authentication. Default: none."""
    password_variable: Variable | Literal[""] = ""
    """The variable that holds the password of `username`. Default: none is sent."""
    token_variable: Variable | Literal[""] = ""
    """The variable that holds a token, sent as `Authorization: Bearer`. Default: none is sent."""
    headers: dict[HeaderName, Variable] = {}
    """Headers to send, and the variables that hold their values: `PRIVATE-TOKEN: GITLAB_TOKEN`.
    Default: none."""
    ca_file: str = ""
    """A file with certificates in PEM to trust besides the system's. Relative to the
    configuration file. Default: none. TLS is always verified."""


class StateAccess(Fields):
    """How states are read, which is often with other rights than what they describe."""

    profile: str = ""
    """The profile to read states in S3 with. Default: the usual chain of credentials."""
    role: Role | None = None
    """The role to assume for it. Default: none."""
    web: tuple[WebSettings, ...] = ()
    """With what web servers are asked (`https://`, `hcp://`, `tfe://`). Default: what the
    variables `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`, or `TF_TOKEN_…` say."""


class StackSettings(Fields):
    """States that are declared and looked at together."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What the stack is called in reports; unique in the file."""
    component: Annotated[str, Field(max_length=100)] = ""
    """The part of the system it belongs to, as people speak of it: `payments`. It
    groups metrics and reports. Default: none."""
    state: Annotated[Words, Field(min_length=1)]
    """Where its Terraform state lies: a file, a folder, a glob, `s3://bucket/key`,
    `https://…`, `hcp://org/workspace`, `gs://bucket/object`, `azurerm://account/container/key`
    or a Terraform working directory; one, or a list. Relative to the configuration file."""
    account: Account | Literal[""] = ""
    """The account of what the state does not say of itself. Default: the account of
    the last of `roles`, then that of `defaults`, then that of the credentials."""
    regions: Regions = ()
    """The first is the region of what the state does not say of itself (provider
    versions before 6 keep no region); all are searched for unmanaged resources.
    Default: those of `defaults`."""
    roles: Roles = ()
    """The roles to assume to read this stack's account, in order. A short way to write
    an entry of `accounts`. Default: none."""


class Defaults(Fields):
    """What every stack takes where it does not say otherwise."""

    account: Account | Literal[""] = ""
    """The account. Default: the one the credentials belong to."""
    regions: Regions = ()
    """The regions. Default: `AWS_REGION`."""
    component: str = ""
    """The component. Default: none."""


class Limits(Fields):
    """Bounds, so that no state and no endpoint can hold a scan up for ever."""

    state_size: Annotated[int, Field(ge=1, le=4096)] = 256
    """Largest state file, in MiB. Default 256: over 100,000 resources, and it still fits in
    the memory of a small machine."""
    deadline: Annotated[float, Field(gt=0, le=86_400)] = 900.0
    """Seconds that a whole scan may take. What is not read by then is unreadable.
    Default 900: a CI job's patience, and far more than a healthy scan needs."""
    connect_timeout: Annotated[float, Field(gt=0, le=300)] = 5.0
    """Seconds to reach an AWS endpoint. Default 5: a route that is slower is broken."""
    read_timeout: Annotated[float, Field(gt=0, le=900)] = 30.0
    """Seconds to wait for an answer. Default 30: big IAM answers take some."""
    attempts: Annotated[int, Field(ge=1, le=20)] = 5
    """How often a throttled or failed call is made at most. Default 5, each later than the last."""
    parallel: Annotated[int, Field(ge=1, le=128)] = 16
    """Collections read at the same time, over all accounts. Default 16: more waits for
    AWS's own rates."""


class RuleOverride(Fields):
    """One rule, otherwise than it ships."""

    rule: Word
    """Its id, such as `DG-AWS-SG-001`."""
    severity: SeverityWord | None = None
    """Its severity, whatever its own conditions say. Default: the rule's own."""
    mode: Literal["off", "propose", "auto"] | None = None
    """What may be done about a violation. Default: the rule's own."""
    parameters: dict[str, bool | int | str | tuple[bool | int | str, ...]] = Field(
        default_factory=dict
    )
    """Values in the place of the rule's own. Default: none."""


class DisabledRule(Fields):
    """One rule that is not asked."""

    rule: Word
    """Its id."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why not, for whoever finds it missing."""


class PolicySettings(Fields):
    """By which rules a drift is rated."""

    rules: Words = ()
    """Files and folders of your own rules, relative to this file. Default: none."""
    shipped: bool = True
    """Whether the rules that ship with DriftGuard are asked. Default yes."""
    exceptions: str = ""
    """The file of exceptions, relative to this file. Default: none."""
    pages: Endpoint = ""
    """Where the pages of the rules that ship are to be read, such as your copy of
    `docs/`: reports link to `PAGES/rules/ID.md`. Default: the address of the
    documentation that the installed package names, where it names one."""
    override: tuple[RuleOverride, ...] = ()
    """Rules that count otherwise here. Default: none."""
    disable: tuple[DisabledRule, ...] = ()
    """Rules that are not asked here. Default: none."""


class Settings(Fields):
    """The configuration of DriftGuard, `driftguard.yaml`."""

    version: Literal[1]
    """The version of this file's format: 1. Asked for, so that a later format is never
    misread by an older program."""
    stacks: tuple[StackSettings, ...] = ()
    """What is declared where. `--state` takes their place. Default: none."""
    accounts: tuple[AccountSettings, ...] = ()
    """How accounts are reached. One that is not listed is read with the default
    credentials, if they belong to it. Default: none."""
    defaults: Defaults = Defaults()
    """What the stacks take that do not say otherwise."""
    state_access: StateAccess = StateAccess()
    """With whose rights states are read."""
    endpoint_url: Endpoint = ""
    """Another endpoint for every AWS call, for tests and private networks. Default:
    `AWS_ENDPOINT_URL`, then AWS's own endpoints."""
    terraform: str = ""
    """The program that reads working directories, a name or a path. Default: `terraform`,
    else `tofu`."""
    include: Words = ()
    """Addresses or types to look at; only `*` and `?` are special. Default: all."""
    exclude: Words = ()
    """Addresses or types to leave out, which is counted in the report. Default: none."""
    unmanaged: bool | None = None
    """Whether to search for resources that nobody declared. Default: yes, except in a
    recording that was made without."""
    aws_defaults: bool = False
    """Whether AWS's own resources (a default VPC, service-linked roles) count as
    unmanaged. Default no: every account has them."""
    fail_on: SeverityWord = "info"
    """The least severity that makes a scan exit with 1. Default `info`, any drift: a
    drift nobody decides on stays for ever."""
    strict: bool = False
    """Whether declared types that DriftGuard does not read make a scan incomplete.
    Default no: most states hold some, and they are counted either way."""
    policy: PolicySettings = PolicySettings()
    """By which rules a drift is rated, and what they except."""
    limits: Limits = Limits()
    """Bounds on sizes and times."""


def repeated(words: Iterable[str]) -> str | None:
    """Return the first word that stands there more than once, or None."""
    return next((word for word, count in Counter(words).items() if count > 1), None)
