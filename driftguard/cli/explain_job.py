"""What ``driftguard explain`` does: finds the address, scans for it alone, tells all of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from driftguard.cli.begin import begin
from driftguard.cli.opened import Asked
from driftguard.cli.options import SourceFlags
from driftguard.cli.output import terminal, write_stdout
from driftguard.cli.run import Exit, Run
from driftguard.cli.scanning import Scanned, perform, read_declared
from driftguard.clock import SystemClock
from driftguard.compare.selection import Selection
from driftguard.declared.places import Declarations
from driftguard.errors import DriftGuardError
from driftguard.model import DriftKind, Finding
from driftguard.report.explain import (
    Explanation,
    explanation,
    render_explanations,
    render_explanations_json,
)
from driftguard.report.json import render_json
from driftguard.report.table import render_table
from driftguard.report.told import told, told_text
from driftguard.resources import TABLE

_SUGGESTED = 5
_UNMANAGED = ".unmanaged["


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainJob:
    """One run of ``driftguard explain``."""

    run: Run
    flags: SourceFlags
    address: str
    output_format: str
    no_color: bool

    def carry_out(self, environment: Mapping[str, str]) -> int:
        """Explain. Returns the exit code."""
        source, redactor = begin(self.run, self.flags, environment)
        declarations = read_declared(source, redactor, SystemClock(), quiet=self.run.quiet)
        unmanaged = self._check(declarations)
        asked = Asked(
            selection=Selection(include=(self.address,)),
            unmanaged=unmanaged,
            aws_defaults=True,
            replay=self.flags.replay or "",
            quiet=self.run.quiet,
            colour=not self.no_color,
        )
        scanned = perform(source, declarations, asked, redactor)
        return self._tell_unmanaged(scanned) if unmanaged else self._tell(scanned)

    def _check(self, declarations: Declarations) -> bool:
        """Tell whether the address is one of an unmanaged resource. Raises DriftGuardError."""
        types = {str(one.address): one.address.type for one in declarations.resources}
        kind = types.get(self.address)
        if kind is None and _UNMANAGED in self.address:
            return True
        unread = {one.address: one.reason for one in declarations.unreadable}
        if kind is None and self.address in unread:
            message = f"{self.address} can't be compared: {unread[self.address]}."
            raise DriftGuardError(message)
        if kind is None:
            raise _unknown(self.address, types, declarations.problems)
        if kind not in TABLE:
            message = f"{self.address} is declared, but DriftGuard does not read {kind}."
            raise DriftGuardError(message, hint="`driftguard types` lists what it reads.")
        return False

    def _tell(self, scanned: Scanned) -> int:
        findings = _by_address(told(scanned.result.report).findings)
        explanations = [
            explanation(TABLE[one.declared.address.type], one, findings.get(self.address))
            for one in scanned.result.comparisons
            if str(one.declared.address) == self.address
        ]
        write_stdout(self._rendered(explanations))
        unread = any(one.comparison.unknown is not None for one in explanations)
        return int(Exit.UNKNOWN if unread or not explanations else Exit.CLEAN)

    def _rendered(self, explanations: Sequence[Explanation]) -> str:
        if self.output_format == "json":
            return render_explanations_json(explanations)
        screen = terminal(colour=not self.no_color)
        return render_explanations(explanations, width=screen.width, colour=screen.colour)

    def _tell_unmanaged(self, scanned: Scanned) -> int:
        report = scanned.result.report
        found = [one for one in report.findings if one.drift.kind is DriftKind.UNMANAGED]
        if not found and report.complete:
            message = f"AWS has nothing undeclared by the address {self.address}."
            raise DriftGuardError(message, hint="Copy it from the report of a scan.")
        report = replace(report, excluded=0)  # nobody asked for anything else
        if self.output_format == "json":
            write_stdout(render_json(report))
        else:
            screen = terminal(colour=not self.no_color)
            write_stdout(render_table(report, width=screen.width, colour=screen.colour))
        return int(Exit.CLEAN if found else Exit.UNKNOWN)


def _by_address(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {str(one.drift.address): one for one in findings}


def _unknown(address: str, known: Iterable[str], problems: Sequence[str]) -> DriftGuardError:
    known = sorted({told_text(one) for one in known})
    near = difflib.get_close_matches(address, known, n=_SUGGESTED, cutoff=0.6)
    near = near or [one for one in known if address in one or address.replace("'", '"') == one]
    message = f"No state declares {address}."
    if problems:
        return DriftGuardError(message, hint=f"But not all could be read: {problems[0]}")
    if near:
        return DriftGuardError(message, hint=f"Did you mean {' or '.join(near[:_SUGGESTED])}?")
    hint = f"{len(known):,} resources are declared." if known else "Nothing is declared."
    return DriftGuardError(message, hint=hint)
