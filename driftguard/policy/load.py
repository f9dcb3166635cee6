"""From files of rules to a Policy, or to the sentences that say why not.

All or nothing: one broken file and no rule is loaded, so that a missing rule is
never taken for a rule that passes. A daemon keeps the last good policy.
"""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from driftguard.errors import PolicyError
from driftguard.model import Mode, Severity
from driftguard.policy.document import MAX_BYTES, document_of, mapping_of
from driftguard.policy.engine import Expression, ExpressionError, Name, compile_expression, names
from driftguard.policy.fields import RuleFields, RuleFile
from driftguard.policy.rules import Adjustment, Policy, Rule
from driftguard.policy.sides import is_rule_of_a_group
from driftguard.policy.variables import CTX, DRIFT
from driftguard.resource_type import ResourceType
from driftguard.resources import TABLE
from driftguard.settings.document import Document
from driftguard.settings.telling import did_you_mean, sentences

MAX_FILES = 500
_TEST = ".test.yaml"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What somebody wants otherwise of one rule; None: as it is."""

    rule: str
    severity: Severity | None = None
    mode: Mode | None = None
    parameters: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rules somebody wants: ours, their own, some otherwise, some not at all."""

    paths: tuple[Path, ...] = ()
    shipped: bool = True
    overrides: tuple[Override, ...] = ()
    disabled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    place: str = "the configuration"
    """Where overrides and disabled rules were written, for sentences."""


def packs_folder() -> Path:
    """Return the folder of the rules that ship: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "policies"
    return inside if inside.is_dir() else package.parent / "policies"


def shipped_policy() -> Policy:
    """Return the rules that ship, as they are."""
    return load_policy(Wanted())


def load_policy(wanted: Wanted) -> Policy:
    """Load every wanted rule. Raises PolicyError."""
    rules: list[Rule] = []
    if wanted.shipped:
        for path in rule_files([packs_folder()]):
            rules += load_file(path, ours=True)
    for path in rule_files(wanted.paths):
        rules += load_file(path)
    _refuse_repeated(rules)
    known = {rule.id: rule for rule in rules}
    for name in (*wanted.disabled, *(one.rule for one in wanted.overrides)):
        if name not in known:
            message = f"{wanted.place}: there is no rule `{name}`.{did_you_mean(name, known)}"
            raise PolicyError(message)
    for one in wanted.overrides:
        known[one.rule] = _overridden(known[one.rule], one, wanted.place)
    kept = tuple(rule for rule in known.values() if rule.id not in wanted.disabled)
    return Policy(rules=kept, disabled=MappingProxyType(dict(wanted.disabled)))


def rule_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files of rules that paths name; of a folder all but the tests, by name.

    Raises PolicyError where a path is not there, or is no regular file.
    """
    count = 0
    for path in paths:
        for file in _files(path):
            count += 1
            if count > MAX_FILES:
                raise PolicyError(f"{path} makes it more than {MAX_FILES} files of rules.")
            yield file


def _files(path: Path) -> Sequence[Path]:
    try:
        if not path.is_dir():
            return [path]
        inside = sorted(path.rglob("*"))
        return [one for one in inside if one.suffix in _SUFFIXES and not one.name.endswith(_TEST)]
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror or error}.") from None


def load_file(path: Path, *, ours: bool = False) -> list[Rule]:
    """Load one file of rules. Raises PolicyError."""
    return parse_rules(read_policy_file(path), str(path), ours=ours)


def read_policy_file(path: Path) -> bytes:
    """Read a bounded regular file. Raises PolicyError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe may never end
            raise PolicyError(f"{path} is not a regular file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PolicyError(f"There is no file of rules {path}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PolicyError(f"{path} can't be read: {reason}.") from None
    if len(data) > MAX_BYTES:
        raise PolicyError(f"{path} is larger than {MAX_BYTES // 1024} KiB, too large for rules.")
    return data


def parse_policy_document(data: bytes, place: str, *, ours: bool = False) -> Document:
    """Parse YAML of policy's making. Raises PolicyError, with file and line."""
    document = document_of(data, place, ours=ours)
    mapping_of(document, place, "It begins with `rules:`.")
    return document


def parse_rules(data: bytes, place: str, *, ours: bool = False) -> list[Rule]:
    """Check and compile the bytes of one file of rules. Raises PolicyError."""
    document = parse_policy_document(data, place, ours=ours)
    try:
        read = RuleFile.model_validate(document.value)
    except ValidationError as error:
        told = sentences(error, document, place, RuleFile)
        raise PolicyError("\n".join(told)) from None
    rules = [
        _compiled(one, _Where(place=place, document=document, index=index))
        for index, one in enumerate(read.rules)
    ]
    _refuse_repeated(rules)
    return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    place: str
    document: Document
    index: int

    def line(self, *path: str | int) -> int:
        return self.document.line(("rules", self.index, *path))

    def error(self, message: str, *path: str | int) -> PolicyError:
        return PolicyError(f"{self.place}:{self.line(*path)}: {message}")


