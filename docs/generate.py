"""The pages of ``docs/reference`` that are made from the code, and the shipped read policy.

``python3 dev.py docs`` writes them; a test fails where one is not current.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from driftguard.cli.main import driftguard_command
from driftguard.live.collections import COLLECTIONS
from driftguard.live.exposure import NEEDS
from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.functions.table import Function
from driftguard.policy.load import shipped_policy
from driftguard.policy.shown import shown_rules
from driftguard.policy.variables import VARIABLES
from driftguard.report.explain import form_of
from driftguard.report.rule_page import rule_index, rule_page
from driftguard.resource_type import UNSET, Attribute, ResourceType
from driftguard.resources import TABLE

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = "docs/reference"
RULES = "docs/rules"
WIDTH = 100
MADE = "<!-- Made by `python3 dev.py docs` from the code; change it there. -->\n\n"


def pages() -> dict[str, str]:
    """Return every generated file: path from the top, and text."""
    made = {
        f"{REFERENCE}/commands.md": _commands(),
        f"{REFERENCE}/settings.md": _settings(),
        f"{REFERENCE}/types.md": _types(),
        **{f"{REFERENCE}/types/{name}.md": _type(one) for name, one in TABLE.items()},
        f"{REFERENCE}/policy.md": _policy(),
        **dict(_rules()),
    }
    texts = {path: f"{MADE}{text.rstrip()}\n" for path, text in made.items()}
    return {**texts, "deploy/aws/read-policy.json": _run("iam-policy", "--read")}


def _run(*arguments: str) -> str:
    """Return what a command prints, at a width of its own and not the terminal's."""
    environment = {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    ended = CliRunner().invoke(
        driftguard_command, [*arguments], env=environment, terminal_width=WIDTH
    )
    if ended.exit_code:
        raise SystemExit(f"driftguard {' '.join(arguments)}: {ended.output}")
    return ended.stdout


def _commands() -> str:
    sections = ["# Commands\n\nAs `--help` prints them.\n"]
    for words in _subcommands(driftguard_command, ()):
        title = " ".join(("driftguard", *words))
        sections.append(f"## `{title}`\n\n```text\n{_run(*words, '--help').rstrip()}\n```\n")
    return "\n".join(sections)


def _subcommands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _subcommands(inner, (*words, name))


def _settings() -> str:
    schema = json.loads(_run("schema", "settings"))
    lines = [
        "# Settings",
        "",
        "`driftguard.yaml`. A flag wins over its `DRIFTGUARD_…` variable, both over the file.",
        "The schema for editors: `driftguard schema settings`.",
        "",
        "## The file",
        "",
        *_fields(schema),
    ]
    for name, inner in sorted(schema.get("$defs", {}).items()):
        if inner.get("properties"):
            lines += ["", f"## {name}", "", inner.get("description", ""), "", *_fields(inner)]
    return "\n".join(lines)


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "| Key | What it is | Form |"
    yield "|---|---|---|"
    for name, one in schema["properties"].items():
        needed = " **needed**" if name in schema.get("required", ()) else ""
        told = " ".join(str(one.get("description", "")).split())
        yield f"| `{name}` | {_cell(told)}{needed} | {_cell(_form(one))} |"


def _form(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_form(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_form(schema.get('items', {}))}"
    return str(schema.get("type", "text"))


def _types() -> str:
    lines = [
        "# Resource types",
        "",
        f"{len(TABLE)} types are read. Every other declared type is counted as unsupported.",
        "",
        "| Type | Attributes compared | Unmanaged ones told | Read from |",
        "|---|---|---|---|",
    ]
    for name, one in sorted(TABLE.items()):
        told = "no" if one.unmanaged is None else "yes"
        link = f"[`{name}`](types/{name}.md)"
        lines.append(f"| {link} | {len(one.attributes)} | {told} | `{one.collection}` |")
    return "\n".join(lines)


def _type(one: ResourceType) -> str:
    unmanaged = "never told" if one.unmanaged is None else one.severity_unmanaged.label
    where = "once per account" if one.is_global else "in each region"
    permissions = ", ".join(_permissions(one.collection))
    exposed = sorted({name for need in NEEDS.get(one.name, ()) for name in _permissions(need)})
    exposure = f" Its exposure, for rules that ask, needs {', '.join(exposed)}." if exposed else ""
    lines = [
        f"# {one.name}",
        "",
        re.sub(r"(?m)^(https://\S+)$", r"<\1>", one.doc.strip()).replace("``", "`"),
        "",
        f"Read from `{one.collection}`, {where}. Reading needs {permissions}.{exposure}",
        "",
        (
            f"Severity until a rule says better: changed {one.severity.label}, missing "
            f"{one.severity_missing.label}, unmanaged {unmanaged}."
        ),
        "",
        "## Compared",
        "",
        "| Attribute | Severity | Compared as | Default | Note |",
        "|---|---|---|---|---|",
        *(_attribute(one, attribute) for attribute in one.attributes),
        "",
        "## Never compared",
        "",
        "| Attribute | Why |",
        "|---|---|",
        *(f"| `{name}` | {_cell(reason)} |" for name, reason in one.not_compared.items()),
    ]
    return "\n".join(lines)


def _permissions(collection: str) -> list[str]:
    return [f"`{name}`" for name in COLLECTIONS[collection].permissions]


def _attribute(one: ResourceType, attribute: Attribute) -> str:
    severity = (attribute.severity or one.severity).label
    shown = "" if attribute.default is UNSET else json.dumps(attribute.default, default=str)
    default = f"`{shown}`" if shown else ""
    if attribute.default_source:
        default += f" ([source]({attribute.default_source}))"
    notes = [attribute.note]
    notes += ["Changing it makes a new object."] if attribute.forces_replacement else []
    notes += ["Never shown."] if attribute.sensitive else []
    cells = (severity, form_of(attribute), default)
    note = " ".join(filter(None, notes)).replace("``", "`")
    return f"| `{attribute.name}` | {' | '.join(_cell(one) for one in cells)} | {_cell(note)} |"


def _rules() -> Iterator[tuple[str, str]]:
    """Yield the page of each rule that ships, and their index."""
    shown = shown_rules(shipped_policy())
    yield f"{RULES}/README.md", rule_index(shown)
    for one in shown:
        yield f"{RULES}/{one.rule.id}.md", rule_page(one)


def _policy() -> str:
    lines = [
        "# Files of rules",
        "",
        "A rule and its tests, key by key, and what an expression may use. Begin with",
        "[your first rule](../your-first-rule.md); all that ship are [listed](../rules/README.md).",
        "For editors: `driftguard schema rules` and `driftguard schema rule-tests`.",
    ]
    for title, name in (("Rules: `NAME.yaml`", "rules"), ("Tests: `NAME.test.yaml`", "rule-tests")):
        schema = json.loads(_run("schema", name))
        lines += ["", f"## {title}", "", *_fields(schema)]
        for inner in sorted(schema.get("$defs", {})):
            one = schema["$defs"][inner]
            lines += ["", f"### {inner}", "", one.get("description", ""), "", *_fields(one)]
    lines += ["", "## Variables", "", "| Variable | What it is |", "|---|---|"]
    lines += [f"| {name} | {told} |" for name, told in VARIABLES]
    lines += ["", "## Functions", ""]
    lines += [
        "Beside what [CEL](https://github.com/google/cel-spec/blob/master/doc/langdef.md) has:"
    ]
    lines += ["`size`, `has`, `exists`, `all`, `filter`, `map`, `in`, `startsWith`, `endsWith`,"]
    lines += ["`contains`, and `matches` with an [RE2](https://github.com/google/re2/wiki/Syntax)."]
    lines += ["An absent list or map is null, and the functions take it for an empty one.", ""]
    lines += ["| Function | What it tells | For example |", "|---|---|---|"]
    lines += [_function(one) for one in FUNCTIONS]
    return "\n".join(lines)


def _function(one: Function) -> str:
    parameters = ", ".join(name for name, _ in one.parameters)
    call = f"`{one.name}({parameters})`"
    doc = " ".join(one.doc.split())
    example = f"`{one.example}`" if one.example else ""
    return f"| {call} → {one.returns} | {_cell(doc)} | {_cell(example)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Write every page, and take away those of types and rules that are gone."""
    made = pages()
    for old in (*(ROOT / REFERENCE / "types").glob("*.md"), *(ROOT / RULES).glob("*.md")):
        if old.relative_to(ROOT).as_posix() not in made:
            old.unlink()
    for path, text in made.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
