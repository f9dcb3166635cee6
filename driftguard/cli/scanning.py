"""A scan as the command line runs it: reads what is declared, opens AWS or a recording, scans."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from driftguard.cli.opened import Asked, Located, located, opened
from driftguard.cli.progress import progress_for, waiting_for
from driftguard.cli.source import Source
from driftguard.clock import Clock, SystemClock
from driftguard.compare.everything import Part
from driftguard.cycle import ScanRequest, ScanResult, scan
from driftguard.declared.place import WebAccess
from driftguard.declared.places import Declarations, PlaceAccess, PlaceOptions, read_places
from driftguard.errors import DeclaredError
from driftguard.findings import Evidence, Gathered, Judging, Wanted
from driftguard.live.collections import COLLECTIONS
from driftguard.live.digests import replayed
from driftguard.live.exposure import gather_exposure
from driftguard.live.look import LiveView, look
from driftguard.live.readers import Readers
from driftguard.redact import Redactor
from driftguard.report.neutral import neutral

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What came of it: the result, and the declarations it was made from."""

    result: ScanResult
    declarations: Declarations


def read_declared(source: Source, redactor: Redactor, clock: Clock, *, quiet: bool) -> Declarations:
    """Read every place of a source. Raises DeclaredError where nothing at all can be read."""
    settings = source.settings
    access = PlaceAccess(profile=source.profile, web=tuple(_web(source)))
    role = settings.state_access.role
    if role is not None:
        access = replace(
            access,
            role_arn=role.arn,
            external_id=role.external_id,
            session_name=role.session_name,
        )
    options = PlaceOptions(
        max_bytes=settings.limits.state_size * MIB,
        endpoint_url=settings.endpoint_url,
        connect_timeout=settings.limits.connect_timeout,
        terraform=settings.terraform,
        access=access,
    )
    with waiting_for("Reading what is declared", quiet=quiet):
        declarations = read_places(source.stacks, options, redactor, clock)
    if declarations.problems and not (declarations.resources or declarations.unreadable):
        # Without a declaration everything live would look unmanaged: there is nothing to compare.
        raise DeclaredError("\n".join(map(neutral, declarations.problems)))
    return declarations


def _web(source: Source) -> Iterator[WebAccess]:
    folder = Path(source.file).parent
    for one in source.settings.state_access.web:
        yield WebAccess(
            address=one.address,
            username=one.username,
            password_variable=one.password_variable,
            token_variable=one.token_variable,
            header_variables=tuple(one.headers.items()),
            ca_file=str(folder / one.ca_file) if one.ca_file else "",
        )


def perform(
    source: Source,
    declarations: Declarations,
    asked: Asked,
    redactor: Redactor,
    judging: Judging | None = None,
) -> Scanned:
    """Scan. Raises DriftGuardError where AWS or the recording can't be asked at all."""
    clock = SystemClock()
    log = structlog.get_logger("driftguard")
    began = clock.monotonic()
    gaze = _look(source, asked, clock)
    with opened(source, asked, redactor, clock) as readers:
        searched = asked.unmanaged
        searched = readers.searches_unmanaged if searched is None else searched
        places = located(source.scopes, readers) if searched else Located()
        request = ScanRequest(
            stacks=source.stacks,
            scopes=places.scopes,
            selection=asked.selection,
            unmanaged=searched,
            aws_defaults=asked.aws_defaults,
            pre_existing=asked.pre_existing,
            judging=replace(judging or Judging(), evidence=_evidence(readers, gaze)),
        )
        result = scan(
            request,
            declare=lambda _: declarations,
            look=gaze,
            readers=readers,
            redactor=redactor,
        )
    report = result.report
    report = replace(report, unsearched=(*report.unsearched, *places.unsearched))
    seconds = round(clock.monotonic() - began, 1)
    log.info("scanned", declared=report.declared, seconds=seconds)
    return Scanned(
        result=ScanResult(report=report, comparisons=result.comparisons),
        declarations=declarations,
    )


def _evidence(
    readers: Readers, look: Callable[[Mapping[Part, frozenset[str]], Readers], LiveView]
) -> Evidence:
    def gather(wanted: Sequence[Wanted]) -> Gathered:
        found = gather_exposure(wanted, readers, look=look)
        return Gathered(facts=found.facts, warnings=found.warnings)

    return gather


def _look(
    source: Source, asked: Asked, clock: Clock
) -> Callable[[Mapping[Part, frozenset[str]], Readers], LiveView]:
    limits = source.settings.limits
    return functools.partial(
        look,
        collections=replayed(COLLECTIONS) if asked.replay else COLLECTIONS,
        deadline=limits.deadline,
        parallel=limits.parallel,
        progress=progress_for(quiet=asked.quiet, clock=clock, colour=asked.colour),
        clock=clock,
    )
