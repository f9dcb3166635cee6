"""The documentation is tested: current, complete, and true of the program."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from functools import cache
from pathlib import Path
from types import ModuleType

import click
import pytest

from driftguard.cli.main import COMMANDS, driftguard_command
from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.load import shipped_policy
from driftguard.resources import TABLE

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
REFERENCE = DOCS / "reference"


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def made() -> dict[str, str]:
    found: dict[str, str] = generator().pages()
    return found


@pytest.mark.parametrize("path", sorted(made()))
def test_a_generated_page_is_current(path: str):
    """Run `python3 dev.py docs` where this fails."""
    assert made()[path] == (ROOT / path).read_text(encoding="utf-8")


def test_no_page_of_a_type_is_left_over():
    pages = {path.stem for path in (REFERENCE / "types").glob("*.md")}
    assert set(TABLE) == pages


def test_no_page_of_a_rule_is_left_over():
    pages = {path.stem for path in (DOCS / "rules").glob("*.md")}
    assert {"README", *(rule.id for rule in shipped_policy().rules)} == pages


def test_the_page_of_a_rule_tells_what_its_file_does():
    """What, why, how it is put back, both cases, references."""
    for rule in shipped_policy().rules:
        page = (DOCS / "rules" / f"{rule.id}.md").read_text(encoding="utf-8")
        heads = re.findall(r"(?m)^## (.*)$", page)
        assert ["What", "How it is put back", "Violates it", "Passes"] == [
            head for head in heads if head not in ("How bad", "References")
        ], rule.id
        told = [rule.title, rule.why.strip(), rule.how, *rule.references]
        assert [] == [text for text in told if text not in page], rule.id
        assert "No test shows it." not in page, rule.id


def test_every_function_of_rules_is_told():
    text = (REFERENCE / "policy.md").read_text(encoding="utf-8")
    assert [] == [one.name for one in FUNCTIONS if f"`{one.name}(" not in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path):
    text = re.sub(r"(?ms)^ *```.*?^ *```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\((?!https?:|#|<)([^)#\s]+)", text)
    assert [] == [target for target in targets if not (page.parent / target).exists()]


def lines_that_call_us() -> list[tuple[str, str]]:
    """Return (page, command line) of every indented or fenced call in a page written by hand."""
    found = []
    for page in PAGES:
        if page.relative_to(ROOT).as_posix() in made():
            continue
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        name = page.relative_to(ROOT).as_posix()
        found += [(name, line) for line in re.findall(r"(?m)^\s+(driftguard .*)$", text)]
    return found


@pytest.mark.parametrize(("page", "line"), lines_that_call_us())
def test_every_command_line_in_the_docs_is_one(page: str, line: str):
    """The options exist and fit together; nothing is run."""
    words = [word for word in shlex.split(line.partition(" > ")[0]) if word != "…"]
    command: click.Command = driftguard_command
    context = click.Context(command, info_name="driftguard")
    rest = words[1:]
    while isinstance(command, click.Group) and rest:
        name, command_, rest = command.resolve_command(context, rest)
        assert command_ is not None, page
        command = command_
        context = click.Context(command, info_name=name, parent=context)
    _, left, _ = command.make_parser(context).parse_args(rest)
    takes = [one for one in command.params if isinstance(one, click.Argument)]
    assert len(left) <= len(takes), page


def test_every_command_is_told():
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert [] == [name for name in COMMANDS if f"## `driftguard {name}`" not in text]


def test_every_setting_is_told():
    schema = json.loads(
        (ROOT / "driftguard/schemas/settings.schema.json").read_text(encoding="utf-8")
    )
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    parts = [schema, *schema["$defs"].values()]
    names = {name for part in parts for name in part.get("properties", {})}
    assert [] == sorted(name for name in names if f"| `{name}` |" not in text)


def test_every_key_of_the_report_is_told():
    schema = json.loads(
        (ROOT / "driftguard/schemas/report.schema.json").read_text(encoding="utf-8")
    )
    text = (REFERENCE / "report.md").read_text(encoding="utf-8")
    assert [] == [name for name in schema["properties"] if f"`{name}`" not in text]


def test_every_metric_is_told():
    source = (ROOT / "driftguard/metrics.py").read_text(encoding="utf-8")
    text = (REFERENCE / "metrics.md").read_text(encoding="utf-8")
    names = set(re.findall(r'"(driftguard_[a-z_]+)"', source))
    assert names
    assert [] == [name for name in sorted(names) if f"`{name}`" not in text]


def test_the_readme_comes_to_the_point():
    """What it is, a picture, the two commands, the first scan: in this order, and short."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    places = [
        text.index(part)
        for part in ("compares what is live", "](docs/images/", "dev.py demo", "dev.py check")
    ]
    places.append(text.index("driftguard scan --state"))
    assert sorted(places) == places
    assert len(text.splitlines()) < 80


def test_the_changelog_knows_how_many_types_there_are():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"{len(TABLE)} resource types" in text
