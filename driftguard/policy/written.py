"""Rules as somebody wrote them, for those who show them: the expressions' own text."""

from __future__ import annotations

from pathlib import Path

from driftguard.errors import PolicyError
from driftguard.policy.fields import RuleFields, RuleFile
from driftguard.policy.load import parse_policy_document, read_policy_file


def rules_as_written(path: Path, *, ours: bool = False) -> tuple[RuleFields, ...]:
    """Return the rules of a file that has been loaded already. Raises PolicyError."""
    document = parse_policy_document(read_policy_file(path), str(path), ours=ours)
    try:
        return RuleFile.model_validate(document.value).rules
    except ValueError:
        raise PolicyError(f"{path} has changed since its rules were loaded.") from None
