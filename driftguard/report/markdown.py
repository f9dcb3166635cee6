"""The report as Markdown for a pull request's comment: worst first, folded, and never too long.

Whatever somebody else has named stands in code spans, ``<code>`` elements or
fenced blocks, where Markdown, ``@mentions``, ``#references`` and links do nothing.
https://github.github.com/gfm/
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from driftguard.model import DriftKind, Finding, ScanReport, Severity, Unknown
from driftguard.report.judged import (
    RuleLine,
    errors,
    exceptions,
    more_judgements,
    rule_lines,
    undecided,
)
from driftguard.report.layout import plural
from driftguard.report.neutral import neutral
from driftguard.report.sentences import (
    SAID_OF,
    WORST_FIRST,
    by_reason,
    change_lines,
    counted,
    headline,
    object_id,
    sentence,
    unsupported_types,
    verdict,
    whereabouts,
)
from driftguard.report.telling import Telling
from driftguard.report.told import told
from driftguard.report.values import NOTHING

COMMENT = 65_536
"""Characters of a GitHub comment. We count bytes, which are never fewer."""
CHANGES = 25
REASONS = 10
EXAMPLES = 10
APART = 50
TYPES = 30
SENTENCES = 20
LONGEST_SENTENCE = 400
_FOLDED = Severity.MEDIUM
"""From this severity down, all findings of one severity are folded into one line."""
_RESERVE = 400
"""Bytes kept for the sentence that says what was left out."""


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as GitHub-flavoured Markdown that fits in a comment."""
    return render_markdown(report, telling, limit=COMMENT)


def render_markdown(report: ScanReport, telling: Telling, *, limit: int) -> str:
    """Return the report as Markdown of at most ``limit`` bytes, some 16 KiB at least."""
    report = told(report)
    head = "".join(_head(report, strict=telling.strict))
    tail = "".join(_tail(report))
    room = limit - _size(head) - _size(tail) - _RESERVE
    body, left = _findings(report.findings, room, telling.pages)
    room -= _size(body)
    apart = "".join(_apart(report, room, telling.pages))
    return f"{head}{body}{_left_out(left)}{apart}{tail}"


def code(text: str) -> str:
    """Return a code span that holds any text, harmless and on one line."""
    text = neutral(text) or " "
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"


_ALWAYS_TOLD = frozenset({DriftKind.CHANGED, DriftKind.MISSING, DriftKind.UNMANAGED})


def _head(report: ScanReport, *, strict: bool) -> Iterator[str]:
    yield f"## DriftGuard: {headline(report)}\n\n"
    yield f"**{verdict(report, strict=strict)}** {counted(report)}.\n\n"
    yield from _rule_errors(report)
    counts = Counter((one.severity, one.drift.kind) for one in report.findings)
    found = {one.drift.kind for one in report.findings}
    kinds = [one for one in DriftKind if one in found or one in _ALWAYS_TOLD]
    if not counts:
        return
    yield f"| Severity | {' | '.join(one.value.capitalize() for one in kinds)} |\n"
    yield f"|---|{'---:|' * len(kinds)}\n"
    for severity in WORST_FIRST:
        if any(counts[severity, kind] for kind in kinds):
            row = " | ".join(f"{counts[severity, kind]:,}" for kind in kinds)
            yield f"| {severity.label} | {row} |\n"
    yield "\n"


def _rule_errors(report: ScanReport) -> Iterator[str]:
    """Yield the rules that could not be evaluated, never folded: they are no pass."""
    found = errors(report)
    if not found:
        return
    yield f"**RULES THAT COULD NOT BE EVALUATED: {len(found):,}**\n\n"
    for what, where in found[:EXAMPLES]:
        yield f"- {code(_cut(what))} at {code(_cut(where))}\n"
    rest = len(found) - EXAMPLES
    yield f"- and {rest:,} more\n\n" if rest > 0 else "\n"


def _apart(report: ScanReport, room: int, pages: str) -> Iterator[str]:
    """Yield what does not count, as far as there is room, each kind folded into one line."""
    groups = (
        ("Declared so already; it does not count", report.pre_existing),
        ("Accepted by exceptions; it does not count", report.accepted),
    )
    for title, findings in groups:
        if not findings:
            continue
        lines = [
            f"- {code(_cut(_named(finding)))}{_links(finding, pages)}"
            for finding in findings[:APART]
        ]
        rest = len(findings) - len(lines)
        piece = _folded(
            f"{title}: {len(findings):,}", lines + ([f"- and {rest:,} more"] * (rest > 0))
        )
        if _size(piece) > room:
            piece = f"{title}: {len(findings):,}\n\n"
        room -= _size(piece)
        yield piece


def _named(finding: Finding) -> str:
    return f"{sentence(finding)} ({finding.severity.label})"


def _links(finding: Finding, pages: str) -> str:
    named = [_rule(one) for one in rule_lines(finding, pages)[:EXAMPLES]]
    return f": {', '.join(named)}" if named else ""


def _rule(one: RuleLine) -> str:
    """Return a rule's id, linked to its page where it has one."""
    return f"[{code(one.rule)}](<{one.page}>)" if one.page else code(one.rule)


