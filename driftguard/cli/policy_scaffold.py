"""A new rule and its tests, made from ``templates/``; they pass at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from driftguard.cli.type_names import unknown_type
from driftguard.errors import DriftGuardError, UsageError
from driftguard.policy.fields import RULE_ID
from driftguard.policy.fixtures import fixtures_path
from driftguard.policy.load import shipped_policy
from driftguard.resources import TABLE


def scaffold_rule(rule_id: str, type_name: str, folder: Path) -> str:
    """Write a rule's two files and return what to do next.

    Raises UsageError for an id or a type that can't be, DriftGuardError where a
    file is there already or can't be written; then nothing is.
    """
    if not re.fullmatch(RULE_ID, rule_id):
        message = f"{rule_id} can't be a rule's id."
        raise UsageError(message, hint="It is words in capitals with a number: ACME-SG-001.")
    if shipped_policy().find(rule_id) is not None:
        message = f"The rule {rule_id} ships with DriftGuard."
        raise UsageError(message, hint="Give yours another id.")
    if type_name not in TABLE:
        raise unknown_type(type_name)
    path = folder / f"{rule_id.lower()}.yaml"
    written = _texts(rule_id, type_name, path)
    for file in written:
        if file.exists():
            message = f"{file} is there already; nothing was written."
            raise DriftGuardError(message, hint="Move it away, or give another id.")
    _write(folder, written)
    return _next(written, path)


def _texts(rule_id: str, type_name: str, path: Path) -> Mapping[Path, str]:
    tagged = any(one.name in ("tags", "tags_all") for one in TABLE[type_name].attributes)
    template = "rule_tags" if tagged else "rule_plain"
    words = {"id": rule_id, "type": type_name, "word": rule_id.partition("-")[0].lower()}
    return {
        path: _filled(template, words),
        fixtures_path(path): _filled(f"{template}_test", words),
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    source = files("driftguard.cli") / "templates" / f"{template}.txt"
    return Template(source.read_text(encoding="utf-8")).substitute(words)


def _write(folder: Path, written: Mapping[Path, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in written.items():
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DriftGuardError(f"{folder} can't be written: {error.strerror or error}.") from None


def _next(written: Mapping[Path, str], path: Path) -> str:
    lines = [f"Wrote {file}" for file in written]
    lines += [
        "",
        "Next:",
        f"  driftguard policy test {path}",
        "  Then write your own `violation`, and a case on each side of it.",
        "  Name the folder in driftguard.yaml, so that scans ask it:",
        "",
        "    policy:",
        f"      rules: [{path.parent.as_posix()}]",
    ]
    return "\n".join(lines) + "\n"
