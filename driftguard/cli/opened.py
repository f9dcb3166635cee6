"""AWS or a recording, opened for one scan, and which account is meant where nothing says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog

from driftguard.cli.progress import waiting_for
from driftguard.cli.source import Source
from driftguard.clock import Clock
from driftguard.compare.selection import Selection
from driftguard.live.reader import Reader
from driftguard.live.readers import Readers
from driftguard.live.recording import Recorder
from driftguard.live.replay import ReplayReaders
from driftguard.live.threads import Crew
from driftguard.model import Scope, Unknown, Unreadable
from driftguard.redact import Redactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a subcommand wants of a scan."""

    selection: Selection
    unmanaged: bool | None = None
    aws_defaults: bool = False
    pre_existing: bool = False
    replay: str = ""
    record: str = ""
    quiet: bool = False
    colour: bool = True


class Bounded:
    """Readers that say within a time which account is meant, and ask for it once.

    That question comes before the look and its deadline, and an endpoint that
    takes connections without ever answering costs minutes of retries.
    """

    def __init__(self, readers: Readers, seconds: float, *, quiet: bool = True) -> None:
        self._readers = readers
        self._seconds = seconds
        self._quiet = quiet
        self._account: str | Unreadable | None = None

    @property
    def searches_unmanaged(self) -> bool:
        """As the readers say."""
        return self._readers.searches_unmanaged

    def reader(self, scope: Scope) -> Reader | Unreadable:
        """As the readers say."""
        return self._readers.reader(scope)

    def default_account(self) -> str | Unreadable:
        """Return the account of what doesn't say its own, or why it can't be told in time."""
        if self._account is None:
            with waiting_for("Asking AWS which account this is", quiet=self._quiet):
                self._account = self._asked()
        return self._account

    def _asked(self) -> str | Unreadable:
        crew = Crew[int, "str | Unreadable"](
            lambda _: self._readers.default_account(), [0], width=1, name="driftguard-account"
        )
        crew.start()
        done = crew.next_done(timeout=self._seconds)
        if done is None:
            late = f"the scan's deadline of {self._seconds:g} s passed before AWS told the account"
            return Unreadable(reason=late, retryable=True)
        if done.error is not None:
            raise done.error
        return done.result if done.result is not None else Unreadable(reason="AWS tells no account")


@contextmanager
def opened(source: Source, asked: Asked, redactor: Redactor, clock: Clock) -> Iterator[Readers]:
    """Open the recording, or AWS, whose answers are recorded where that is asked for."""
    deadline = source.settings.limits.deadline
    if asked.replay:
        yield Bounded(ReplayReaders(asked.replay), deadline)
        return
    # Late: a replay asks no AWS.
    from driftguard.live.session import AwsReaders  # noqa: PLC0415

    recorder = None
    if asked.record:
        options = {"unmanaged": asked.unmanaged is not False}
        recorder = Recorder(asked.record, redactor, options=options)
    readers = AwsReaders(source.accesses, source.aws, clock, recorder=recorder)
    try:
        yield Bounded(readers, deadline, quiet=asked.quiet)
    finally:
        readers.close()
    if recorder is not None:
        recorder.close()
        if recorder.problem:
            structlog.get_logger("driftguard").warning(recorder.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The scopes to search for unmanaged resources, and those that nobody can tell."""

    scopes: tuple[Scope, ...] = ()
    unsearched: tuple[Unknown, ...] = ()


def located(scopes: Sequence[Scope], readers: Readers) -> Located:
    """Take the scopes without an account for those of the account of the credentials."""
    known = [scope for scope in scopes if scope.account]
    nameless = [scope for scope in scopes if not scope.account]
    if not nameless:
        return Located(scopes=tuple(known))
    account = readers.default_account()
    if isinstance(account, str):
        known += [replace(scope, account=account) for scope in nameless]
        return Located(scopes=tuple(sorted(set(known))))
    lost = (
        Unknown(
            address=f"every type in {scope.region}",
            reason=account.reason,
            scope=scope,
            retryable=account.retryable,
        )
        for scope in nameless
    )
    return Located(scopes=tuple(known), unsearched=tuple(lost))
