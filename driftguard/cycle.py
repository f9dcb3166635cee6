"""One pass over some stacks, from what is declared to what is told.

It reads as the pipeline and is the one module that knows the order. Whatever
has an effect (reading states, asking AWS, the time) is handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from driftguard.collector import without_collector
from driftguard.compare.earlier import Earlier
from driftguard.compare.everything import (
    Comparison,
    Part,
    compare_everything,
    managed_ids,
    wanted_parts,
)
from driftguard.compare.resource import ResourceComparison
from driftguard.compare.search import Search
from driftguard.compare.selection import Selection
from driftguard.declared.places import Declarations
from driftguard.findings import Found, Judged, Judging, find
from driftguard.live.look import LiveView
from driftguard.live.readers import Readers
from driftguard.model import (
    Declared,
    Drift,
    DriftKind,
    Item,
    ScanReport,
    Scope,
    Stack,
    Unknown,
)
from driftguard.policy.sides import side_of_item, side_of_missing, sides_of_comparison
from driftguard.redact import Redactor
from driftguard.resources import TABLE

Declare = Callable[[Sequence[Stack]], Declarations]
Look = Callable[[Mapping[Part, frozenset[str]], Readers], LiveView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What a scan is about.

    ``scopes`` are searched for unmanaged resources beside those that something
    is declared in. ``unmanaged`` None leaves it to the readers: AWS is searched,
    a recording only where it was recorded with a search.
    """

    stacks: tuple[Stack, ...]
    scopes: tuple[Scope, ...] = ()
    selection: Selection = field(default_factory=Selection)
    unmanaged: bool | None = None
    aws_defaults: bool = False
    pre_existing: bool = False
    """Whether rules look at what has not drifted too: violations that were declared so."""
    judging: Judging = field(default_factory=Judging)
    """The rules; without any, each type's own table rates its drifts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """The report, and every comparison behind it for ``driftguard explain``."""

    report: ScanReport
    comparisons: tuple[ResourceComparison, ...]


def scan(
    request: ScanRequest,
    *,
    declare: Declare,
    look: Look,
    readers: Readers,
    redactor: Redactor,
    earlier: Earlier | None = None,
) -> ScanResult:
    """Read both sides once, compare them and rate every difference.

    ``earlier`` is for whoever scans again and again, with a ``look`` that keeps
    what is unchanged (``live/warm.py``): the result is the same, only sooner.
    """
    with without_collector():
        return _scan(request, declare, look, readers, redactor, earlier)


def _scan(
    request: ScanRequest,
    declare: Declare,
    look: Look,
    readers: Readers,
    redactor: Redactor,
    earlier: Earlier | None,
) -> ScanResult:
    declarations = declare(request.stacks)
    declared = _with_account(declarations.resources, readers)
    search, unsearched = _search(request, declarations, declared, readers)
    live = look(_parts(declared, search), readers)
    if earlier is not None:
        earlier.begin(redactor, redactor.knowledge)
    comparison = compare_everything(
        TABLE,
        declared,
        live,
        redactor,
        lambda one: request.selection.takes(one.address),
        earlier,
    )
    managed = managed_ids(TABLE, (*declared, *_with_account(declarations.owned, readers)))
    unmanaged = search.found(live, managed, redactor, aws_defaults=request.aws_defaults)
    judged = [
        *_declared(comparison, pre_existing=request.pre_existing),
        *_unmanaged(
            (drift for drift in unmanaged if request.selection.takes(drift.address)), live, redactor
        ),
    ]
    unsearched += tuple(search.unsearched(live))
    report = _report(declarations, comparison, find(judged, request.judging), unsearched)
    return ScanResult(report=report, comparisons=comparison.resources)


def _with_account(declared: Sequence[Declared], readers: Readers) -> tuple[Declared, ...]:
    """Take what doesn't say its account for the account of the credentials."""
    if all(one.scope.account for one in declared):
        return tuple(declared)
    account = readers.default_account()
    if not isinstance(account, str):
        return tuple(declared)
    return tuple(
        one if one.scope.account else replace(one, scope=replace(one.scope, account=account))
        for one in declared
    )


