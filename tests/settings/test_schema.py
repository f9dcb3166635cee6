from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import yaml

import driftguard
from driftguard.settings.schema import settings_schema
from tests.settings.test_load import WHOLE

PUBLISHED = Path(driftguard.__file__).parent / "schemas" / "settings.schema.json"


def test_the_published_schema_is_the_one_of_the_fields():
    """Write it anew with ``python -m driftguard.settings.schema``."""
    assert settings_schema() == PUBLISHED.read_text(encoding="utf-8")


def test_every_field_says_what_it_is():
    assert [] == list(_undescribed(json.loads(settings_schema()), "settings"))


def _undescribed(schema: dict[str, object], where: str) -> Iterator[str]:
    models = [schema, *dict(schema.get("$defs", {})).values()]  # type: ignore[call-overload]
    for model in models:
        for name, field in model["properties"].items():
            if not field.get("description"):
                yield f"{where}.{model['title']}.{name}"


def test_a_whole_file_keeps_to_the_schema():
    document = yaml.load(WHOLE, Loader=yaml.BaseLoader)  # noqa: S506  # plain text, as an editor
    document["version"] = 1
    document["limits"] = {"deadline": 60, "state_size": 10}
    document["unmanaged"] = False
    jsonschema.validate(document, json.loads(settings_schema()))
