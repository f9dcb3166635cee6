"""The report as SARIF 2.1.0, so that code scanning tools show and follow each drift.

A rule of the policy for each result that one rated, else one for each resource type
and kind of drift; a fingerprint of ours for each result. What could not be read or
judged is a notification; the invocation then did not succeed: no tool may take the
silence for a clean answer.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

import driftguard
from driftguard.model import (
    Drift,
    DriftKind,
    Finding,
    Json,
    Judgement,
    ScanReport,
    Severity,
    Unknown,
)
from driftguard.report.json import is_complete, summary
from driftguard.report.judged import (
    errors,
    exceptions,
    more_judgements,
    rule_lines,
    undecided,
)
from driftguard.report.neutral import neutral
from driftguard.report.pages import rule_page
from driftguard.report.sentences import SAID_OF, change_lines, sentence, whereabouts
from driftguard.report.telling import Telling
from driftguard.report.told import told

if TYPE_CHECKING:  # it comes with the rules' engine
    from driftguard.policy.rules import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RESULTS = 25_000
"""Results in a file; GitHub refuses one with more."""
CHANGES = 20
"""Changes named in a result's message; all are among its properties."""
LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "note",
        Severity.INFO: "note",
    }
)
SECURITY_SEVERITY: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "9.5",
        Severity.HIGH: "8.0",
        Severity.MEDIUM: "5.5",
        Severity.LOW: "2.0",
        Severity.INFO: "0.5",
    }
)
"""The middle of each range that GitHub gives a name to."""
Object: TypeAlias = dict[str, Json]

_HELP = (
    "Run `driftguard explain ADDRESS` with the same options to see what was compared and how."
    " Then either bring AWS back to the declaration, or declare what is there now."
)


def render(report: ScanReport, telling: Telling) -> str:
    """Return the report as a SARIF log file with one run."""
    report = told(report)
    described = _described(report, telling)
    order = {rule_id: number for number, rule_id in enumerate(described)}
    run: Object = {
        "tool": {"driver": _driver(described)},
        "invocations": [_invocation(report, order, strict=telling.strict)],
        "columnKind": "unicodeCodePoints",
        "results": [*_results(report, telling, order)],
        "properties": {"summary": {**summary(report)}},
    }
    log: Object = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _driver(described: Mapping[str, _Described]) -> Object:
    return {
        "name": "DriftGuard",
        "version": driftguard.__version__,
        "semanticVersion": driftguard.__version__,
        "rules": [_rule(one) for one in described.values()],
        "notifications": [
            {"id": name, "shortDescription": _message(text)} for name, text in _NOTICES.items()
        ],
    }


_NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "A declared resource could not be read.",
        "unsearched": "Unmanaged resources could not be searched for.",
        "problem": "A declaration could not be read.",
        "unsupported": "Declared resources of a type that is not read.",
        "warning": "Worth knowing.",
        "left-out": "Results were left out.",
        "rule-error": "A rule could not be evaluated.",
        "undecided": "A rule can be decided only after the apply.",
        "exception": "An exception to the rules.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """One rule of the log: ours or somebody's with its metadata, or a type and a kind of drift."""

    id: str
    findings: Sequence[Finding]
    """The results that it is the rule of."""
    judgement: Judgement | None = None
    rule: Rule | None = None
    page: str = ""

    @property
    def severity(self) -> Severity:
        """As the worst result: GitHub takes a result's severity from its rule."""
        found = [one.severity for one in self.findings]
        told = [self.judgement.severity] if self.judgement is not None else []
        return max(found or told, default=Severity.INFO)


def _described(report: ScanReport, telling: Telling) -> Mapping[str, _Described]:
    """Return all that results and notifications name, by its id, in the order of the ids."""
    named: dict[str, list[Finding]] = {}
    said: dict[str, Judgement] = {}
    for finding in _all_results(report):
        named.setdefault(_rule_id(finding), []).append(finding)
    for finding in (*_all_results(report), *report.undecided):
        for one in finding.judgements:
            said.setdefault(neutral(one.rule), one)
            named.setdefault(neutral(one.rule), [])
    return {
        rule_id: _Described(
            id=rule_id,
            findings=named[rule_id],
            judgement=said.get(rule_id),
            rule=telling.rules.get(rule_id),
            page=rule_page(telling.pages, rule_id),
        )
        for rule_id in sorted(named)
    }


def _all_results(report: ScanReport) -> Sequence[Finding]:
    return (*report.findings, *report.pre_existing, *report.accepted)[:RESULTS]


def _rule_id(finding: Finding) -> str:
    if finding.rule:
        return neutral(finding.rule)
    return f"{neutral(finding.drift.address.type)}/{finding.drift.kind.value}"


