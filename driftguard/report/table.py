"""The report for people: worst first, and at the end what to know and what to do next.

Written for the engineer woken at three. The last lines are the ones on the
screen: whether the answer is whole, what to type next, the counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from driftguard.model import Change, Drift, DriftKind, Finding, ScanReport, Unknown
from driftguard.report.json import is_complete, summary
from driftguard.report.judged import errors, exceptions, more_judgements, rule_lines, undecided
from driftguard.report.layout import Page, joined, plural
from driftguard.report.neutral import neutral
from driftguard.report.sentences import SOMETIMES, counted_names
from driftguard.report.telling import Telling
from driftguard.report.told import told
from driftguard.report.values import NOTHING, sides

FINDINGS = 200
"""Findings written out; more than that nobody reads on a terminal."""
CHANGES = 25
"""Changes written out for one finding."""
EXAMPLES = 3
"""Addresses named for each reason of unreadable resources."""
TYPES = 15
_INDENT = 10
_RULE_ERRORS = "RULES THAT COULD NOT BE EVALUATED"
_UNDECIDED = "Rules that can be decided only after the apply"


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as lines of text."""
    return render_table(report, width=telling.width, colour=telling.colour, strict=telling.strict)


def render_table(
    report: ScanReport, *, width: int = 100, colour: bool = False, strict: bool = False
) -> str:
    """Return the report as lines of text for a terminal of a width in columns."""
    report = told(report)
    page = Page(width=width, colour=colour)
    cut = _findings(page, report.findings)
    _sentences(page, _RULE_ERRORS, [f"{what}, at {where}" for what, where in errors(report)])
    cut |= _apart(page, "Declared so already; it does not count", report.pre_existing)
    cut |= _apart(page, "Accepted by exceptions; it does not count", report.accepted)
    _sentences(page, _UNDECIDED, [*undecided(report)])
    _sentences(page, "Exceptions", [*exceptions(report)])
    _unknown(page, "Could not be read", "declared resource", report.unreadable)
    _unknown(page, "Could not be searched for unmanaged ones", "place", report.unsearched)
    _sentences(page, "Problems", report.problems)
    _unsupported(page, report)
    _sentences(page, "Warnings", report.warnings)
    _next(page, report, cut=cut)
    _verdict(page, report, strict=strict)
    page.whole(", ".join(f"{count:,} {name}" for name, count in _counts(report)))
    return page.text()


def _counts(report: ScanReport) -> Iterable[tuple[str, int]]:
    counts = summary(report)
    always = [(name, counts[name]) for name in counted_names(report)]
    return [*always, *((words, counts[name]) for name, words in SOMETIMES.items() if counts[name])]


def _findings(page: Page, findings: Sequence[Finding]) -> bool:
    """Write the findings; return whether anything was cut."""
    cut = [_finding(page, finding) for finding in findings[:FINDINGS]]
    rest = len(findings) - FINDINGS
    if rest > 0:
        page.line(f"… and {plural(rest, 'finding')} more, none of them worse.")
        page.blank()
    return any(cut) or rest > 0


def _apart(page: Page, heading: str, findings: Sequence[Finding]) -> bool:
    """Write findings that do not count, under a heading of their own."""
    if not findings:
        return False
    page.line((f"{heading}:", "heading"))
    page.blank()
    return _findings(page, findings)


def _finding(page: Page, finding: Finding) -> bool:
    drift, label = finding.drift, finding.severity.label
    kind = f"{drift.kind.value:<11}"
    address = (neutral(str(drift.address)), "address")
    page.line((label.upper(), label), " " * (_INDENT - len(label)), kind, address, hang=_INDENT)
    page.line((_whereabouts(drift), "quiet"), indent=_INDENT, hang=2)
    _rules(page, finding)
    shown = drift.changes[:CHANGES]
    if drift.kind is DriftKind.UNMANAGED:
        cut = [_description(page, shown)]
    else:
        cut = [_change(page, change) for change in shown]
    rest = len(drift.changes) - len(shown)
    if rest > 0:
        page.line((f"… and {plural(rest, 'change')} more", "quiet"), indent=_INDENT)
    page.blank()
    return any(cut) or rest > 0


def _rules(page: Page, finding: Finding) -> None:
    """Write what rules say: the first with its reasons, an error always, the others in a line."""
    for number, one in enumerate(rule_lines(finding)):
        role = "bad" if one.is_error else "heading"
        page.line((one.rule, role), f" {one.words[len(one.rule) + 1 :]}", indent=_INDENT, hang=2)
        if number == 0 or one.is_error:
            page.line(one.sentences, indent=_INDENT + 2, hang=0)
    if more_judgements(finding):
        page.line((more_judgements(finding), "quiet"), indent=_INDENT)


def _whereabouts(drift: Drift) -> str:
    component = f"({neutral(drift.component)})" if drift.component else ""
    stack = f"stack {neutral(drift.stack)} {component}".rstrip() if drift.stack else component
    object_id = "" if str(drift.address.key) == drift.id else neutral(drift.id)
    return joined((object_id, neutral(str(drift.scope)).strip("/"), stack))


