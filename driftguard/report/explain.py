"""One resource, told in full: each attribute in the form it was compared in, and why.

What was compared, what differs, what was left out because it is AWS's default,
owned by another resource, not in the state, never compared by this type, or
not known to its table at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.compare.attribute import Compared, Status
from driftguard.compare.resource import ResourceComparison
from driftguard.model import Declared, Finding, Json
from driftguard.report.layout import Page, plural
from driftguard.report.neutral import neutral
from driftguard.report.told import told_text, told_value
from driftguard.report.values import sides
from driftguard.resource_type import Attribute, ResourceType

_LONGEST = 2000
_LABEL = 14

_HEADINGS: Mapping[Status, str] = {
    Status.DIFFERENT: "Different",
    Status.UNREAD: "Could not be read",
    Status.SUPPRESSED: "Left out, although it differs",
    Status.OWNED: "Left to the resource that declares it",
    Status.EQUAL: "Equal",
    Status.NOT_IN_STATE: "Not in the state, so not compared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One comparison with the table it was made by and the finding it led to."""

    resource_type: ResourceType
    comparison: ResourceComparison
    finding: Finding | None
    left_out: Mapping[str, str]
    """Attributes of the state that the type never compares, each with the reason."""
    unlisted: tuple[str, ...]
    """Attributes of the state that the type's table says nothing of."""


def explanation(
    resource_type: ResourceType, comparison: ResourceComparison, finding: Finding | None
) -> Explanation:
    """Gather what there is to say of one comparison."""
    held = sorted(str(name) for name in comparison.declared.attributes)
    compared = {one.name.partition(".")[0] for one in resource_type.attributes}
    reasons = resource_type.not_compared
    return Explanation(
        resource_type=resource_type,
        comparison=comparison,
        finding=finding,
        left_out={name: reasons[name] for name in held if name in reasons},
        unlisted=tuple(name for name in held if name not in reasons and name not in compared),
    )


def form_of(attribute: Attribute) -> str:
    """Say in what form an attribute is compared, and where AWS keeps it."""
    kind = type(attribute.kind)
    paragraph = " ".join((kind.__doc__ or kind.__name__).split("\n\n")[0].split())
    sentence = paragraph.partition(". ")[0].rstrip(".").replace("``", "`")
    return f"{sentence}; from {wire_of(attribute)}"


def wire_of(attribute: Attribute) -> str:
    """Name the place in AWS's answer that an attribute is read from."""
    if not callable(attribute.wire):
        return attribute.wire
    return ", ".join(attribute.needs) or "the whole answer"


def render_explanations(
    explanations: Sequence[Explanation], *, width: int = 100, colour: bool = False
) -> str:
    """Return explanations as lines of text."""
    page = Page(width=width, colour=colour)
    for one in explanations:
        _head(page, one)
        for status, heading in _HEADINGS.items():
            _group(page, one, status, heading)
        _reasons(page, "Never compared by this type", one.left_out)
        if one.unlisted:
            page.line(("In the state, and not known to DriftGuard, so not compared", "heading"))
            page.line(neutral(", ".join(one.unlisted)), indent=2)
            page.blank()
    return page.text()


def _head(page: Page, one: Explanation) -> None:
    declared = one.comparison.declared
    page.line((neutral(str(told_text(str(declared.address)))), "address"), hang=2)
    for label, words in _facts(one):
        page.line((f"{label:<{_LABEL}}", "quiet"), neutral(words), indent=2, hang=_LABEL)
    page.blank()


def _facts(one: Explanation) -> Iterator[tuple[str, str]]:
    declared = one.comparison.declared
    yield "verdict", _verdict(one)
    yield "id", told_text(declared.id) or "(the state holds none)"
    yield "scope", str(declared.scope)
    yield "declared in", _provenance(declared)
    yield "read from", one.resource_type.collection


