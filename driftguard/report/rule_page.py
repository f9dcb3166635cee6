"""The page of a rule in the documentation, and the index of all of them, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from driftguard.model import Mode
from driftguard.policy.fixtures import Fixture
from driftguard.policy.shown import ShownRule
from driftguard.report.rules import case_lines, flow, types_of

_DONE = {
    Mode.OFF: "Nothing is done by itself, and nothing is proposed.",
    Mode.PROPOSE: "A plan is proposed for somebody to approve.",
    Mode.AUTO: "It is put back by itself, where the configuration allows it.",
}
_GONE = {"pass": "", "violation": "It is a violation too that the resource is gone."}
_NOBODYS = {
    "evaluate": "",
    "ignore": "A resource that nobody declared is not asked about.",
    "violation": "A resource that nobody declared violates it, whatever it holds.",
}


def rule_page(shown: ShownRule, *, types: str = "../reference/types") -> str:
    """Return a rule's page; ``types`` is where the pages of resource types lie from there."""
    return "\n\n".join("\n".join(block) for block in _blocks(shown, types) if block) + "\n"


def _blocks(shown: ShownRule, types: str) -> Iterator[Sequence[str]]:
    rule, written = shown.rule, shown.written
    yield [f"# {rule.id}: {rule.title}"]
    yield [rule.why.strip()]
    yield _facts(shown, types)
    yield ["## What"]
    if written.violation:
        yield ["```text", *written.violation.strip().splitlines(), "```"]
    if rule.parameters:
        yield ["With these parameters, which the configuration may set otherwise:"]
        yield ["```yaml", flow(dict(rule.parameters)), "```"]
    said = (_GONE[rule.on_deleted], _NOBODYS[rule.on_unmanaged])
    yield [" ".join(filter(None, said))] if any(said) else []
    yield from _severities(shown)
    yield ["## How it is put back"]
    limit = "" if rule.mode is Mode.OFF else f" At most {rule.max_per_cycle} in one cycle."
    yield [" ".join(filter(None, (rule.how, f"{_DONE[rule.mode]}{limit}")))]
    yield ["## Violates it"]
    yield from _example(shown.violates)
    yield ["## Passes"]
    yield from _example(shown.passes)
    yield ["## References"] if rule.references else []
    yield [f"- {one}" for one in rule.references]


def _facts(shown: ShownRule, types: str) -> list[str]:
    rule = shown.rule
    linked = ", ".join(
        f"[`{name}`]({types}/{name}.md)" if name != "*" else "every type" for name in types_of(rule)
    )
    return [
        "| | |",
        "|---|---|",
        f"| Severity | {rule.base.label} |",
        f"| Types | {linked} |",
        f"| Mode | `{rule.mode.value}` |",
        f"| Tags | {', '.join(rule.tags) or 'none'} |",
        f"| Pack | `{shown.pack}` |",
    ]


def _severities(shown: ShownRule) -> Iterator[Sequence[str]]:
    adjust = shown.written.severity.adjust
    if adjust:
        yield ["## How bad"]
        base = shown.rule.base.label
        yield [f"By itself {base}. The first of these that holds counts in its place:"]
        yield [
            "| Severity | When |",
            "|---|---|",
            *(f"| {one.to} | {_code(one.when)} |" for one in adjust),
        ]


def _code(text: str) -> str:
    escaped = " ".join(text.split()).replace("|", "\\|")
    return f"`{escaped}`"


def _example(fixture: Fixture | None) -> Iterator[Sequence[str]]:
    if fixture is None:
        yield ["No test shows it."]
        return
    yield [f"A case of its tests, “{fixture.name}”:"]
    yield ["```yaml", *case_lines(fixture), "```"]


def rule_index(shown: Sequence[ShownRule]) -> str:
    """Return the index of the rules' pages, by pack."""
    lines = [
        "# Rules",
        "",
        f"{len(shown)} rules ship with DriftGuard, in {len({one.pack for one in shown})} packs.",
        "`driftguard policy list` lists those in force, `driftguard policy show ID` tells one.",
    ]
    for pack in dict.fromkeys(one.pack for one in shown):
        lines += [
            "",
            f"## {pack}",
            "",
            "| Rule | What is wrong | Severity | Mode |",
            "|---|---|---|---|",
        ]
        lines += [_index_line(one) for one in shown if one.pack == pack]
    return "\n".join(lines) + "\n"


def _index_line(one: ShownRule) -> str:
    rule = one.rule
    title = rule.title.replace("|", "\\|")
    return f"| [{rule.id}]({rule.id}.md) | {title} | {rule.base.label} | `{rule.mode.value}` |"
