"""The tables of resource types, told: which there are, and what each compares."""

from __future__ import annotations

import json
from collections.abc import Mapping

from driftguard.model import Json
from driftguard.report.explain import form_of, wire_of
from driftguard.report.layout import Page, plural
from driftguard.report.values import written
from driftguard.resource_type import UNSET, Attribute, ResourceType


def render_types(types: Mapping[str, ResourceType]) -> str:
    """Return one line for each type: name, attributes compared, unmanaged or not, collection."""
    width = max((len(name) for name in types), default=4) + 2
    lines = [f"{'TYPE':<{width}}{'ATTRIBUTES':<12}{'UNMANAGED':<11}READ FROM"]
    for name, one in sorted(types.items()):
        searched = "no" if one.unmanaged is None else "yes"
        lines.append(f"{name:<{width}}{len(one.attributes):<12}{searched:<11}{one.collection}")
    lines.append(f"{plural(len(types), 'type')}; `driftguard types show TYPE` tells one.")
    return "\n".join(lines) + "\n"


def render_types_json(types: Mapping[str, ResourceType], *, whole: bool = False) -> str:
    """Return the types as JSON text; ``whole`` with their attributes."""
    told = [_json(one, whole=whole) for _, one in sorted(types.items())]
    return json.dumps({"schema_version": 1, "types": told}, indent=2) + "\n"


def _json(one: ResourceType, *, whole: bool) -> dict[str, Json]:
    told: dict[str, Json] = {
        "type": one.name,
        "collection": one.collection,
        "global": one.is_global,
        "attributes": len(one.attributes),
        "unmanaged": one.unmanaged is not None,
    }
    if whole:
        told["compared"] = [_attribute_json(one, attribute) for attribute in one.attributes]
        told["not_compared"] = {**one.not_compared}
    return told


def _attribute_json(one: ResourceType, attribute: Attribute) -> Json:
    return {
        "name": attribute.name,
        "wire": wire_of(attribute),
        "compared_as": form_of(attribute),
        "severity": (attribute.severity or one.severity).label,
        "default": _default(attribute),
        "default_source": attribute.default_source,
        "forces_replacement": attribute.forces_replacement,
        "sensitive": attribute.sensitive,
        "note": attribute.note,
    }


def _default(attribute: Attribute) -> Json:
    if attribute.default is UNSET:
        return None
    thawed: Json = json.loads(json.dumps(attribute.default, default=str))
    return thawed


def render_type(one: ResourceType, *, width: int = 100, colour: bool = False) -> str:
    """Return one type's table as lines of text."""
    page = Page(width=width, colour=colour)
    page.line((one.name, "address"))
    for paragraph in one.doc.strip().split("\n\n"):
        page.line(" ".join(paragraph.split()), indent=2, hang=0)
    page.blank()
    place = "once per account" if one.is_global else "in each region"
    page.line(f"Read from {one.collection}, {place}.", indent=2)
    page.line(
        f"Severity: changed {one.severity.label}, missing {one.severity_missing.label}"
        f"{_unmanaged(one)}.",
        indent=2,
    )
    page.blank()
    page.line(("Compared", "heading"))
    for attribute in one.attributes:
        _attribute(page, one, attribute)
    page.blank()
    page.line(("Never compared", "heading"))
    for name, reason in one.not_compared.items():
        page.line(f"{name}: {reason}", indent=2, hang=2)
    return page.text()


def _unmanaged(one: ResourceType) -> str:
    if one.unmanaged is None:
        return "; never unmanaged by itself"
    return f", unmanaged {one.severity_unmanaged.label}"


def _attribute(page: Page, one: ResourceType, attribute: Attribute) -> None:
    severity = (attribute.severity or one.severity).label
    page.line((attribute.name, "address"), f"  {severity}", indent=2)
    page.line((form_of(attribute), "quiet"), indent=4, hang=2)
    notes = [attribute.note] if attribute.note else []
    if attribute.default is not UNSET:
        notes.append(f"Default: {written(_default(attribute))} ({attribute.default_source}).")
    if attribute.forces_replacement:
        notes.append("Only a new object can have another value.")
    if attribute.sensitive:
        notes.append("Never shown.")
    if notes:
        page.line(" ".join(notes), indent=4, hang=2)
