"""The pairs of the corpus, and one scan of a pair with everything behind it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from driftguard.clock import SystemClock
from driftguard.compare.everything import Comparison, Part, compare_everything, wanted_parts
from driftguard.cycle import ScanRequest, scan
from driftguard.declared.places import PlaceOptions, read_places
from driftguard.declared.seal import Seal
from driftguard.declared.state import parse_state
from driftguard.live.collections import COLLECTIONS
from driftguard.live.look import look
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.live.recorded import Recorded
from driftguard.live.replay import ReplayReaders
from driftguard.model import Absent, Declared, Item, ScanReport, Scope, Stack, Unreadable
from driftguard.redact import Redactor
from driftguard.resources import TABLE

_ROOT = Path(__file__).resolve().parents[2]
_BESIDE = [folder / "shared" / "realdata" for folder in _ROOT.parents[:2]]
CORPUS = Path(
    os.environ.get("DRIFTGUARD_CORPUS")
    or next((folder for folder in _BESIDE if folder.is_dir()), _BESIDE[0])
)
ABSENT = f"the conformance corpus is not at {CORPUS} (set DRIFTGUARD_CORPUS)"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A real state and what the AWS API answered when it was applied."""

    state: Path
    recording: Path

    def __str__(self) -> str:
        return f"{self.state.parent.name}/{self.recording.name}"


def states() -> list[Path]:
    """Return every state of the corpus."""
    return sorted([*CORPUS.glob("states/*.tfstate"), *CORPUS.glob("pairs/*/state.tfstate")])


def pairs() -> list[Pair]:
    """Return every state with every recording that belongs to it."""
    return [
        Pair(state=folder.parent / "state.tfstate", recording=recording)
        for folder in sorted(CORPUS.glob("pairs/*/api"))
        for recording in sorted(folder.iterdir())
    ]


@dataclass(frozen=True, kw_only=True)
class View:
    """What was found, in the shape that the comparison asks."""

    listings: Mapping[Part, Listing]

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        """Return one object; absent where AWS said so, of it alone or by a whole list."""
        listing = self.listings[collection, scope]
        if object_id in listing.items:
            return listing.items[object_id]
        if listing.failure is None or object_id in listing.absent:
            return Absent(id=object_id)
        return listing.failure


class Scan:
    """One state against one recording, which can be changed between two looks."""

    def __init__(self, pair: Pair) -> None:
        self.redactor = Redactor()
        self.declared = declared(pair.state, self.redactor)
        self._readers = ReplayReaders(pair.recording)
        self.view = self._look()
        self.answers: dict[tuple[str, str], tuple[Recorded, ...]] = dict(self._folder._read)

    @property
    def _folder(self) -> Any:
        return self._readers._folder

    def _look(self) -> View:
        parts = wanted_parts(TABLE, self.declared)
        return View(
            listings={
                part: COLLECTIONS[part[0]].read(self._reader(part[1]), Wanted(ids=ids))
                for part, ids in parts.items()
            }
        )

    def _reader(self, scope: Scope) -> Reader:
        reader = self._readers.reader(scope)
        assert not isinstance(reader, Unreadable)
        return reader

    def compare(self) -> Comparison:
        """Compare what the recording says as it is."""
        return compare_everything(TABLE, self.declared, self.view, self.redactor)

    def compare_with(self, operation: tuple[str, str], answers: tuple[Recorded, ...]) -> Comparison:
        """Compare as if an operation had been answered otherwise."""
        self._folder._read = {**self.answers, operation: answers}
        return compare_everything(TABLE, self.declared, self._look(), self.redactor)


def report_of(pair: Pair) -> ScanReport:
    """Return what the whole pipeline tells of a pair."""
    redactor = Redactor()
    request = ScanRequest(stacks=(Stack(name="corpus", places=(str(pair.state),)),))
    return scan(
        request,
        declare=lambda stacks: read_places(stacks, PlaceOptions(), redactor, SystemClock()),
        look=partial(look, parallel=2),
        readers=ReplayReaders(pair.recording),
        redactor=redactor,
    ).report


def declared(state: Path, redactor: Redactor) -> tuple[Declared, ...]:
    """Return what a state declares, secrets replaced."""
    stack = Stack(name="corpus", places=(str(state),))
    parsed = parse_state(state.read_bytes(), place=str(state), max_bytes=2**28)
    return Seal([(stack, parsed)], redactor).sealed().resources
