"""The schemas that editors use for rules and their tests."""

from __future__ import annotations

import json

import jsonschema
import pytest

from driftguard.policy.load import packs_folder, parse_policy_document
from driftguard.policy.schema import SCHEMAS, policy_schema, published


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_one_of_the_fields(name: str):
    """Write it anew with ``python -m driftguard.policy.schema``."""
    assert policy_schema(name) == published(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_says_what_it_is(name: str):
    schema = json.loads(policy_schema(name))
    models = [schema, *schema["$defs"].values()]
    assert [] == [
        field
        for model in models
        for field, one in model["properties"].items()
        if not one.get("description") and "$ref" not in one
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (path, "rule-tests" if path.name.endswith(".test.yaml") else "rules")
        for path in sorted(packs_folder().glob("*.yaml"))
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_ships_keeps_to_the_schema(path, name: str):
    document = parse_policy_document(path.read_bytes(), str(path), ours=True)
    jsonschema.validate(document.value, json.loads(policy_schema(name)))
