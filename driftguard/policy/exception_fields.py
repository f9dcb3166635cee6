"""What may stand in a file of exceptions; the docstrings are its reference."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from driftguard.model import GLOBAL_REGION
from driftguard.policy.addresses import Pattern
from driftguard.policy.fields import RULE_ID
from driftguard.settings.fields import Account, Fields, region_name

EXCEPTION_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
MOST = 1000
"""Exceptions of one file: with more, nobody knows any longer what is excepted."""


def _address(text: str) -> str:
    return Pattern.of(text).text


def _region(text: str) -> str:
    return text if text == GLOBAL_REGION else region_name(text)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _some(rules: tuple[str, ...]) -> tuple[str, ...]:
    if not rules:
        raise ValueError("expected the id of a rule, or several")
    return rules


def _spelled(value: object) -> object:
    """Take a number for the text that it was written as (a ticket)."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_STRIPPED = StringConstraints(strip_whitespace=True)

RuleId: TypeAlias = Annotated[str, Field(pattern=RULE_ID)]
Sentence: TypeAlias = Annotated[
    str, _STRIPPED, Field(min_length=1, max_length=2_000), BeforeValidator(_spelled)
]
Name: TypeAlias = Annotated[
    str, _STRIPPED, Field(min_length=1, max_length=200), BeforeValidator(_spelled)
]


class ExceptionFields(Fields):
    """What some rules find at some addresses, accepted until it expires."""

    id: Annotated[str, Field(pattern=EXCEPTION_ID), BeforeValidator(_spelled)]
    """Its name, for reports; no two have the same."""
    rules: Annotated[
        tuple[RuleId, ...],
        Field(json_schema_extra={"minItems": 1}),
        AfterValidator(_some),
        BeforeValidator(_listed),
    ]
    """The ids of the rules that it is an exception to."""
    address: Annotated[str, Field(max_length=2_000), AfterValidator(_address)]
    """The resource's address as Terraform writes it. `*` stands for any text within one
    part: `aws_instance.web["*"]`, `module.*.aws_instance.web`. Never for more than a part."""
    account: Account | None = None
    """The account that it is for. Default: any."""
    region: Annotated[str, AfterValidator(_region)] | None = None
    """The region that it is for; `global` for IAM. Default: any."""
    reason: Sentence
    """Why it is accepted, for whoever finds it next year."""
    ticket: Name
    """Where the work to do without it is tracked."""
    owner: Name
    """Who does that work: a team or a role."""
    approver: Name
    """Who accepted the risk."""
    expires: Name
    """The last day (`2026-12-31`) or moment (`2026-12-31T18:00:00Z`) that it counts, in UTC
    where no zone is said. Anything else counts as expired."""


class ExceptionFile(Fields):
    """A file of exceptions."""

    exceptions: Annotated[tuple[ExceptionFields, ...], Field(max_length=MOST)]
    """The exceptions, in the order in which they are told."""
