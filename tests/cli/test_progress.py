from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime

import pytest
import structlog
from rich.console import Console

from driftguard.cli.progress import BarProgress, LogProgress, progress_for, waiting_for
from driftguard.live.progress import Progress
from driftguard.model import Scope

SCOPE = Scope(account="111122223333", region="eu-central-1")


class SteppingClock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 2, tzinfo=UTC)

    def monotonic(self) -> float:
        self.seconds += 1
        return self.seconds

    def sleep(self, seconds: float) -> None:
        raise AssertionError


def look(progress: Progress) -> None:
    """Tell of a look at two parts."""
    progress.start(2)
    progress.waiting([("ec2.vpcs", SCOPE), ("iam.roles", SCOPE), ("s3.buckets", SCOPE)])
    progress.done("ec2.vpcs", SCOPE)
    progress.done("iam.roles", SCOPE)


def test_the_bar_tells_how_far_how_fast_and_what_is_waited_for():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=200)
    progress = BarProgress(SteppingClock(), console)
    look(progress)
    progress._bar.refresh()
    progress.finish()
    told = stream.getvalue()
    assert "2/2" in told
    assert "/s" in told
    assert "waiting for ec2.vpcs in 111122223333/eu-central-1" in told
    assert "and 1 more" in told


def test_the_bar_has_no_power_over_the_terminal():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=200)
    progress = BarProgress(SteppingClock(), console)
    progress.start(1)
    progress.waiting([("ec2.vpcs", Scope(account="\x1b]0;evil\x07", region="[red]"))])
    progress._bar.refresh()
    progress.finish()
    assert "\x1b]0;evil" not in stream.getvalue()
    assert "[red]" in stream.getvalue()


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]):
    structlog.reset_defaults()  # whatever level an earlier run in this process set
    progress = progress_for(quiet=False, clock=SteppingClock())
    assert isinstance(progress, LogProgress)
    with structlog.testing.capture_logs() as logs:
        look(progress)
        progress.finish()
    assert ["looking", "read", "read", "looked"] == [entry["event"] for entry in logs]
    assert ("", "") == capsys.readouterr()


@pytest.mark.parametrize("terminal", [False, True])
def test_what_is_waited_for_before_the_look_is_said_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with waiting_for("Asking AWS", quiet=False):
        pass
    assert terminal == ("Asking AWS" in capsys.readouterr().err)
    with waiting_for("Asking AWS", quiet=True):
        pass
    assert "" == capsys.readouterr().err


@pytest.mark.parametrize(
    ("quiet", "term", "bar"),
    [(False, "xterm", True), (True, "xterm", False), (False, "dumb", False)],
)
def test_a_terminal_has_a_bar_unless_it_is_dumb_or_should_be_quiet(
    monkeypatch: pytest.MonkeyPatch, quiet: bool, term: str, bar: bool
):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", term)
    progress = progress_for(quiet=quiet, clock=SteppingClock())
    assert bar == isinstance(progress, BarProgress)


def test_a_bar_without_colours_has_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    written = []
    for colour in (True, False):
        progress = progress_for(quiet=False, clock=SteppingClock(), colour=colour)
        look(progress)
        progress.finish()
        written.append(re.findall(r"\x1b\[[0-9;]*3[0-9](?:;5;[0-9]+)?m", capsys.readouterr().err))
    assert [True, False] == [bool(one) for one in written]
