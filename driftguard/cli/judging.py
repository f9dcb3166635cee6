"""By what a run rates: the rules and exceptions that the configuration names."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from driftguard.cli.source import Source
from driftguard.clock import Clock
from driftguard.findings import Judging
from driftguard.model import Mode, Severity
from driftguard.policy.exception_load import load_exceptions
from driftguard.policy.exceptions import Exceptions
from driftguard.policy.load import Override, Wanted, load_policy
from driftguard.policy.rules import Policy
from driftguard.settings.fields import PolicySettings


def judging_for(source: Source, clock: Clock) -> Judging:
    """Load rules and exceptions. Raises PolicyError."""
    return Judging(policy=policy_of(source), exceptions=exceptions_of(source), now=clock.now())


def exceptions_of(source: Source) -> Exceptions | None:
    """Load the exceptions that a configuration names; None where it names none."""
    path = source.settings.policy.exceptions
    return load_exceptions(Path(source.file).parent / path) if path else None


def policy_of(source: Source) -> Policy:
    """Load the rules that a configuration wants. Raises PolicyError."""
    return load_policy(wanted_rules(source.settings.policy, source.file))


def wanted_rules(settings: PolicySettings, file: str) -> Wanted:
    """Return which rules a configuration wants; its paths are relative to the file itself."""
    folder = Path(file).parent
    return Wanted(
        paths=tuple(folder / path for path in settings.rules),
        shipped=settings.shipped,
        overrides=tuple(
            Override(
                rule=one.rule,
                severity=Severity[one.severity.upper()] if one.severity else None,
                mode=Mode(one.mode) if one.mode else None,
                parameters=MappingProxyType(dict(one.parameters)),
            )
            for one in settings.override
        ),
        disabled=MappingProxyType({one.rule: one.reason for one in settings.disable}),
        place=file or "the configuration",
    )
