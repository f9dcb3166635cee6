"""Rules, told: which there are, and everything about one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import yaml

from driftguard.model import Json
from driftguard.policy.fixtures import Fixture
from driftguard.policy.rules import Rule
from driftguard.policy.shown import ShownRule, is_shipped
from driftguard.report.layout import Page, plural
from driftguard.report.neutral import neutral

_HEAD = ("ID", "SEVERITY", "MODE", "SOURCE", "TYPES", "TITLE")
_LONGEST = 44
"""Characters of a column."""
SHIPPED = "shipped"


def place_of(rule: Rule) -> str:
    """Return the file and line of a rule; one of ours as it lies in a checkout."""
    file = f"policies/{Path(rule.source).name}" if is_shipped(rule) else rule.source
    return f"{file}:{rule.line}"


def source_of(rule: Rule) -> str:
    """Return where a rule comes from: ``shipped``, or the file of somebody's own."""
    return SHIPPED if is_shipped(rule) else rule.source


def types_of(rule: Rule) -> list[str]:
    """Return the types that a rule is for; ``*`` is every type."""
    return sorted(rule.resource) or ["*"]


def render_rules(rules: Sequence[Rule]) -> str:
    """Return one line for each rule."""
    rows = [_HEAD, *(_row(rule) for rule in rules)]
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(len(_HEAD) - 1)]
    lines = [
        "".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)) + row[-1]
        for row in rows
    ]
    lines.append(f"{plural(len(rules), 'rule')}; `driftguard policy show ID` tells one.")
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> tuple[str, ...]:
    types = types_of(rule)
    more = f" +{len(types) - 1}" if len(types) > 1 else ""
    cells = (rule.id, rule.base.label, rule.mode.value, source_of(rule), f"{types[0]}{more}")
    return (*(_cut(neutral(cell)) for cell in cells), neutral(rule.title))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST + 1 :]}"


def render_rules_json(rules: Iterable[Rule]) -> str:
    """Return rules as JSON text."""
    return _json([rule_json(rule) for rule in rules])


def rule_json(rule: Rule) -> dict[str, Json]:
    """Return what is known of a rule without its file."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.base.label,
        "types": [*types_of(rule)],
        "mode": rule.mode.value,
        "tags": [*rule.tags],
        "source": source_of(rule),
        "place": place_of(rule),
    }


def render_rule_json(shown: ShownRule) -> str:
    """Return one rule as JSON text, with its expressions and both examples."""
    rule = shown.rule
    whole: dict[str, Json] = {
        **rule_json(rule),
        "violation": shown.written.violation,
        "on_deleted": rule.on_deleted,
        "on_unmanaged": rule.on_unmanaged,
        "adjust": [
            {"to": one.to.label, "when": written.when}
            for one, written in zip(rule.adjust, shown.written.severity.adjust, strict=False)
        ],
        "parameters": cast("dict[str, Json]", dict(rule.parameters)),
        "max_per_cycle": rule.max_per_cycle,
        "how": rule.how,
        "why": rule.why,
        "references": [*rule.references],
        "violates": _case_json(shown.violates),
        "passes": _case_json(shown.passes),
    }
    return _json([whole])


def _case_json(fixture: Fixture | None) -> Json:
    if fixture is None:
        return None
    whole: Json = fixture.read.model_dump(mode="json", exclude_unset=True)
    return whole


def _json(rules: list[dict[str, Json]]) -> str:
    return json.dumps({"schema_version": 1, "rules": rules}, indent=2) + "\n"


def render_rule(shown: ShownRule, *, width: int = 100, colour: bool = False) -> str:
    """Return everything about one rule as lines of text."""
    rule = shown.rule
    page = Page(width=width, colour=colour)
    page.line((rule.id, "address"), f"  {neutral(rule.title)}")
    page.line(_one_line(rule.why), indent=2)
    page.blank()
    _fact(page, "types", ", ".join(types_of(rule)))
    _fact(page, "severity", rule.base.label)
    for one, written in zip(rule.adjust, shown.written.severity.adjust, strict=False):
        _fact(page, "", f"{one.to.label} when {_one_line(written.when)}")
    _fact(page, "violation", _one_line(shown.written.violation) or "none")
    if rule.parameters:
        _fact(page, "parameters", _one_line(flow(dict(rule.parameters))))
    _fact(page, "when deleted", rule.on_deleted)
    _fact(page, "when unmanaged", rule.on_unmanaged)
    _fact(page, "put back", f"{rule.mode.value}, at most {rule.max_per_cycle} in one cycle")
    if rule.how:
        _fact(page, "how", _one_line(rule.how))
    _fact(page, "references", ", ".join(rule.references) or "none")
    _fact(page, "tags", ", ".join(rule.tags) or "none")
    _fact(page, "source", place_of(rule))
    for title, fixture in (("Violates it", shown.violates), ("Passes", shown.passes)):
        page.blank()
        page.line((title, "heading"), f": {fixture.name}" if fixture else ": no test shows it")
        for line in case_lines(fixture) if fixture else ():
            page.line(line, indent=2, hang=4)
    return page.text()


def _fact(page: Page, name: str, text: str) -> None:
    page.line((f"{name:<15}", "quiet"), neutral(text), indent=2, hang=15)


def _one_line(text: str) -> str:
    return neutral(" ".join(text.split()))


def case_lines(fixture: Fixture) -> list[str]:
    """Return both sides of a case and its context as lines of YAML."""
    read = fixture.read
    lines = [f"type: {read.type}", *_side("declared", read.declared), *_side("live", read.live)]
    if read.unread:
        lines += _short("unread", [*read.unread])
    context = read.ctx.model_dump(exclude_unset=True)
    return [*lines, *(_short("ctx", context) if context else ())]


def _side(name: str, attributes: dict[str, object] | None) -> list[str]:
    if not attributes:
        return _short(name, attributes)
    inner = (line for key, value in attributes.items() for line in _short(key, value))
    return [f"{name}:", *(f"  {line}" for line in inner)]


def _short(name: str, value: object) -> list[str]:
    """Write a pair in one line where it has room there."""
    line = yaml.safe_dump(
        {name: value}, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000
    ).strip()[1:-1]
    return [line] if len(line) <= _WIDTH else flow({name: value}).splitlines()


_WIDTH = 94


def flow(value: object) -> str:
    """Return a value as YAML, short things in one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=None, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return text.rstrip("\n")
