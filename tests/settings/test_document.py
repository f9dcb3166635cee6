"""YAML of ours is read by another parser, and must mean the same."""

from __future__ import annotations

import pytest

from driftguard.settings.document import parse_document


@pytest.mark.parametrize(
    "text", ["null", "~", "''", "'null'", "true", '"true"', "12", "'12'", "1.5", "no", "|-\n  12"]
)  # fmt: skip
def test_a_scalar_means_the_same_whoever_reads_it(text: str):
    theirs = parse_document(f"key: {text}\n", "x.yaml").value
    assert theirs == parse_document(f"key: {text}\n", "x.yaml", ours=True).value
