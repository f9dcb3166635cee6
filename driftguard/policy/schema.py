"""The JSON schemas of files of rules and of their tests, made from their fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from driftguard.policy.fields import RuleFile
from driftguard.policy.fixtures import FixtureFile

SCHEMAS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"rules": RuleFile, "rule-tests": FixtureFile}
)
"""What is published, by its name."""


def policy_schema(name: str) -> str:
    """Return a schema as JSON text that ends in a line break."""
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SCHEMAS[name].model_json_schema(),
    }
    return json.dumps(whole, indent=2) + "\n"


def published(name: str) -> Path:
    """Return where a schema is kept; ``python -m driftguard.policy.schema`` writes it anew."""
    return Path(__file__).parent.parent / "schemas" / f"{name}.schema.json"


if __name__ == "__main__":
    for one in SCHEMAS:
        published(one).write_text(policy_schema(one), encoding="utf-8")
