"""What ``driftguard policy eval`` does: find the rule, read the case, try it."""

from __future__ import annotations

import json
from pathlib import Path

from driftguard.cli.policy_in_force import named_rule, policy_in_force
from driftguard.errors import UsageError
from driftguard.policy.fixtures import parse_case
from driftguard.policy.judge import Case
from driftguard.policy.load import parse_rules, read_policy_file
from driftguard.policy.shown import shown_rule
from driftguard.policy.tried import Tried, try_rule

COMMAND_LINE = "--expression"
_MADE = "COMMAND-LINE"


def tried_rule(rule_id: str, case_file: Path, config: str | None) -> Tried:
    """Try a rule in force. Raises UsageError, SettingsError, PolicyError."""
    policy = policy_in_force(config)
    rule = named_rule(policy, rule_id)
    case = _case(case_file)
    if rule.resource and case.type not in rule.resource:
        types = ", ".join(sorted(rule.resource))
        raise UsageError(f"{rule.id} is for {types}, and the case is a {case.type}.")
    written = shown_rule(policy, rule).written
    sources = {"violation": written.violation}
    for adjustment, one in zip(rule.adjust, written.severity.adjust, strict=False):
        sources[f"{adjustment.to.label} when"] = one.when
    return try_rule(rule, case, sources)


def tried_expression(expression: str, case_file: Path) -> Tried:
    """Try an expression as a rule's ``violation``. Raises PolicyError."""
    case = _case(case_file)
    made = {
        "id": _MADE,
        "title": "what the command line says",
        "resource": [case.type],
        "violation": expression,
        "severity": {"base": "medium"},
        "why": "It is tried.",
    }
    # Through the loader, so that it is refused here wherever a file with it would be.
    (rule,) = parse_rules(json.dumps({"rules": [made]}).encode(), COMMAND_LINE)
    return try_rule(rule, case, {"violation": expression})


def _case(path: Path) -> Case:
    return parse_case(read_policy_file(path), str(path))