def _findings(findings: Sequence[Finding], room: int, pages: str) -> tuple[str, Sequence[Finding]]:
    """Return the findings that there is room for, and those left out."""
    pieces: list[str] = []
    taken = 0
    for severity, group in groupby(findings, key=lambda one: one.severity):
        held = list(group)
        before, after = _fold(severity, len(held))
        room -= _size(before) + _size(after)
        fitting = []
        for finding in held:
            piece = _finding(finding, pages)
            room -= _size(piece)
            if room < 0:
                break
            fitting.append(piece)
        pieces += [before, *fitting, after] if fitting else []
        taken += len(fitting)
        if room < 0:
            break
    return "".join(pieces), findings[taken:]


def _fold(severity: Severity, count: int) -> tuple[str, str]:
    title = f"{severity.label.capitalize()}: {count:,}"
    if severity > _FOLDED:
        return f"### {title}\n\n", ""
    return f"<details><summary><b>{title}</b></summary>\n\n", "</details>\n\n"


def _finding(finding: Finding, pages: str) -> str:
    drift = finding.drift
    address = html.escape(neutral(str(drift.address)))
    summary = f"<code>{address}</code> {SAID_OF[drift.kind]}"
    if finding.rule:
        summary += f": <code>{html.escape(neutral(finding.reason))}</code>"
    where = ", ".join(code(one) for one in (object_id(drift), *whereabouts(drift)) if one)
    lines = [f"<details><summary>{summary}</summary>", "", where, ""]
    lines += _rules(finding, pages)
    changes = list(_changes(finding))
    if changes:
        # Each line begins with + or -, so that none of them can close the fence.
        lines += ["```diff", *changes, "```", ""]
    rest = len(drift.changes) - CHANGES
    if rest > 0:
        lines += [f"… and {plural(rest, 'change')} more.", ""]
    return "\n".join((*lines, "</details>", "", ""))


def _rules(finding: Finding, pages: str) -> Iterator[str]:
    for number, one in enumerate(rule_lines(finding, pages)):
        loud = "**RULE ERROR** " if one.is_error else ""
        yield f"- {loud}{_rule(one)} {code(_cut(one.words[len(one.rule) + 1 :]))}"
        if number == 0 or one.is_error:
            yield f"  {code(_cut(one.sentences))}"
    more = more_judgements(finding)
    if more:
        yield f"- {more}"
    if finding.judgements:
        yield ""


def _changes(finding: Finding) -> Iterator[str]:
    for line in change_lines(finding.drift, CHANGES):
        if line.declared not in {None, NOTHING}:
            yield f"- {line.path}: {line.declared}"
        if line.live != NOTHING or line.declared == NOTHING:
            yield f"+ {line.path}: {line.live}"


def _left_out(left: Sequence[Finding]) -> str:
    if not left:
        return ""
    counts = Counter(one.severity for one in left)
    named = ", ".join(f"{counts[one]:,} {one.label}" for one in WORST_FIRST if counts[one])
    sentence = f"{plural(len(left), 'finding')} more did not fit here: {named}."
    return f"**{sentence}** `driftguard scan --format html=FILE` shows all of them.\n\n"


def _tail(report: ScanReport) -> Iterator[str]:
    waiting = [*undecided(report)]
    yield from _sentences("Rules that can be decided only after the apply", waiting, EXAMPLES)
    yield from _sentences("Exceptions", [*exceptions(report)], EXAMPLES)
    yield from _unknown("Could not be read", report.unreadable)
    yield from _unknown("Could not be searched for unmanaged resources", report.unsearched)
    yield from _sentences("Problems", report.problems)
    types = unsupported_types(report)
    if types:
        total = sum(count for _, count in types)
        named = [f"{code(_cut(name))} {count:,}" for name, count in types[:TYPES]]
        named += [f"{plural(len(types) - TYPES, 'type')} more"] if len(types) > TYPES else []
        yield _folded(f"Of types that DriftGuard does not read: {total:,}", [", ".join(named)])
    yield from _sentences("Warnings", report.warnings)


def _unknown(title: str, unknowns: Sequence[Unknown]) -> Iterator[str]:
    if not unknowns:
        return
    groups = by_reason(unknowns)
    lines = []
    for reason, addresses in groups[:REASONS]:
        examples = ", ".join(code(_cut(one)) for one in addresses[:EXAMPLES])
        rest = len(addresses) - EXAMPLES
        more = f" and {rest:,} more" if rest > 0 else ""
        lines.append(f"- {len(addresses):,}: {code(_cut(reason))}\n  {examples}{more}")
    if len(groups) > REASONS:
        lines.append(f"- and {plural(len(groups) - REASONS, 'reason')} more")
    yield _folded(f"{title}: {len(unknowns):,}", lines)


def _sentences(title: str, sentences: Sequence[str], most: int = SENTENCES) -> Iterator[str]:
    if not sentences:
        return
    lines = [f"- {code(_cut(neutral(one)))}" for one in sentences[:most]]
    rest = len(sentences) - most
    yield _folded(f"{title}: {len(sentences):,}", lines + ([f"- and {rest:,} more"] * (rest > 0)))


def _folded(title: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"<details><summary><b>{title}</b></summary>\n\n{body}\n\n</details>\n\n"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
