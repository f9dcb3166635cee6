"""One foreign process: started in a group of its own, bounded, and ended with all it started.

On a timeout, too much output or our own interruption it is ended the way a
person would at the keyboard: SIGINT (terraform finishes what it is at, writes
the state, releases the lock), then SIGINT again (it gives up at once), then SIGKILL.
https://developer.hashicorp.com/terraform/internals/debugging
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from driftguard.clock import Clock

_CHUNK = 65536
_POLL = 0.1
_AFTERWARDS = 1.0
"""Seconds that output is still taken after the process ended: something it started
outside of its group may hold the pipe open for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a process may take. All times in seconds."""

    timeout: float = 300.0
    """For the whole run; pulling a state takes a few seconds, a plan minutes."""
    first_grace: float = 10.0
    """From the first SIGINT to the second: to finish a write and release the lock."""
    second_grace: float = 5.0
    """From the second SIGINT to SIGKILL."""
    max_output: int = 256 * 1024 * 1024
    """Bytes of standard output."""
    max_errors: int = 256 * 1024
    """Bytes of standard error that are kept, the last ones; more is read and dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a process ended. The outputs may hold secrets: they are never printed."""

    code: int
    """Its exit code, or minus the signal that killed it."""
    out: bytes = field(default=b"", repr=False)
    err: bytes = field(default=b"", repr=False)
    timed_out: bool = False
    too_long: bool = False


def run(
    argv: Sequence[str], *, folder: Path, env: Mapping[str, str], limits: Limits, clock: Clock
) -> Finished:
    """Run a command to its end. Raises OSError where it can't be started.

    Whatever interrupts the waiting (a signal's exception included) ends the
    process and everything in its group before it is passed on.
    """
    with subprocess.Popen(  # noqa: S603  # no shell; the caller's allow-list made the command
        argv,
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        watch = _Watch(process, limits, clock)
        try:
            watch.until_end(limits.timeout)
        finally:
            watch.end()
        return watch.finished()


class _Watch:
    """A running process and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, clock: Clock) -> None:
        self._process, self._limits, self._clock = process, limits, clock
        self._out, self._err = bytearray(), bytearray()
        self._timed_out = self._too_long = False
        self._selector = selectors.DefaultSelector()
        for pipe, kept in ((process.stdout, self._out), (process.stderr, self._err)):
            if pipe is not None:
                self._selector.register(pipe, selectors.EVENT_READ, kept)

    def until_end(self, seconds: float) -> None:
        """Read until the process ends, the time is over or it has said too much."""
        deadline = self._clock.monotonic() + seconds
        while self._process.poll() is None and not self._too_long:
            left = deadline - self._clock.monotonic()
            if left <= 0:
                self._timed_out = True
                return
            self._read(min(left, _POLL))

    def end(self) -> None:
        """End the process, gently at first, and then whatever is left of its group."""
        try:
            for grace in (self._limits.first_grace, self._limits.second_grace):
                if self._process.poll() is not None:
                    break
                self._signal(signal.SIGINT)
                self._wait(grace)
        finally:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._last_words()

    def _last_words(self) -> None:
        """Read what still lies in the pipes."""
        deadline = self._clock.monotonic() + _AFTERWARDS
        while self._selector.get_map() and self._clock.monotonic() < deadline:
            self._read(_POLL)
        self._selector.close()

    def finished(self) -> Finished:
        return Finished(
            code=self._process.returncode,
            out=bytes(self._out),
            err=bytes(self._err),
            timed_out=self._timed_out,
            too_long=self._too_long,
        )

    def _wait(self, seconds: float) -> None:
        deadline = self._clock.monotonic() + seconds
        while self._process.poll() is None:
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return
            self._read(min(left, _POLL))

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group; terraform's plugins ignore SIGINT, as at a terminal."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _read(self, seconds: float) -> None:
        """Take what comes within some time; always waits where no pipe is open any more."""
        if not self._selector.get_map():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
            return
        for key, _ in self._selector.select(seconds):
            pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]  # we registered pipes only
            chunk = os.read(pipe.fileno(), _CHUNK)
            if not chunk:
                self._selector.unregister(pipe)
            self._keep(key.data, chunk)

    def _keep(self, kept: bytearray, chunk: bytes) -> None:
        if kept is self._err:
            kept += chunk
            del kept[: -self._limits.max_errors]
        elif not self._too_long:
            kept += chunk
            self._too_long = len(kept) > self._limits.max_output