def _verdict(one: Explanation) -> str:
    unknown, drift = one.comparison.unknown, one.comparison.drift
    words = []
    if drift is not None and one.finding is not None:
        changes = plural(len(drift.changes), "change") if drift.changes else ""
        rated = f"severity {one.finding.severity.label}"
        words.append(", ".join(word for word in (drift.kind.value, changes, rated) if word))
    if unknown is not None:
        words.append(f"could not be read: {told_text(unknown.reason)}")
    return "; ".join(words) or "as declared"


def _provenance(declared: Declared) -> str:
    source = declared.provenance
    details = [f"serial {source.serial}"] if source.serial else []
    if source.terraform_version:
        details.append(f"Terraform {source.terraform_version}")
    stack = f", stack {declared.stack}" if declared.stack else ""
    component = f" ({declared.component})" if declared.component else ""
    told = f" ({', '.join(details)})" if details else ""
    return f"{source.place}{told}{stack}{component}"


def _group(page: Page, one: Explanation, status: Status, heading: str) -> None:
    group = [line for line in one.comparison.compared if line.status is status]
    if not group:
        return
    page.line((heading, "bad" if status in (Status.DIFFERENT, Status.UNREAD) else "heading"))
    if status is Status.NOT_IN_STATE:
        page.line(", ".join(line.path for line in group), indent=2)
    else:
        for line in group:
            _compared(page, one, line)
    page.blank()


def _compared(page: Page, one: Explanation, line: Compared) -> None:
    both = sides(told_value(line.declared), told_value(line.live), _LONGEST)
    path = neutral(line.path)
    if line.status is Status.EQUAL:
        page.line(f"{path}: {both.declared}", indent=2, hang=2)
    elif line.status in (Status.DIFFERENT, Status.SUPPRESSED):
        page.line(f"{path}:", indent=2)
        page.line("declared  ", (both.declared, "declared"), indent=4, hang=10)
        page.line("live      ", (both.live, "live"), indent=4, hang=10)
    else:
        page.line(f"{path}", indent=2)
    if line.reason:
        page.line("because   ", neutral(told_text(line.reason)), indent=4, hang=10)
    attribute = _attribute(one.resource_type, line.path)
    if attribute is not None and line.status is not Status.OWNED:
        page.line((f"compared as: {form_of(attribute)}", "quiet"), indent=4, hang=2)


def _attribute(resource_type: ResourceType, name: str) -> Attribute | None:
    return next((one for one in resource_type.attributes if one.name == name), None)


def _reasons(page: Page, heading: str, reasons: Mapping[str, str]) -> None:
    if not reasons:
        return
    page.line((heading, "heading"))
    for name, reason in reasons.items():
        page.line(f"{neutral(name)}: {neutral(reason)}", indent=2, hang=2)
    page.blank()


def render_explanations_json(explanations: Sequence[Explanation]) -> str:
    """Return explanations as JSON text that ends in a line break."""
    document: Json = {"schema_version": 1, "resources": [_json(one) for one in explanations]}
    return json.dumps(document, indent=2) + "\n"


def _json(one: Explanation) -> Json:
    declared, finding = one.comparison.declared, one.finding
    return {
        "address": told_text(str(declared.address)),
        "type": declared.address.type,
        "id": told_text(declared.id),
        "scope": {"account": declared.scope.account, "region": declared.scope.region},
        "stack": declared.stack,
        "component": declared.component,
        "place": told_text(declared.provenance.place),
        "collection": one.resource_type.collection,
        "kind": one.comparison.drift.kind.value if one.comparison.drift else None,
        "severity": finding.severity.label if finding else None,
        "unreadable": told_text(one.comparison.unknown.reason) if one.comparison.unknown else None,
        "compared": [_compared_json(one, line) for line in one.comparison.compared],
        "not_compared": {**one.left_out},
        "not_known": [*one.unlisted],
    }


def _compared_json(one: Explanation, line: Compared) -> Json:
    attribute = _attribute(one.resource_type, line.path)
    return {
        "path": line.path,
        "status": line.status.value,
        "declared": told_value(line.declared),
        "live": told_value(line.live),
        "reason": told_text(line.reason),
        "compared_as": form_of(attribute) if attribute else "",
    }
