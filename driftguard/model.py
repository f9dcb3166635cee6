"""The nouns: what every stage takes and returns.

All are frozen, slotted and keyword-only, hold tuples and mappings, and know
nothing of clocks, networks or files. Their words are in ``docs/glossary.md``.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a Change shows: plain JSON values, already redacted."""

NOTHING: Mapping[str, object] = MappingProxyType({})

GLOBAL_REGION = "global"
"""The region of what belongs to a whole account (IAM), in every partition."""


TOKEN_PATTERN = r"\(sensitive [0-9a-f]{24}\)"  # noqa: S105  # a shape, not a secret
"""What stands in the place of a secret: a keyed digest, so that differences stay visible."""


class Severity(enum.IntEnum):
    """How bad a drift is; ordered, so that thresholds compare."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word used in files, flags and metrics."""
        return self.name.lower()


class DriftKind(enum.StrEnum):
    """In which way live differs from declared."""

    CHANGED = "changed"
    MISSING = "missing"
    UNMANAGED = "unmanaged"
    UNCHANGED = "unchanged"
    """No drift at all: a rule is violated by what was declared."""
    PLANNED = "planned"
    """Not live yet: what a Terraform plan would make."""


class Direction(enum.StrEnum):
    """Whom a drift lets in: more than declared, fewer, both, or it says nothing of access."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    MIXED = "mixed"
    NEUTRAL = "neutral"


class ChangeKind(enum.StrEnum):
    """What happened at one path, seen from the declaration."""

    ADDED = "added"
    """Live has it, the declaration does not."""
    REMOVED = "removed"
    """The declaration has it, live does not."""
    CHANGED = "changed"


class Verdict(enum.StrEnum):
    """What a rule says of a drift; without rules every drift is introduced."""

    PASS = "pass"  # noqa: S105  # a verdict
    INTRODUCED = "introduced"
    """Live violates the rule, the declaration does not: this drift did it."""
    PRE_EXISTING = "pre_existing"
    """Both violate it: the code has to change, not the cloud."""
    FIXED = "fixed"
    """The declaration violates it, live does not."""
    ERROR = "error"
    """The rule could not be evaluated: never a pass."""

    @property
    def blames_drift(self) -> bool:
        """Whether the drift has to answer for it; an error is never taken for a pass."""
        return self in (Verdict.INTRODUCED, Verdict.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Terraform resource address, as ``terraform state list`` prints it.

    ``module`` is the module path with its keys (``module.a["x"].module.b``) or
    ``""`` for the root; ``key`` is an int for ``count``, a str for
    ``for_each``, None for a single instance.
    https://developer.hashicorp.com/terraform/cli/state/resource-addressing
    """

    module: str = ""
    type: str
    name: str
    key: str | int | None = None

    def __str__(self) -> str:
        module = f"{self.module}." if self.module else ""
        if self.key is None:
            return f"{module}{self.type}.{self.name}"
        key = str(self.key) if isinstance(self.key, int) else json.dumps(self.key)
        return f"{module}{self.type}.{self.name}[{key}]"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Scope:
    """One AWS account in one region; ``region`` is ``global`` for global services."""

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a declaration was read, for messages and evidence."""

    place: str
    """The place as the user named it, without credentials: a path, ``s3://…``."""
    lineage: str = ""
    serial: int = 0
    terraform_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What is declared and looked at together: some states, for one component.

    ``account`` and ``region`` are for what the state does not say of itself.
    """

    name: str
    component: str = ""
    places: tuple[str, ...] = ()
    account: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One resource instance as Terraform declared it, secrets already replaced.

    ``attributes`` is the state's own JSON object. ``sensitive`` holds the
    dotted paths whose values were marked sensitive; what live shows there is
    never printed either.
    """

    address: Address
    scope: Scope
    id: str
    attributes: Mapping[str, object]
    sensitive: frozenset[str] = frozenset()
    provenance: Provenance
    stack: str = ""
    component: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What could not be read, and why. Unknown is never missing.

    ``reason`` is a sentence for people, e.g. ``access denied: grant
    ec2:DescribeInstances``. ``retryable`` is true where looking again later
    may help (throttled, timed out).
    """

    reason: str
    retryable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """AWS was asked, answered in full, and has no such object."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One live object as a collection read it.

    ``raw`` is the AWS answer in boto3's shape; answers of further calls hang
    under keys of their own (a bucket's ``Policy``). ``unread`` maps such a key
    to the reason why that part is unknown: attributes read from it are
    unknown, not empty.
    """

    id: str
    raw: Mapping[str, object]
    unread: Mapping[str, Unreadable] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: at ``path``, declared against live, as JSON values."""

    path: str
    kind: ChangeKind
    declared: Json = None
    live: Json = None

    @property
    def root(self) -> str:
        """The attribute, or the block, that it lies in: the path's first name."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A difference left out because it equals a documented default, whole and exactly."""

    address: Address
    path: str
    reason: str
    live: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One object that is not as declared."""

    address: Address
    scope: Scope
    kind: DriftKind
    id: str
    changes: tuple[Change, ...] = ()
    stack: str = ""
    component: str = ""

    @classmethod
    def of(cls, declared: Declared, kind: DriftKind, changes: tuple[Change, ...] = ()) -> Drift:
        """Return the drift of a declared resource."""
        return cls(
            address=declared.address,
            scope=declared.scope,
            kind=kind,
            id=declared.id,
            changes=changes,
            stack=declared.stack,
            component=declared.component,
        )

    @property
    def fingerprint(self) -> str:
        """Sixteen bytes in hex, the same for the same drift in every cycle.

        Made of the object, the kind and the attributes touched, not of their
        values: a port that is opened again with another address is the same
        drift come back.
        """
        roots = sorted({change.root for change in self.changes})
        parts = [str(self.address), str(self.scope), self.id, self.kind.value, *roots]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


class Mode(enum.StrEnum):
    """What may be done by itself about a violation, strictest first."""

    OFF = "off"
    PROPOSE = "propose"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one rule says of one resource."""

    rule: str
    title: str
    verdict: Verdict
    severity: Severity
    reason: str = ""
    """Why it matters; of an error, why the rule could not be evaluated."""
    how: str = ""
    """How it is put back, one sentence."""
    mode: Mode = Mode.PROPOSE
    about: frozenset[str] = frozenset()
    """The attributes that the rule looks at; empty: the drift as a whole."""
    exception: str | None = None
    """The id of the exception that accepts it for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A drift with its severity: what is told, and what is decided on.

    ``severity``, ``verdict``, ``rule`` and ``reason`` are of the worst judgement
    that counts, or of the type's own table where no rule has a say.
    """

    drift: Drift
    severity: Severity
    verdict: Verdict = Verdict.INTRODUCED
    rule: str | None = None
    reason: str = ""
    direction: Direction = Direction.NEUTRAL
    judgements: tuple[Judgement, ...] = ()
    """Everything that rules say of it, worst first."""
    exception: str | None = None
    """The exception that accepts all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionState:
    """How one exception to the rules stands at the time of a scan."""

    id: str
    state: str
    """``active``, ``expiring``, ``expired`` or ``unused``."""
    expires: str
    """As it is written in the file."""
    matched: int = 0
    """How many judgements it accepts."""
    note: str = ""
    """What there is to do about it, one sentence; empty where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A declared resource (or a whole type of a scope) that could not be checked."""

    address: str
    reason: str
    type: str = ""
    scope: Scope | None = None
    retryable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """The answer of one scan.

    ``checked``, ``len(unreadable)`` and the sum of ``unsupported`` add up to
    ``declared``: nothing is clean by omission. ``unsearched`` lists the places
    where unmanaged resources could not be looked for; ``problems`` what kept
    a whole declaration from being read. Any of the three makes it incomplete.
    ``warnings`` are worth telling and change nothing (an object declared twice).
    ``known`` holds the findings that an earlier report had already, ``accepted``
    those that an exception holds, ``pre_existing`` the violations that were
    declared so; none of them counts among ``findings`` or towards the exit code.
    ``undecided`` holds, for a plan, what rules can't say before the apply: never a
    pass, and incomplete where the run is strict.
    ``exceptions`` is the tally of every exception in force or not.
    """

    declared: int
    checked: int
    findings: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    pre_existing: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()
    undecided: tuple[Finding, ...] = ()
    exceptions: tuple[ExceptionState, ...] = ()
    unreadable: tuple[Unknown, ...] = ()
    unsearched: tuple[Unknown, ...] = ()
    unsupported: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    suppressed: tuple[Suppressed, ...] = ()
    excluded: int = 0
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    compared: bool = True
    """Whether declared was compared with live; a plan or a state alone is only judged."""

    @property
    def rule_errors(self) -> tuple[Judgement, ...]:
        """The rules that could not be evaluated, once per resource."""
        told = (*self.findings, *self.known, *self.pre_existing, *self.accepted)
        return tuple(
            one for finding in told for one in finding.judgements if one.verdict is Verdict.ERROR
        )

    @property
    def complete(self) -> bool:
        """Whether everything that should have been read was read."""
        return not (self.unreadable or self.unsearched or self.problems)