def _search(
    request: ScanRequest, declarations: Declarations, declared: Sequence[Declared], readers: Readers
) -> tuple[Search, tuple[Unknown, ...]]:
    """Plan the search, and say what can't be: what an unread state declares looks unmanaged."""
    wanted = readers.searches_unmanaged if request.unmanaged is None else request.unmanaged
    if not wanted:
        return Search(), ()
    if declarations.problems:
        return Search(), (Unknown(address="every type", reason=_UNREAD_DECLARATION),)
    lost = {one.type for one in declarations.unreadable}
    types = {name: one for name, one in TABLE.items() if name not in lost}
    scopes = {one.scope for one in declared if one.address.type in TABLE} | {*request.scopes}
    unsearched = (
        Unknown(address=name, reason=_UNREAD_DECLARATION, type=name)
        for name in sorted(lost & TABLE.keys())
    )
    return Search.of(types, scopes, request.selection), tuple(unsearched)


_UNREAD_DECLARATION = "not all that is declared could be read, so nobody knows what is undeclared"


def _parts(declared: Sequence[Declared], search: Search) -> Mapping[Part, frozenset[str]]:
    parts: defaultdict[Part, frozenset[str]] = defaultdict(frozenset)
    parts.update({part: frozenset() for part in search.collections})
    parts.update(wanted_parts(TABLE, declared))
    return parts


def _declared(comparison: Comparison, *, pre_existing: bool) -> Iterator[Judged]:
    """Yield what rules look at of the declared resources: the drifted, or all that was read."""
    for one in comparison.resources:
        if one.drift is not None:
            yield _judged(one, one.drift)
        elif pre_existing and one.compared:
            yield _judged(one, Drift.of(one.declared, DriftKind.UNCHANGED))


def _judged(one: ResourceComparison, drift: Drift) -> Judged:
    declared = one.declared
    resource_type = TABLE[declared.address.type]
    live_id = resource_type.identify(declared)
    if drift.kind is DriftKind.MISSING:
        side = side_of_missing(resource_type, declared.attributes)
        return Judged(drift=drift, declared=side, live=None, live_id=live_id)
    before, after = sides_of_comparison(resource_type, one.compared, declared.attributes)
    return Judged(drift=drift, declared=before, live=after, live_id=live_id)


def _unmanaged(drifts: Iterable[Drift], live: LiveView, redactor: Redactor) -> Iterator[Judged]:
    for drift in drifts:
        resource_type = TABLE[drift.address.type]
        item = live.find(resource_type.collection, drift.scope, drift.id)
        side = side_of_item(resource_type, item, redactor) if isinstance(item, Item) else {}
        yield Judged(drift=drift, declared=None, live=side, live_id=drift.id)


def _report(
    declarations: Declarations,
    comparison: Comparison,
    found: Found,
    unsearched: tuple[Unknown, ...],
) -> ScanReport:
    unknown = [one.unknown for one in comparison.resources if one.unknown is not None]
    unreadable = [*unknown, *declarations.unreadable]
    unsupported = sum(comparison.unsupported.values())
    selected = len(comparison.resources) + unsupported
    return ScanReport(
        declared=selected + len(declarations.unreadable),
        checked=len(comparison.resources) - len(unknown),
        findings=found.findings,
        pre_existing=found.pre_existing,
        accepted=found.accepted,
        exceptions=found.exceptions,
        unreadable=tuple(sorted(unreadable, key=lambda one: one.address)),
        unsearched=unsearched,
        unsupported=dict(sorted(comparison.unsupported.items())),
        suppressed=tuple(one for found in comparison.resources for one in found.suppressed),
        excluded=len(declarations.resources) - selected,
        problems=declarations.problems,
        warnings=(*declarations.warnings, *found.warnings),
    )
