"""What may stand in a file of rules, ``policies/*.yaml``; the docstrings are its reference."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from driftguard.settings.fields import Fields, SeverityWord, Words

RULE_ID = r"^[A-Z][A-Z0-9]{0,30}(-[A-Z0-9]{1,30}){1,6}$"

ModeWord: TypeAlias = Literal["off", "propose", "auto"]
Source: TypeAlias = Annotated[str, Field(min_length=1, max_length=20_000)]
Sentence: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000)]
Parameter: TypeAlias = bool | int | str | tuple[bool | int | str, ...]
Parameters: TypeAlias = dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")], Parameter]


class Adjuster(Fields):
    """Another severity under a condition; the first whose condition holds wins."""

    to: SeverityWord
    """The severity."""
    when: Source
    """The condition, an expression of `r` (what is live, else what was declared), `drift`
    and `ctx`. One that can't be evaluated, for want of evidence, keeps the base."""


class SeverityFields(Fields):
    """How bad a violation is."""

    base: SeverityWord
    """Where no adjuster holds, and where the evidence for one is missing."""
    adjust: tuple[Adjuster, ...] = ()
    """Conditions that make it better or worse. Default: none."""


class RemediationFields(Fields):
    """What may be done about a violation, and how it is put back."""

    mode: ModeWord = "propose"
    """`off`, `propose` (a plan for somebody to approve) or `auto`. Default `propose`."""
    max_per_cycle: Annotated[int, Field(ge=1, le=1000)] = 3
    """The most reverts in one cycle. Default 3: more at once is an incident, not a slip."""
    how: Annotated[str, Field(max_length=2_000)] = ""
    """One sentence: how it is put back."""


class RuleFields(Fields):
    """One rule."""

    id: Annotated[str, Field(pattern=RULE_ID)]
    """Its name for ever, such as `ACME-AWS-SG-001`; `DG-` is for the rules that ship."""
    title: Annotated[str, Field(min_length=1, max_length=120)]
    """What is wrong when it is violated, in a few words."""
    resource: Words
    """The Terraform types that it is for; `*` is every type."""
    violation: Annotated[str, Field(max_length=20_000)] = ""
    """An expression that is true of a side that violates the rule. Default: none, for a
    rule about deletion or about unmanaged resources alone."""
    on_deleted: Literal["pass", "violation"] = "pass"
    """Whether it is a violation that the resource is gone. Default `pass`."""
    on_unmanaged: Literal["evaluate", "ignore", "violation"] = "evaluate"
    """What to make of a resource that nobody declared. Default: evaluate it."""
    severity: SeverityFields
    """How bad a violation is."""
    remediation: RemediationFields = RemediationFields()
    """What may be done about it."""
    why: Sentence
    """Why it matters, for whoever is woken by it."""
    references: Words = ()
    """Controls of benchmarks and standards that ask for the same. Default: none."""
    tags: Words = ()
    """Words to select rules by. Default: none."""
    parameters: Parameters = Field(default_factory=dict)
    """Values that the expressions read as `ctx.parameters.NAME`. Default: none."""


class RuleFile(Fields):
    """A file of rules."""

    rules: Annotated[tuple[RuleFields, ...], Field(max_length=1000)]
    """The rules, in the order in which they are told."""
