"""The exceptions of a file, told: what each accepts, and how it stands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from driftguard.model import ExceptionState, Json
from driftguard.policy.exceptions import RuleException
from driftguard.report.layout import plural
from driftguard.report.neutral import neutral

Told = tuple[RuleException, ExceptionState]


def render_exceptions(told: Sequence[Told]) -> str:
    """Return a paragraph for each exception, and how many stand how."""
    lines: list[str] = []
    for one, state in told:
        lines += [
            f"{one.id}  {state.state}, until {neutral(state.expires)}",
            f"  {', '.join(sorted(one.rules))} at {neutral(one.address.text)}{_where(one)}",
            f"  {neutral(one.reason)}",
            f"  {neutral(f'ticket {one.ticket}, owner {one.owner}, approved by {one.approver}')}",
            *([f"  {neutral(state.note)}"] if state.note else []),
            "",
        ]
    counts = Counter(state.state for _, state in told)
    tally = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    lines.append(f"{plural(len(told), 'exception')}{': ' if tally else ''}{tally}.")
    return "\n".join(lines) + "\n"


def render_exceptions_json(told: Sequence[Told]) -> str:
    """Return the exceptions as JSON text."""
    exceptions = [_json(one, state) for one, state in told]
    return json.dumps({"schema_version": 1, "exceptions": exceptions}, indent=2) + "\n"


def _where(one: RuleException) -> str:
    where = "/".join(part for part in (one.account, one.region) if part)
    return f" in {where}" if where else ""


def _json(one: RuleException, state: ExceptionState) -> Json:
    return {
        "id": one.id,
        "state": state.state,
        "expires": one.expires,
        "rules": [*sorted(one.rules)],
        "address": one.address.text,
        "account": one.account or None,
        "region": one.region or None,
        "reason": one.reason,
        "ticket": one.ticket,
        "owner": one.owner,
        "approver": one.approver,
        "line": one.line,
        "note": state.note,
    }