def _description(page: Page, changes: Sequence[Change]) -> bool:
    """Write what tells an unmanaged resource from its like, all in one line."""
    told_sides = [(neutral(change.path), sides(None, change.live)) for change in changes]
    pieces = [
        piece for path, both in told_sides for piece in (f"{path}: ", (both.live, "live"), "  ")
    ]
    if pieces:
        page.line(*pieces[:-1], indent=_INDENT, hang=2)
    return any(both.cut for _, both in told_sides)


def _change(page: Page, change: Change) -> bool:
    """Write one change, declared → live; on two lines where one is too short."""
    path = neutral(change.path)
    both = sides(change.declared, change.live)
    before = (both.declared, "quiet" if both.declared == NOTHING else "declared")
    after = (both.live, "quiet" if both.live == NOTHING else "live")
    if page.fits(f"{path}: {both.declared} → {both.live}", _INDENT):
        page.line(f"{path}: ", before, " → ", after, indent=_INDENT)
    else:
        page.line(f"{path}: ", before, indent=_INDENT, hang=2)
        page.line("→ ", after, indent=_INDENT + 2, hang=2)
    return both.cut


def _unknown(page: Page, heading: str, noun: str, unknowns: Sequence[Unknown]) -> None:
    """Write what is unknown, one line for each reason, however many share it."""
    if not unknowns:
        return
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for one in unknowns:
        by_reason[one.reason].append(one.address)
    page.line((f"{heading}: {plural(len(unknowns), noun)}", "bad"), hang=2)
    for reason, addresses in sorted(by_reason.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        page.line(f"{len(addresses):,}  ", neutral(reason), indent=2, hang=4)
        page.line((_examples(addresses), "quiet"), indent=6, hang=2)
    page.blank()


def _examples(addresses: Sequence[str]) -> str:
    named = ", ".join(neutral(one) for one in addresses[:EXAMPLES])
    rest = len(addresses) - EXAMPLES
    return f"{named} and {rest:,} more" if rest > 0 else named


def _unsupported(page: Page, report: ScanReport) -> None:
    if not report.unsupported:
        return
    total = sum(report.unsupported.values())
    page.line((f"Not compared, of types that DriftGuard does not read: {total:,}", "heading"))
    ordered = sorted(report.unsupported.items(), key=lambda pair: (-pair[1], pair[0]))
    named = ", ".join(f"{neutral(name)} {count:,}" for name, count in ordered[:TYPES])
    rest = len(ordered) - TYPES
    page.line(f"{named} and {plural(rest, 'type')} more" if rest > 0 else named, indent=2)
    page.blank()


def _sentences(page: Page, heading: str, told_sentences: Sequence[str]) -> None:
    if not told_sentences:
        return
    page.line((f"{heading}:", "bad" if heading in ("Problems", _RULE_ERRORS) else "heading"))
    for sentence in told_sentences:
        page.line(neutral(sentence), indent=2, hang=2)
    page.blank()


def _next(page: Page, report: ScanReport, *, cut: bool) -> None:
    """Say what to type next, where there is something to look at."""
    lines = []
    declared = [one.drift for one in report.findings if one.drift.kind is not DriftKind.UNMANAGED]
    if declared and report.compared:
        address = _quoted(neutral(str(declared[0].address)))
        lines.append((f"driftguard explain {address}", "what was compared, and how"))
    if cut:
        command = "scan" if report.compared else "check"
        lines.append((f"driftguard {command} --format json", "everything that was cut here"))
    if any("access denied" in one.reason for one in (*report.unreadable, *report.unsearched)):
        lines.append(("driftguard iam-policy --read", "the permissions that a scan needs"))
    if not lines:
        return
    page.line(("Next, with the same options:", "heading"))
    for command, purpose in lines:
        if page.fits(f"{command}  {purpose}", 2):
            page.line(command, (f"  {purpose}", "quiet"), indent=2)
        else:
            page.line(command, indent=2, hang=4)
            page.line((purpose, "quiet"), indent=6)
    page.blank()


def _quoted(address: str) -> str:
    """Quote an address for a shell where it holds what a shell would take."""
    if not any(character in address for character in "\"'[] $`\\*?!&;|<>(){}~#"):
        return address
    return "'" + address.replace("'", "'\\''") + "'"


def _verdict(page: Page, report: ScanReport, *, strict: bool) -> None:
    counts = summary(report)
    if not is_complete(report, strict=strict):
        done = "judged" if report.complete else "read"
        page.line(("INCOMPLETE", "bad"), f": not everything could be {done}; see above.")
    elif not report.findings:
        nothing = "no drift" if report.compared else "no violation"
        new = f"{nothing} beside the baseline's" if report.known else nothing
        page.line((f"{_compared(report, counts['checked'])}; {new}.", "good"))
    if report.excluded:
        page.line(f"{plural(report.excluded, 'declared resource')} left out as asked.")
    if report.known:
        page.line(f"{plural(len(report.known), 'finding')} left out that the baseline knows.")


def _compared(report: ScanReport, count: int) -> str:
    if not count:
        return "Nothing to compare" if report.compared else "Nothing to judge"
    done = "compared" if report.compared else "judged"
    return f"{plural(count, 'declared resource')} {done}"
