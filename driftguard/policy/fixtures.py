"""The tests of rules, ``NAME.test.yaml`` beside ``NAME.yaml``: the file, and each case made ready.

Both sides of a case are written in Terraform's own shape, as in a state. What
differs between them, in which direction, is found as a scan finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, ValidationError

from driftguard.canonical.freeze import Canonical
from driftguard.errors import CanonicalError, PolicyError
from driftguard.model import Address, Change, Drift, DriftKind, Scope, Severity, Verdict
from driftguard.policy.direction import direction_of
from driftguard.policy.judge import Case
from driftguard.policy.load import parse_policy_document, read_policy_file
from driftguard.policy.sides import Side, side_of_attributes, written_value
from driftguard.policy.variables import drift_variable, tags_of
from driftguard.resource_type import Attribute, ResourceType
from driftguard.resources import TABLE
from driftguard.settings.document import Document
from driftguard.settings.fields import Fields, SeverityWord, Words
from driftguard.settings.telling import did_you_mean, sentences

SUFFIX = ".test.yaml"
MAX_CASES = 2_000
_SCOPE = Scope(account="111122223333", region="eu-central-1")

Attributes: TypeAlias = dict[str, Any]
VerdictWord: TypeAlias = Literal["introduced", "pre_existing", "fixed", "pass", "error"]


class ExpectFields(Fields):
    """What one rule must say."""

    rule: str
    """Its id."""
    verdict: VerdictWord
    """Its verdict; a `pass` counts as the test that must pass, where it is written down."""
    severity: SeverityWord | None = None
    """Its severity. Default: any."""


class ContextFields(Fields):
    """What surrounds the resource, as `ctx` of expressions; what is left out is not known."""

    account: str = _SCOPE.account
    """Default `111122223333`."""
    region: str = _SCOPE.region
    """Default `eu-central-1`."""
    stack: str = ""
    """Default: none."""
    component: str = ""
    """Default: none."""
    address: str = ""
    """Default: `example` of the type."""
    id: str = "example"
    """Default `example`."""
    tags: dict[str, str] | None = None
    """Default: those of the live side, else of the declared one."""
    exposure: Attributes = Field(default_factory=dict)
    """Default: nothing is known, so that every rule keeps its base severity."""


class LoneCase(Fields):
    """A resource on both sides."""

    type: str
    """The Terraform type."""
    declared: Attributes | None
    """The attributes that were declared, as in a state; `null`: nobody declared it."""
    live: Attributes | None
    """The attributes that are live, in the same shape; `null`: it is gone."""
    unread: Words = ()
    """Attributes that could not be read. Default: none."""
    ctx: ContextFields = Field(default_factory=ContextFields)
    """What surrounds it."""


class CaseFields(LoneCase):
    """One case: a resource on both sides, and what the rules must say of it."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """What happened, in a few words."""
    expect: tuple[ExpectFields, ...]
    """What the rules of this file must say; a verdict other than pass that is not here fails."""


class FixtureFile(Fields):
    """A file of tests."""

    cases: Annotated[tuple[CaseFields, ...], Field(max_length=MAX_CASES)]
    """The cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one rule must say of a case; ``severity`` None: any."""

    rule: str
    verdict: Verdict
    severity: Severity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One case, ready to be judged, and what is expected of it."""

    name: str
    place: str
    """Its file and line."""
    case: Case
    expect: tuple[Expectation, ...]
    read: CaseFields
    """As it was written, for the docs."""


def fixtures_path(rules: Path) -> Path:
    """Return where the tests of a file of rules lie."""
    return rules.with_name(f"{rules.stem}{SUFFIX}")


def load_fixtures(path: Path, *, ours: bool = False) -> tuple[Fixture, ...]:
    """Read one file of tests. Raises PolicyError."""
    return parse_fixtures(read_policy_file(path), str(path), ours=ours)


def parse_fixtures(data: bytes, place: str, *, ours: bool = False) -> tuple[Fixture, ...]:
    """Check the bytes of a file of tests and make its cases ready. Raises PolicyError."""
    document = parse_policy_document(data, place, ours=ours)
    try:
        read = FixtureFile.model_validate(document.value)
    except ValidationError as error:
        told = sentences(error, document, place, FixtureFile)
        raise PolicyError("\n".join(told)) from None
    _refuse_repeated(read, document, place)
    return tuple(
        _fixture(one, _Where(document=document, place=place, path=("cases", index)))
        for index, one in enumerate(read.cases)
    )


def _refuse_repeated(read: FixtureFile, document: Document, place: str) -> None:
    seen: dict[str, int] = {}
    for index, one in enumerate(read.cases):
        line = document.line(("cases", index))
        if one.name in seen:
            message = f"{place}:{line}: the case on line {seen[one.name]} has the same name."
            raise PolicyError(message, hint="A name tells one case from the others.")
        seen[one.name] = line
        rules = [expected.rule for expected in one.expect]
        for at, rule in enumerate(rules):
            if rule in rules[:at]:
                where = f"{place}:{document.line(('cases', index, 'expect', at))}"
                raise PolicyError(f"{where}: {rule[:80]} is expected twice; keep one.")


