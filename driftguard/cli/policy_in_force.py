"""The rules that a command about policy works on: those of the configuration, or of paths."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from driftguard.cli.judging import wanted_rules
from driftguard.cli.source import DEFAULT_FILE
from driftguard.errors import PolicyError, UsageError
from driftguard.policy.fixtures import SUFFIX, fixtures_path, load_fixtures
from driftguard.policy.load import (
    Wanted,
    load_file,
    load_policy,
    packs_folder,
    rule_files,
    shipped_policy,
)
from driftguard.policy.rules import Policy, Rule
from driftguard.policy.tested import JudgedFile, run_fixtures
from driftguard.settings.load import load_settings


def wanted(config: str | None) -> Wanted:
    """Return which rules the configuration wants. Raises SettingsError."""
    path = Path(config) if config else Path(DEFAULT_FILE)
    if not config and not path.exists():
        return Wanted()
    return wanted_rules(load_settings(path).policy, str(path))


def policy_in_force(config: str | None) -> Policy:
    """Load the rules that the configuration wants. Raises SettingsError, PolicyError."""
    return load_policy(wanted(config))


def files_in_force(paths: Sequence[Path], config: str | None) -> list[Path]:
    """Return the files of rules that paths name; without one, all that are in force.

    A file of tests stands for its rules. Raises SettingsError, PolicyError; also
    where there are no rules at all, or tests without rules: nothing tested is
    no success.
    """
    if paths:
        chosen: list[Path] = [_rules_of(path) for path in paths]
    else:
        rules = wanted(config)
        chosen = [*([packs_folder()] if rules.shipped else []), *rules.paths]
    files = list(dict.fromkeys(rule_files(chosen)))
    if not files:
        where = ", ".join(map(str, chosen)) or "the configuration"
        raise PolicyError(f"There are no files of rules in {where}.")
    for path in chosen:
        _refuse_lonely_tests(path)
    return files


def _rules_of(path: Path) -> Path:
    if not path.name.endswith(SUFFIX):
        return path
    name = path.name.removesuffix(SUFFIX)
    other = path.with_name(f"{name}.yml")
    return other if other.exists() else path.with_name(f"{name}.yaml")


def _refuse_lonely_tests(folder: Path) -> None:
    for tests in sorted(folder.rglob(f"*{SUFFIX}")) if folder.is_dir() else ():
        rules = _rules_of(tests)
        if not rules.exists():
            message = f"{tests} are tests of no rules: there is no {rules.name} beside them."
            raise PolicyError(message)


def named_rule(policy: Policy, rule_id: str) -> Rule:
    """Return the rule of an id. Raises UsageError where there is none in force."""
    rule = policy.find(rule_id)
    if rule is not None:
        return rule
    if rule_id in policy.disabled:
        message = f"The rule {rule_id} is disabled: {policy.disabled[rule_id]}"
        raise UsageError(message.rstrip(".") + ".")
    near = difflib.get_close_matches(rule_id.upper(), [one.id for one in policy.rules], n=1)
    hint = f"Did you mean {near[0]}?" if near else "`driftguard policy list` lists them."
    raise UsageError(f"There is no rule {rule_id}.", hint=hint)


def rules_beside(files: Sequence[Path]) -> tuple[Rule, ...]:
    """Return the rules that ship and are not in some files, whose ids are taken all the same."""
    chosen = {file.resolve() for file in files}
    shipped = shipped_policy().rules
    return tuple(rule for rule in shipped if Path(rule.source).resolve() not in chosen)


def tested_file(path: Path) -> JudgedFile:
    """Run the tests of one file of rules; one without tests has none. Raises PolicyError."""
    ours = path.is_relative_to(packs_folder())
    tests = fixtures_path(path)
    fixtures = load_fixtures(tests, ours=ours) if tests.exists() else ()
    return run_fixtures(str(path), load_file(path, ours=ours), fixtures)
