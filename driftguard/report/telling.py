"""What a renderer is told beside the report: how to write, and where things are declared."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from driftguard.model import Declared, Drift, DriftKind, ScanReport
from driftguard.report.told import told_text

if TYPE_CHECKING:  # rules come with the engine, which a report without rules does not need
    from driftguard.policy.rules import Rule

Declaration = tuple[str, str]
"""A stack's name and an address in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a report is to be told.

    ``width`` (columns) and ``colour`` are for the table alone. ``places`` says
    in which place each drifted resource is declared: a path from the folder
    that the program was started in, where it is in there.
    """

    strict: bool = False
    width: int = 100
    colour: bool = False
    places: Mapping[Declaration, str] = field(default_factory=lambda: MappingProxyType({}))
    rules: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))
    """The rules that were asked, by their ids: what a judgement does not say of its rule."""
    pages: str = ""
    """The address that the pages of rules begin with; empty: none is linked."""

    def place(self, drift: Drift) -> str:
        """Return the place that declares what drifted, ``""`` where none does."""
        if drift.kind is DriftKind.UNMANAGED:
            return ""
        return self.places.get((drift.stack, str(drift.address)), "")

    def path(self, drift: Drift) -> str:
        """Return the place as a relative path within the started-in folder, else ``""``."""
        place = self.place(drift)
        if not place or "://" in place:
            return ""
        path = Path(os.path.normpath(place))
        outside = path.is_absolute() or ".." in path.parts or not path.name
        return "" if outside else path.as_posix()


def declared_places(
    report: ScanReport, declared: Iterable[Declared], folder: str
) -> Mapping[Declaration, str]:
    """Return the place of each resource that a report has a finding about.

    ``folder`` is where the program was started: a path in it becomes relative.
    """
    told_ones = (*report.findings, *report.pre_existing, *report.accepted)
    wanted = {(one.drift.stack, one.drift.address) for one in told_ones}
    return {
        (one.stack, told_text(str(one.address))): told_text(_relative(one.provenance.place, folder))
        for one in declared
        if (one.stack, one.address) in wanted
    }


def _relative(place: str, folder: str) -> str:
    path = Path(place)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else place
