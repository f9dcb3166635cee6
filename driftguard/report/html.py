"""The report as one HTML page that asks nobody for anything.

Readable without its script, on a phone, on paper and by a screen reader; the
script only filters. The policy in its head lets nothing run or load but this
one style and this one script, by their digests.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

import driftguard
from driftguard.model import DriftKind, Finding, ScanReport, Unknown
from driftguard.report.elements import Html, element, joined, trusted
from driftguard.report.json import is_complete, summary
from driftguard.report.judged import (
    RuleLine,
    errors,
    exceptions,
    more_judgements,
    rule_lines,
    undecided,
)
from driftguard.report.layout import plural
from driftguard.report.sentences import (
    SAID_OF,
    WORST_FIRST,
    ChangeLine,
    by_reason,
    change_lines,
    counted_names,
    headline,
    object_id,
    unsupported_types,
    verdict,
    whereabouts,
)
from driftguard.report.telling import Telling
from driftguard.report.told import told
from driftguard.report.values import NOTHING

FINDINGS = 20_000
"""Findings on the page; a browser takes seconds for more, and nobody reads them."""
CHANGES = 200
LONGEST = 1000
"""Characters of one side of a change."""
OPEN_CHANGES = 4
"""A finding with more changes shows them when it is opened."""
ADDRESSES = 1000
"""Addresses named for each reason of unreadable resources."""
CHOICES = 500
"""Types or stacks that can be chosen among."""


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as one self-contained page."""
    report = told(report)
    style, script = _asset("report.css"), _asset("report.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"DriftGuard: {headline(report)}"),
        element("style", trusted(style)),
    )
    body = element("body", *_body(report, telling), element("script", trusted(script)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _asset(name: str) -> str:
    return (files("driftguard.report") / "assets" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _body(report: ScanReport, telling: Telling) -> Iterator[Html]:
    yield element("a", "Skip to the findings", href="#findings", class_="skip")
    yield element(
        "header",
        element("h1", "Drift report" if report.compared else "Policy report"),
        element("p", headline(report), class_="headline"),
        _verdict(report, strict=telling.strict),
        _counts(report),
    )
    yield element("main", *_main(report, telling.pages))
    yield element("footer", element("p", f"DriftGuard {driftguard.__version__}"))


def _verdict(report: ScanReport, *, strict: bool) -> Html:
    complete = is_complete(report, strict=strict)
    name = "verdict complete" if complete else "verdict incomplete"
    return element("p", verdict(report, strict=strict), class_=name)


def _counts(report: ScanReport) -> Html:
    counts = {**summary(report), "left out as asked": report.excluded}
    always = {"declared", *counted_names(report)} - {"suppressed", "unsupported"}
    named = ((name.replace("_", " "), name, count) for name, count in counts.items())
    told_ones = [(words, count) for words, name, count in named if count or name in always]
    items = (
        element("div", element("dt", name), element("dd", f"{count:,}"))
        for name, count in told_ones
    )
    return element("dl", *items, class_="counts")


def _main(report: ScanReport, pages: str) -> Iterator[Html]:
    loud = [f"{what}, at {where}" for what, where in errors(report)]
    yield from _sentences("Rules that could not be evaluated", "rule-errors", loud)
    yield element(
        "section",
        element("h2", "Findings", id="findings", tabindex="-1"),
        *_findings(report, pages),
        aria_labelledby="findings",
    )
    yield from _apart(
        "Declared so already; it does not count", "before", report.pre_existing, pages
    )
    yield from _apart("Accepted by exceptions; it does not count", "held", report.accepted, pages)
    waiting = [*undecided(report)]
    yield from _sentences("Rules that can be decided only after the apply", "undecided", waiting)
    yield from _sentences("Exceptions", "exceptions", [*exceptions(report)])
    yield from _unknown("Could not be read", "unreadable", report.unreadable)
    yield from _unknown("Not searched for unmanaged resources", "unsearched", report.unsearched)
    yield from _sentences("Problems", "problems", report.problems)
    types = unsupported_types(report)
    named = [f"{name}: {count:,}" for name, count in types]
    yield from _sentences("Types that DriftGuard does not read", "unsupported", named)
    yield from _sentences("Warnings", "warnings", report.warnings)


def _findings(report: ScanReport, pages: str) -> Iterator[Html]:
    if not report.findings:
        what = "differs from its declaration" if report.compared else "violates a rule"
        yield element("p", f"Nothing that was read {what}.")
        return
    told_ones, rest = report.findings[:FINDINGS], len(report.findings) - FINDINGS
    yield _filter(told_ones)
    yield _table("What differs, the worst first", told_ones, pages)
    yield element("p", "No finding matches.", id="none", hidden=True)
    if rest > 0:
        more = f"… and {plural(rest, 'finding')} more, none of them worse, in the JSON report"
        yield element("p", more)


def _apart(title: str, name: str, findings: Sequence[Finding], pages: str) -> Iterator[Html]:
    """Yield what does not count, in a table that the filter leaves alone."""
    if not findings:
        return
    rest = len(findings) - FINDINGS
    more = [element("p", f"… and {plural(rest, 'finding')} more, in the JSON report")]
    yield element(
        "section",
        element("h2", f"{title}: {len(findings):,}", id=name),
        _table(title, findings[:FINDINGS], pages),
        *(more if rest > 0 else []),
        class_="apart",
        aria_labelledby=name,
    )


def _table(title: str, findings: Sequence[Finding], pages: str) -> Html:
    columns = ("Severity", "Resource", "Where", "Difference")
    heads = (element("th", one, scope="col", role="columnheader") for one in columns)
    head = element("thead", element("tr", *heads, role="row"), role="rowgroup")
    caption = element("caption", title, class_="unseen")
    rows = (_row(one, pages) for one in findings)
    # The roles say again what the elements are: as blocks and grids they would lose it.
    return element("table", caption, head, element("tbody", *rows, role="rowgroup"), role="table")


def _filter(findings: Sequence[Finding]) -> Html:
    """Return the form, which the script brings to light: without it, it would do nothing."""
    severities = Counter(one.severity for one in findings)
    by_severity = {one.label: severities[one] for one in WORST_FIRST if severities[one]}
    kinds = Counter(one.drift.kind for one in findings)
    choices = (
        ("severity", "Severity", by_severity),
        ("kind", "Kind", {one.value: kinds[one] for one in DriftKind if kinds[one]}),
        ("type", "Type", _counted(one.drift.address.type for one in findings)),
        ("stack", "Stack", _counted(one.drift.stack for one in findings)),
        ("rule", "Rule", _counted(one.rule or "" for one in findings)),
    )
    return element(
        "form",
        element("label", "Text", element("input", type="search", name="text")),
        *(_select(*choice) for choice in choices),
        element("button", "Show all", type="reset"),
        element("p", role="status", id="shown"),
        id="filter",
        hidden=True,
        role="search",
        aria_label="Filter the findings",
        autocomplete="off",
    )


def _counted(words: Iterable[str]) -> Mapping[str, int]:
    counts = Counter(word for word in words if word)
    return dict(sorted(sorted(counts.items()), key=lambda pair: -pair[1])[:CHOICES])


def _select(name: str, label: str, choices: Mapping[str, int]) -> Html:
    options = (
        element("option", f"{value} ({count:,})", value=value) for value, count in choices.items()
    )
    every = element("option", "all", value="")
    return element("label", label, element("select", every, *options, name=name))


def _row(finding: Finding, pages: str) -> Html:
    drift, label = finding.drift, finding.severity.label
    badge = element("strong", label, class_=f"badge {label}")
    where = (element("div", one) for one in whereabouts(drift))
    return element(
        "tr",
        element("td", badge, role="cell"),
        element("td", *_resource(finding), role="cell"),
        element("td", *where, role="cell", class_="where"),
        element("td", *_difference(finding, pages), role="cell"),
        role="row",
        data_severity=label,
        data_kind=drift.kind.value,
        data_type=drift.address.type,
        data_stack=drift.stack,
        data_rule=finding.rule,
    )


def _resource(finding: Finding) -> Iterator[Html]:
    drift = finding.drift
    yield element("code", str(drift.address), class_="address")
    if object_id(drift):
        yield element("div", object_id(drift), class_="id")


def _rules(finding: Finding, pages: str) -> Iterator[Html]:
    """Yield what rules say: the first with its reasons, errors always, the others folded."""
    lines = rule_lines(finding, pages)
    for number, one in enumerate(lines):
        name = "rule error" if one.is_error else "rule"
        said = element("span", one.words[len(one.rule) :])
        sentences = [element("p", one.sentences)] if number == 0 or one.is_error else []
        yield element("div", _linked(one), said, *sentences, class_=name)
    if more_judgements(finding):
        yield element("div", more_judgements(finding), class_="rule")


def _linked(one: RuleLine) -> Html:
    identity = element("code", one.rule)
    if not one.page:
        return identity
    return element("a", identity, href=one.page, rel="noreferrer")


def _difference(finding: Finding, pages: str) -> Iterator[Html]:
    drift = finding.drift
    yield element("div", SAID_OF[drift.kind], class_="kind")
    yield from _rules(finding, pages)
    if not drift.changes:
        return
    count = plural(
        len(drift.changes), "attribute" if drift.kind is DriftKind.UNMANAGED else "change"
    )
    names = ("now", "planned") if drift.kind is DriftKind.PLANNED else ("declared", "live")
    lines = [_change(line, names) for line in change_lines(drift, CHANGES, LONGEST)]
    rest = len(drift.changes) - CHANGES
    more = [element("p", f"… and {plural(rest, 'change')} more, in the JSON report")]
    yield element(
        "details",
        element("summary", count),
        element("dl", *lines, class_="changes"),
        *(more if rest > 0 else []),
        open=len(drift.changes) <= OPEN_CHANGES,
    )


def _change(line: ChangeLine, names: tuple[str, str]) -> Html:
    sides = []
    if line.declared is not None:
        sides.append(_side("declared", names[0], line.declared))
    sides.append(_side("live", names[1], line.live))
    return element("div", element("dt", line.path), *sides)


def _side(side: str, name: str, text: str) -> Html:
    said = element("span", f"{name} ", class_="side")
    quiet = " nothing" if text == NOTHING else ""
    return element("dd", said, element("code", text), class_=f"{side}{quiet}")


def _unknown(title: str, name: str, unknowns: Sequence[Unknown]) -> Iterator[Html]:
    if not unknowns:
        return
    items = (_reason(reason, addresses) for reason, addresses in by_reason(unknowns))
    yield _section(f"{title}: {len(unknowns):,}", name, items)


def _reason(reason: str, addresses: Sequence[str]) -> Html:
    named = (element("li", element("code", one)) for one in addresses[:ADDRESSES])
    rest = len(addresses) - ADDRESSES
    more = [element("li", f"and {rest:,} more, in the JSON report")] if rest > 0 else []
    held = element("ul", *named, *more, class_="addresses")
    summary_line = element("summary", joined(f"{len(addresses):,}: ", reason))
    return element("li", element("details", summary_line, held))


def _sentences(title: str, name: str, sentences: Sequence[str]) -> Iterator[Html]:
    if sentences:
        items = (element("li", one) for one in sentences)
        yield _section(f"{title}: {len(sentences):,}", name, items)


def _section(title: str, name: str, items: Iterable[Html]) -> Html:
    heading = element("h2", title, id=name)
    return element("section", heading, element("ul", *items), aria_labelledby=name)
