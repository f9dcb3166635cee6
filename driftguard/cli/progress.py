"""The progress of a look at AWS: a bar on a terminal, a log line elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from driftguard.clock import Clock
from driftguard.live.progress import Part, Progress
from driftguard.model import Scope
from driftguard.report.neutral import neutral

NAMED = 2
"""Parts named as being waited for."""


def progress_for(*, quiet: bool, clock: Clock, colour: bool = True) -> Progress:
    """Return what to tell: a bar where somebody watches, else log lines."""
    if quiet or not _watched():
        return LogProgress()
    # None leaves it to rich, which knows NO_COLOR.
    return BarProgress(clock, Console(stderr=True, no_color=None if colour else True))


@contextmanager
def waiting_for(words: str, *, quiet: bool) -> Iterator[None]:
    """Say what is being waited for, where somebody watches; gone when it is over."""
    if quiet or not _watched():
        yield
        return
    with Console(stderr=True).status(Text(words), spinner_style="none"):
        yield


def _watched() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class LogProgress:
    """Every part that was read is a line of the debug log."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("driftguard")

    def start(self, total: int) -> None:
        """Log how many parts there are."""
        self._log.info("looking", parts=total)

    def waiting(self, parts: Sequence[Part]) -> None:
        """Say nothing: it is called several times a second."""

    def done(self, collection: str, scope: Scope) -> None:
        """Log one part."""
        self._log.debug("read", collection=collection, scope=str(scope))

    def finish(self) -> None:
        """Log that it is over."""
        self._log.debug("looked")


class BarProgress:
    """A bar with the rate and what is being waited for; gone when the look is over."""

    def __init__(self, clock: Clock, console: Console | None = None) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._done = 0
        self._bar = Bar(
            TextColumn("Reading AWS", style="bold"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TextColumn("{task.fields[waiting]}", markup=False, style="dim"),
            console=console or Console(stderr=True),
            transient=True,
            get_time=clock.monotonic,
        )
        self._task = self._bar.add_task("", total=None, rate="", waiting="", start=False)

    def start(self, total: int) -> None:
        """Show the bar."""
        self._began = self._clock.monotonic()
        self._bar.update(self._task, total=total)
        self._bar.start()

    def waiting(self, parts: Sequence[Part]) -> None:
        """Name what is being waited for."""
        named = ", ".join(neutral(f"{name} in {scope}") for name, scope in parts[:NAMED])
        rest = len(parts) - NAMED
        words = f"{named} and {rest} more" if rest > 0 else named
        self._bar.update(self._task, waiting=f"waiting for {words}" if words else "")

    def done(self, collection: str, scope: Scope) -> None:
        """Move the bar on by one."""
        self._done += 1
        seconds = max(self._clock.monotonic() - self._began, 0.1)
        self._bar.update(self._task, advance=1, rate=f"{self._done / seconds:.1f}/s")

    def finish(self) -> None:
        """Take the bar away."""
        self._bar.stop()
