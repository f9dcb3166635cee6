"""Ctrl-C and SIGTERM: unwind, clean up, say so, and end with 128 + the signal's number."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Turns the signals that ask to stop into KeyboardInterrupt, and remembers which it was.

    KeyboardInterrupt, because nothing that handles errors swallows it.
    """

    def __init__(self) -> None:
        self._received: int = signal.SIGINT

    def install(self) -> None:
        """Take the signals over, except one that whoever started us has us ignore (nohup)."""
        for number in _STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal, as shells do."""
        return 128 + self._received

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._received = number
        raise KeyboardInterrupt


def open_streams() -> None:
    """Give the process the standard streams that it was started without (``>&-``).

    Before anything else is opened: the next file would get the free descriptor
    and, with it, what was meant for the stream.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "r" if name == "stdin" else "w"))


def leave(code: int) -> NoReturn:
    """End the process with a code, without waiting for a call that hangs in a thread."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        try:
            getattr(sys, name).flush()
        except (OSError, ValueError):
            silence(descriptor)
    if threading.active_count() > 1:
        os._exit(code)
    sys.exit(code)


def silence(descriptor: int) -> None:
    """Point a stream nobody reads any more to nowhere, so that a later flush can't fail."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