def _rule(one: _Described) -> Object:
    """Describe a rule: what is wrong, why it matters, how it is put back."""
    if one.judgement is None:
        return _rule_of_kind(one)
    title = neutral(one.judgement.title)
    why = neutral(one.rule.why if one.rule is not None else one.judgement.reason)
    how = neutral(one.rule.how if one.rule is not None else one.judgement.how)
    references = [neutral(name) for name in one.rule.references] if one.rule is not None else []
    tags = [neutral(tag) for tag in one.rule.tags] if one.rule is not None else []
    described: Object = {
        "id": one.id,
        "name": _pascal(title) or one.id,
        "shortDescription": _message(title),
        "fullDescription": _message(why or title),
        "help": {
            **_message(" ".join(filter(None, (why, how, _listed(references))))),
            "markdown": _help_in_markdown(why, how, references, one.page),
        },
        **_rated(one, ["security", "terraform", *tags]),
    }
    if one.page:
        described["helpUri"] = one.page
    return described


def _pascal(title: str) -> str:
    """Return a title as one word, as section 3.49.7 wants a rule's name."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    return "".join(word[:1].upper() + word[1:] for word in words)


def _listed(references: Sequence[str]) -> str:
    return f"References: {', '.join(references)}." if references else ""


def _help_in_markdown(why: str, how: str, references: Sequence[str], page: str) -> str:
    parts = [f"**Why** {_as_markdown(why)}"] if why else []
    parts += [f"**How it is put back** {_as_markdown(how)}"] if how else []
    parts += [f"**References** {', '.join(map(_as_markdown, references))}"] if references else []
    parts += [f"[The rule's page](<{page}>)"] if page else []
    return "\n\n".join((*parts, _HELP))


def _as_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@&-])", r"\\\1", text)


def _rule_of_kind(one: _Described) -> Object:
    drift = one.findings[0].drift
    kind = neutral(drift.address.type)
    return {
        "id": one.id,
        "name": f"{kind} {drift.kind.value}",
        "shortDescription": _message(f"An {kind} {SAID_OF[drift.kind]}"),
        "fullDescription": _message(_FULL[drift.kind]),
        "help": _message(_HELP),
        **_rated(one, ["security", "terraform", "drift", drift.kind.value]),
    }


def _rated(one: _Described, tags: Sequence[str]) -> Object:
    return {
        "defaultConfiguration": {"level": LEVELS[one.severity]},
        "properties": {
            "tags": [*dict.fromkeys(tags)],
            "security-severity": SECURITY_SEVERITY[one.severity],
        },
    }


_FULL: Mapping[DriftKind, str] = MappingProxyType(
    {
        DriftKind.CHANGED: "The live resource differs from what the Terraform state declares.",
        DriftKind.MISSING: "The Terraform state declares the resource, and AWS does not have it.",
        DriftKind.UNMANAGED: "AWS has the resource, and none of the Terraform states declares it.",
        DriftKind.UNCHANGED: "The resource is as the Terraform state declares it, and that is bad.",
        DriftKind.PLANNED: "The Terraform plan would make the resource so.",
    }
)


def _results(report: ScanReport, telling: Telling, order: Mapping[str, int]) -> Iterator[Json]:
    seen: Counter[str] = Counter()
    before = {id(one) for one in report.pre_existing}
    for finding in _all_results(report):
        drift, rule_id = finding.drift, _rule_id(finding)
        seen[drift.fingerprint] += 1
        result: Object = {
            "ruleId": rule_id,
            "ruleIndex": order[rule_id],
            "level": LEVELS[finding.severity],
            "message": _message(_told_in_full(finding)),
            "locations": [_location(drift, telling)],
            "partialFingerprints": _fingerprints(drift, seen[drift.fingerprint]),
            "properties": _properties(finding, order),
        }
        if finding.exception:
            why = f"accepted by the exception {neutral(finding.exception)}"
            told: Object = {"kind": "external", "status": "accepted", "justification": why}
            result["suppressions"] = [told]
        if report.known or before:
            result["baselineState"] = "unchanged" if id(finding) in before else "new"
        yield result


def _told_in_full(finding: Finding) -> str:
    """Say what differs: GitHub shows this text and no property."""
    drift = finding.drift
    lines = [f"{sentence(finding)} ({finding.severity.label})", ", ".join(whereabouts(drift))]
    for number, one in enumerate(rule_lines(finding)):
        lines.append(f"{one.words}: {one.sentences}" if number == 0 or one.is_error else one.words)
    lines += [more_judgements(finding)] if more_judgements(finding) else []
    for line in change_lines(drift, CHANGES):
        sides = line.live if line.declared is None else f"{line.declared} → {line.live}"
        lines.append(f"{line.path}: {sides}")
    rest = len(drift.changes) - CHANGES
    return "\n".join((*lines, f"… and {rest:,} changes more") if rest > 0 else lines)


def _fingerprints(drift: Drift, occurrence: int) -> Object:
    """Name the drift for every tool, and for GitHub under the one name that it looks at."""
    name = f"{drift.fingerprint}:{occurrence}"
    return {"driftguard/v1": name, "primaryLocationLineHash": name}


def _location(drift: Drift, telling: Telling) -> Object:
    """Say where it is declared; a path made of the place where that is no file at hand.

    GitHub shows no result without a path, and refuses a file whose URIs have a scheme.
    """
    path = telling.path(drift) or _as_path(telling.place(drift)) or _in_account(drift)
    artifact: Object = {"uri": quote(path, errors="surrogatepass"), "uriBaseId": "%SRCROOT%"}
    logical: Object = {
        "name": neutral(drift.address.name),
        "fullyQualifiedName": neutral(str(drift.address)),
        "kind": "resource",
    }
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}},
        "logicalLocations": [logical],
    }


def _as_path(place: str) -> str:
    parts = neutral(place).replace("://", "/").replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _in_account(drift: Drift) -> str:
    return _as_path(f"aws/{drift.scope.account or 'account'}/{drift.scope.region or 'region'}")


def _properties(finding: Finding, order: Mapping[str, int]) -> Object:
    drift = finding.drift
    return {
        "address": str(drift.address),
        "type": drift.address.type,
        "id": drift.id,
        "account": drift.scope.account,
        "region": drift.scope.region,
        "stack": drift.stack,
        "component": drift.component,
        "kind": drift.kind.value,
        "severity": finding.severity.label,
        "security-severity": SECURITY_SEVERITY[finding.severity],
        "verdict": finding.verdict.value,
        "direction": finding.direction.value,
        "judgements": [_judgement(one, order) for one in finding.judgements],
        "changes": [
            {
                "path": change.path,
                "kind": change.kind.value,
                "declared": change.declared,
                "live": change.live,
            }
            for change in drift.changes
        ],
    }


def _judgement(one: Judgement, order: Mapping[str, int]) -> Object:
    return {
        "ruleId": neutral(one.rule),
        "ruleIndex": order[neutral(one.rule)],
        "title": neutral(one.title),
        "verdict": one.verdict.value,
        "severity": one.severity.label,
        "reason": neutral(one.reason),
        "exception": neutral(one.exception) if one.exception else None,
    }


def _of_rules(report: ScanReport, order: Mapping[str, int], *, strict: bool) -> Iterator[Json]:
    """Yield what is said of rules: each error loudly, what has to wait, every exception."""
    for what, where in errors(report):
        rule_id = what.partition(":")[0]
        notice = _notice("rule-error", "error", f"{what}, at {where}")
        reference: Object = {"id": rule_id}
        reference |= {"index": order[rule_id]} if rule_id in order else {}
        yield {**notice, "associatedRule": reference}
    for one in undecided(report):
        yield _notice("undecided", "error" if strict else "note", one)
    for one in exceptions(report):
        yield _notice("exception", "note", one)


def _invocation(report: ScanReport, order: Mapping[str, int], *, strict: bool) -> Object:
    notices = [*_unknowns("unreadable", report.unreadable)]
    notices += _unknowns("unsearched", report.unsearched)
    notices += [_notice("problem", "error", one) for one in report.problems]
    notices += _of_rules(report, order, strict=strict)
    for name, count in sorted(report.unsupported.items()):
        level = "error" if strict else "note"
        notices.append(_notice("unsupported", level, f"{name}: {count:,} declared, not read"))
    notices += [_notice("warning", "note", one) for one in report.warnings]
    rest = sum(map(len, (report.findings, report.pre_existing, report.accepted))) - RESULTS
    if rest > 0:
        text = f"{rest:,} results more were left out, none of them worse."
        notices.append(_notice("left-out", "warning", text))
    return {
        "executionSuccessful": is_complete(report, strict=strict),
        "toolExecutionNotifications": notices,
    }


def _unknowns(name: str, unknowns: Iterable[Unknown]) -> Iterator[Json]:
    for one in unknowns:
        notice = _notice(name, "error", f"{one.address}: {one.reason}")
        logical: Object = {"fullyQualifiedName": neutral(one.address), "kind": "resource"}
        yield {**notice, "locations": [{"logicalLocations": [logical]}]}


def _notice(name: str, level: str, text: str) -> Object:
    return {"descriptor": {"id": name}, "level": level, "message": _message(neutral(text))}


def _message(text: str) -> Object:
    """Make a message of a plain text, which can hold no placeholder and no link.

    Braces are doubled as section 3.11.5 asks; ``[text](target)`` of section
    3.11.6 is parted.
    """
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}
