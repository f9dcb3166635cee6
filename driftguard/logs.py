"""Logs: on standard error, as lines for people or as JSON, and every event redacted.

Libraries that log requests and answers (botocore, urllib3, python-terraform)
are held at warnings: at debug they write out signatures, bodies and states.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TextIO

import structlog

from driftguard.clock import Clock

Redact = Callable[[object], object]

TALKATIVE = ("boto3", "botocore", "python_terraform", "s3transfer", "urllib3")


def configure_logs(
    *, level: str, as_json: bool, redact: Redact, stream: TextIO, clock: Clock
) -> None:
    """Set up logging for the process. ``redact`` takes and returns JSON-like values."""
    number = logging.getLevelNamesMapping()[level.upper()]
    renderer: Any = structlog.processors.JSONRenderer(default=str)
    if not as_json:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, sort_keys=False)

    def stamp(_logger: object, _name: str, event: Any) -> Any:  # noqa: ANN401  # structlog's
        return {"time": clock.now().isoformat(timespec="milliseconds"), **event}

    def redacted(_logger: object, _name: str, event: Any) -> Any:  # noqa: ANN401  # structlog's
        return redact(dict(event))

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            stamp,
            redacted,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _take_over_libraries(redact, stream)


def _take_over_libraries(redact: Redact, stream: TextIO) -> None:
    """Send what libraries log through the same redactor, warnings and worse alone."""
    handler = _Redacting(redact, stream)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in TALKATIVE:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.WARNING)


class _Redacting(logging.StreamHandler[TextIO]):
    """Writes a library's record without its secrets and without its traceback."""

    def __init__(self, redact: Redact, stream: TextIO) -> None:
        super().__init__(stream)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        message = " ".join(record.getMessage().split())
        return f"[{record.levelname.lower()}] {record.name}: {self._redact(message)}"
