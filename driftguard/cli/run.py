"""One run of the program: what main and its subcommands have to know of each other."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from driftguard.redact import Redactor


class Exit(enum.IntEnum):
    """How a run ends; 128 + n for a signal n."""

    CLEAN = 0
    DRIFT = 1
    UNKNOWN = 2
    USAGE = 64


@dataclass(slots=True, kw_only=True)
class Run:
    """The state of one run; the one object of the command line that changes."""

    debug: bool = False
    quiet: bool = False
    redactor: Redactor | None = None
    """Set once a subcommand reads something that may hold secrets."""

    def harmless(self, text: str) -> str:
        """Return a text without secrets and without power over a terminal."""
        # Late: an error is the exception, and --version must start at once.
        from driftguard.redact import shown  # noqa: PLC0415
        from driftguard.report.neutral import neutral  # noqa: PLC0415

        redacted = self.redactor.text(text) if self.redactor is not None else text
        return "\n".join(neutral(line) for line in str(shown(redacted)).split("\n"))

    def warn(self, text: str) -> None:
        """Say on standard error what is worth knowing, unless asked to be quiet."""
        if not self.quiet:
            self.say(text)

    def say(self, text: str) -> None:
        """Write on standard error, whatever has become of it."""
        try:
            click.echo(self.harmless(text), err=True)
        except (OSError, ValueError):
            # Nobody listens there any more; the exit code still tells.
            return
