"""A rule that was tried, told: the verdict and what each part of its expressions gives."""

from __future__ import annotations

import json

from driftguard.model import Json, Verdict
from driftguard.policy.tried import Seen, SeenPart, Tried, TriedExpression
from driftguard.report.layout import Page
from driftguard.report.neutral import neutral
from driftguard.report.values import written

_LONGEST = 160
"""Characters of a value."""


def render_tried(tried: Tried, *, width: int = 100, colour: bool = False) -> str:
    """Return what came of it as lines of text."""
    page = Page(width=width, colour=colour)
    drift = tried.case.drift
    page.line((tried.rule.id, "address"), f"  {neutral(tried.rule.title)}")
    touched = drift["paths"] if isinstance(drift["paths"], list) else []
    where = f" in {', '.join(map(str, touched))}" if touched else ""
    _fact(page, "case", neutral(f"{tried.case.type} {drift['kind']}, {drift['direction']}{where}"))
    _fact(page, "verdict", tried.verdict.value)
    if tried.reason:
        _fact(page, "reason", neutral(tried.reason))
    if tried.verdict not in (Verdict.PASS, Verdict.ERROR):
        page.line(("severity   ", "quiet"), (tried.severity.label, tried.severity.label), indent=2)
    for one in tried.expressions:
        _expression(page, one)
    return page.text()


def _fact(page: Page, name: str, text: str) -> None:
    page.line((f"{name:<11}", "quiet"), text, indent=2, hang=11)


def _expression(page: Page, one: TriedExpression) -> None:
    page.blank()
    page.line((one.name, "heading"))
    for part in one.parts:
        indent = 2 + 2 * part.depth
        page.line(neutral(part.text), indent=indent, hang=2)
        if part.declared is not None and part.declared == part.live:
            page.line(("both      ", "quiet"), _told(part.live), indent=indent + 2, hang=10)
            continue
        if part.declared is not None:
            page.line(
                ("declared  ", "quiet"),
                (_told(part.declared), "declared"),
                indent=indent + 2,
                hang=10,
            )
        if part.live is not None:
            page.line(
                ("live      ", "quiet"), (_told(part.live), "live"), indent=indent + 2, hang=10
            )


def _told(seen: Seen | None) -> str:
    if seen is None:
        return ""
    text = f"error: {neutral(seen.error)}" if seen.error else written(seen.value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def render_tried_json(tried: Tried) -> str:
    """Return what came of it as JSON text."""
    whole: dict[str, Json] = {
        "schema_version": 1,
        "rule": tried.rule.id,
        "verdict": tried.verdict.value,
        "severity": tried.severity.label,
        "reason": tried.reason,
        "drift": json.loads(json.dumps(dict(tried.case.drift), default=str)),
        "expressions": [
            {"name": one.name, "parts": [_part_json(part) for part in one.parts]}
            for one in tried.expressions
        ],
    }
    return json.dumps(whole, indent=2) + "\n"


def _part_json(part: SeenPart) -> dict[str, Json]:
    return {
        "text": part.text,
        "depth": part.depth,
        "declared": _seen_json(part.declared),
        "live": _seen_json(part.live),
    }


def _seen_json(seen: Seen | None) -> Json:
    if seen is None:
        return None
    return {"error": seen.error} if seen.error else {"value": seen.value}