def _compiled(read: RuleFields, where: _Where) -> Rule:
    resource = _types(read, where)
    types = [TABLE[name] for name in sorted(resource)]
    violation = _expression(read.violation, where, types, read, "violation")
    adjust = tuple(
        Adjustment(
            to=Severity[one.to.upper()],
            when=_expression(one.when, where, types, read, "severity", "adjust", index, "when"),
        )
        for index, one in enumerate(read.severity.adjust)
    )
    if not read.violation and read.on_deleted == "pass" and read.on_unmanaged != "violation":
        message = f"rule {read.id} can never be violated: it has no `violation`, `on_deleted`"
        raise where.error(f"{message} or `on_unmanaged` that says so.")
    chains = _chains(read.violation)
    others = [chain for one in read.severity.adjust for chain in _chains(one.when)]
    return Rule(
        id=read.id,
        title=read.title,
        resource=resource,
        violation=violation if read.violation else None,
        on_deleted=read.on_deleted,
        on_unmanaged=read.on_unmanaged,
        base=Severity[read.severity.base.upper()],
        adjust=adjust,
        mode=Mode(read.remediation.mode),
        max_per_cycle=read.remediation.max_per_cycle,
        how=read.remediation.how,
        why=read.why,
        references=read.references,
        tags=read.tags,
        parameters=MappingProxyType(
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in read.parameters.items()
            }
        ),
        source=where.place,
        line=where.line(),
        attributes=frozenset(chain[1] for chain in chains if chain[0] == "r" and len(chain) > 1),
        of_drift=any(chain[0] == "drift" for chain in chains),
        asks=frozenset(
            chain[1] for chain in (*chains, *others) if chain[0] == "ctx" and len(chain) > 1
        ),
    )


def _types(read: RuleFields, where: _Where) -> frozenset[str]:
    if "*" in read.resource:
        return frozenset()
    for index, name in enumerate(read.resource):
        if name not in TABLE:
            message = f"`{name[:60]}` is no type that DriftGuard reads.{did_you_mean(name, TABLE)}"
            raise where.error(message, "resource", index)
    if not read.resource:
        raise where.error(f"rule {read.id} is for no resource type.", "resource")
    return frozenset(read.resource)


def _chains(source: str) -> list[tuple[str, ...]]:
    return [one.chain for one in names(source)] if source else []


def _expression(
    source: str, where: _Where, types: list[ResourceType], read: RuleFields, *path: str | int
) -> Expression:
    """Compile an expression and check every name in it. Raises PolicyError."""
    line = where.line(*path)
    try:
        compiled = compile_expression(source or "false")
        for one in names(source or "false"):
            _check_name(one, types, read)
    except ExpressionError as error:
        message = f"rule {read.id}, `{path[0]}`"
        at = f"{where.place}:{line}: {message}, line {error.line} column {error.column}"
        hint = f"Did you mean `{error.suggestion}`?" if error.suggestion else ""
        raise PolicyError(f"{at}: {error.message}", hint=hint) from None
    return compiled


def _check_name(name: Name, types: list[ResourceType], read: RuleFields) -> None:
    """Refuse a name that no side, drift or context has. Raises ExpressionError."""
    chain = name.chain
    if len(chain) < 2:  # noqa: PLR2004  # the variable alone
        return
    known: Iterable[str] = {"ctx": CTX, "drift": DRIFT}.get(chain[0], ())
    if chain[0] == "r":
        known = _attributes(types)
        if not types:
            return
    if chain[:2] == ("ctx", "parameters") and len(chain) > 2:  # noqa: PLR2004
        chain, known = chain[1:], read.parameters
    if chain[1] not in known:
        near = difflib.get_close_matches(chain[1], list(known), n=1)
        raise ExpressionError(
            f"there is no `{'.'.join(chain[:2])[:80]}`.",
            line=name.line,
            column=name.column,
            suggestion=near[0] if near else "",
        )


def _attributes(types: list[ResourceType]) -> set[str]:
    """Return the names that every one of some types has."""
    each = [{one.name.partition(".")[0] for one in a_type.attributes} for a_type in types]
    for a_type, found in zip(types, each, strict=True):
        if is_rule_of_a_group(a_type.name):
            found |= {"ingress", "egress"}
    return set.intersection(*each) if each else set()


def _refuse_repeated(rules: Iterable[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            first = seen[rule.id]
            message = f"{rule.source}:{rule.line}: the rule {rule.id} stands in {first.source}"
            raise PolicyError(f"{message}:{first.line} already; give this one another id.")
        seen[rule.id] = rule


def _overridden(rule: Rule, override: Override, place: str) -> Rule:
    unknown = sorted(override.parameters.keys() - rule.parameters.keys())
    if unknown:
        message = f"{place}: the rule {rule.id} has no parameter `{unknown[0]}`."
        raise PolicyError(message + did_you_mean(unknown[0], rule.parameters))
    severity = override.severity
    return replace(
        rule,
        base=rule.base if severity is None else severity,
        adjust=rule.adjust if severity is None else (),
        mode=override.mode or rule.mode,
        parameters=MappingProxyType({**rule.parameters, **override.parameters}),
    )
