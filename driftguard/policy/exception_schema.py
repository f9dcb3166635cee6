"""The JSON schema of a file of exceptions, made from its fields; published in ``schemas/``."""

from __future__ import annotations

import json
from pathlib import Path

from driftguard.policy.exception_fields import ExceptionFile


def exception_schema() -> str:
    """Return the schema as JSON text that ends in a line break."""
    schema = ExceptionFile.model_json_schema()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2) + "\n"


PUBLISHED = Path(__file__).parent.parent / "schemas" / "exceptions.schema.json"
"""Where it is kept; ``python -m driftguard.policy.exception_schema`` writes it anew."""

if __name__ == "__main__":
    PUBLISHED.write_text(exception_schema(), encoding="utf-8")