def parse_case(data: bytes, place: str) -> Case:
    """Make the one case of a file ready. Raises PolicyError."""
    document = parse_policy_document(data, place)
    try:
        read = LoneCase.model_validate(document.value)
    except ValidationError as error:
        told = sentences(error, document, place, LoneCase)
        raise PolicyError("\n".join(told)) from None
    return _ready(read, _Where(document=document, place=place, path=()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    document: Document
    place: str
    path: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"{self.place}:{self.document.line(self.path)}"

    def error(self, message: str, *path: str) -> PolicyError:
        line = self.document.line((*self.path, *path))
        return PolicyError(f"{self.place}:{line}: {message}")


def _fixture(read: CaseFields, where: _Where) -> Fixture:
    return Fixture(
        name=read.name,
        place=str(where),
        case=_ready(read, where),
        expect=tuple(_expectation(one) for one in read.expect),
        read=read,
    )


def _ready(read: LoneCase, where: _Where) -> Case:
    resource_type = TABLE.get(read.type)
    if resource_type is None:
        near = did_you_mean(read.type, TABLE)
        message = f"`{read.type[:60]}` is no type that DriftGuard reads.{near}"
        raise where.error(message, "type")
    if read.declared is None and read.live is None:
        raise where.error("a case has one side at least, `declared` or `live`.")
    _refuse_unknown(read, resource_type, where)
    try:
        return _case(read, resource_type)
    except CanonicalError as error:
        message = f"a side has another shape than Terraform's: {error.message}"
        raise where.error(message) from None


def _refuse_unknown(read: LoneCase, resource_type: ResourceType, where: _Where) -> None:
    """Refuse a misspelt attribute, which would be taken for one that is not there."""
    known = _known(resource_type)
    for side, attributes in (("declared", read.declared), ("live", read.live)):
        for name in attributes or {}:
            if name not in known:
                message = f"{read.type} has no attribute `{name[:60]}`.{did_you_mean(name, known)}"
                raise where.error(message, side, name)


def _expectation(read: ExpectFields) -> Expectation:
    severity = Severity[read.severity.upper()] if read.severity else None
    return Expectation(rule=read.rule, verdict=Verdict(read.verdict), severity=severity)


def _known(resource_type: ResourceType) -> frozenset[str]:
    """Return the names that may stand in a side: compared or not, of Terraform all the same."""
    compared = {one.name.partition(".")[0] for one in resource_type.attributes}
    return frozenset(compared | set(resource_type.not_compared) | {"tags", "tags_all", "id"})


def _case(read: LoneCase, resource_type: ResourceType) -> Case:
    declared = _side(resource_type, read.declared, read.unread)
    live = _side(resource_type, read.live, read.unread)
    both = declared is not None and live is not None
    changes = tuple(_changes(resource_type, read)) if both else ()
    kind = _kind(declared, live)
    drift = Drift(
        address=Address(type=read.type, name="example"),
        scope=_SCOPE,
        kind=kind,
        id=read.ctx.id,
        changes=changes,
    )
    direction = direction_of(resource_type, kind, changes, declared, live)
    return Case(
        type=read.type,
        declared=declared,
        live=live,
        drift=drift_variable(drift, direction),
        ctx=_context(read, declared, live),
    )


def _side(
    resource_type: ResourceType, attributes: Attributes | None, unread: tuple[str, ...]
) -> Side | None:
    if attributes is None:
        return None
    return side_of_attributes(resource_type, attributes, unknown=unread)


def _kind(declared: Side | None, live: Side | None) -> DriftKind:
    if live is None:
        return DriftKind.MISSING
    if declared is None:
        return DriftKind.UNMANAGED
    return DriftKind.UNCHANGED if declared == live else DriftKind.CHANGED


def _changes(resource_type: ResourceType, read: LoneCase) -> Iterator[Change]:
    for attribute in resource_type.attributes:
        if not {attribute.name, attribute.name.partition(".")[0]} & {*read.unread}:
            before = _canonical(attribute, read.declared or {})
            after = _canonical(attribute, read.live or {})
            if before != after:
                yield from attribute.kind.changes(attribute.name, before, after)


def _canonical(attribute: Attribute, attributes: Attributes) -> Canonical:
    return attribute.kind.canonical(written_value(attribute, attributes))


def _context(read: LoneCase, declared: Side | None, live: Side | None) -> Mapping[str, object]:
    given = read.ctx
    return {
        "account": given.account,
        "region": given.region,
        "stack": given.stack,
        "component": given.component,
        "address": given.address or f"{read.type}.example",
        "type": read.type,
        "id": given.id,
        "tags": tags_of(live, declared) if given.tags is None else given.tags,
        "parameters": {},
        "exposure": given.exposure,
    }
