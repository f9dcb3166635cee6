"""What every subcommand that reads does first: logs, the redactor, variables, the source."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import structlog

from driftguard.cli.explain import command as explain_command
from driftguard.cli.options import SourceFlags
from driftguard.cli.run import Run
from driftguard.cli.scan import command as scan_command
from driftguard.cli.source import Source, find_source
from driftguard.cli.variables import known_variables, unknown_variables
from driftguard.clock import SystemClock
from driftguard.logs import configure_logs
from driftguard.redact import Redactor, shown


def begin(run: Run, flags: SourceFlags, environment: Mapping[str, str]) -> tuple[Source, Redactor]:
    """Set up logs and redaction, warn of misspelt variables, and find out where to look."""
    redactor = Redactor()
    run.redactor = redactor
    configure_logs(
        level=flags.log_level,
        as_json=flags.log_format == "json",
        redact=lambda event: shown(redactor.value(event)),
        stream=sys.stderr,
        clock=SystemClock(),
    )
    known = known_variables((scan_command, explain_command))
    for warning in unknown_variables(environment, known):
        run.warn(warning)
    source = find_source(flags, environment)
    log = structlog.get_logger("driftguard")
    log.info("settings", file=source.file, stacks=len(source.stacks))
    return source, redactor
