from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from driftguard.logs import TALKATIVE, configure_logs
from driftguard.redact import Redactor, shown


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def configured(level: str, *, as_json: bool) -> io.StringIO:
    redactor, stream = Redactor(), io.StringIO()
    redactor.learn("hunter2secret")
    configure_logs(
        level=level,
        as_json=as_json,
        redact=lambda event: shown(redactor.value(event)),
        stream=stream,
        clock=StillClock(),
    )
    return stream


def test_an_event_is_a_line_of_json_without_its_secrets():
    stream = configured("info", as_json=True)
    structlog.get_logger("driftguard").info("read", what="a hunter2secret b", n=3)
    assert {
        "time": "2026-01-02T03:04:05.000+00:00",
        "level": "info",
        "event": "read",
        "what": "a (sensitive) b",
        "n": 3,
    } == json.loads(stream.getvalue())


def test_a_line_for_people_has_no_secrets_and_no_colours():
    stream = configured("info", as_json=False)
    structlog.get_logger("driftguard").info("read", what="hunter2secret")
    assert "what=(sensitive)" in stream.getvalue().replace("'", "")
    assert "\x1b" not in stream.getvalue()


def test_what_is_below_the_level_is_not_written():
    stream = configured("warning", as_json=True)
    structlog.get_logger("driftguard").info("read")
    assert "" == stream.getvalue()


def test_an_exception_is_redacted_too():
    stream = configured("error", as_json=True)
    try:
        int("hunter2secret")
    except ValueError:
        structlog.get_logger("driftguard").exception("failed")
    assert "hunter2secret" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


@pytest.mark.parametrize("name", TALKATIVE)
def test_libraries_that_log_requests_are_held_at_warnings(name: str):
    stream = configured("debug", as_json=True)
    logging.getLogger(f"{name}.x").debug("signature")
    logging.getLogger(f"{name}.x").info("body")
    logging.getLogger(f"{name}.x").warning("pool is full: hunter2secret")
    assert f"[warning] {name}.x: pool is full: (sensitive)\n" == stream.getvalue()


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]):
    configured("debug", as_json=False)
    structlog.get_logger("driftguard").error("failed")
    logging.getLogger("botocore").error("failed")
    assert "" == capsys.readouterr().out
