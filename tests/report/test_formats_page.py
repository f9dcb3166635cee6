"""The examples of ``docs/reference/formats.md`` are what the program writes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from driftguard.model import Unknown
from driftguard.report.formats import FORMATS, Target, render
from driftguard.report.telling import Telling
from tests.report.reports import DRIFTED, OPENED, OTHER_RULE, SSH_RULE, judged

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "formats.md"
BUSY = "AWS answered InternalError, five times"
EXAMPLE = replace(
    DRIFTED,
    declared=13,
    findings=(judged(OPENED, SSH_RULE, OTHER_RULE), *DRIFTED.findings[::2]),
    unreadable=(Unknown(address="aws_vpc.main", reason=BUSY, type="aws_vpc"),),
    unsupported={"aws_glue_job": 2},
)
TELLING = Telling(
    width=70,
    places={("network", 'module.net["a"].aws_security_group.web'): "states/network.tfstate"},
)


def told(name: str) -> str:
    """Return what a format makes of the example; of a long one its first finding."""
    text = render(Target(format=name), EXAMPLE, TELLING)
    if name == "json":
        return json.dumps(json.loads(text)["findings"][0], indent=2)
    if name == "sarif":
        return json.dumps(json.loads(text)["runs"][0]["results"][0], indent=2)
    return text.rstrip("\n")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_the_example_is_current(name: str):
    (section,) = re.findall(
        rf"(?ms)^## `{name}`\n(.*?)(?=^## `|\Z)", PAGE.read_text(encoding="utf-8")
    )
    (fence, example) = re.findall(r"(?ms)^(`{3,4})[a-z]*\n(.*?)\n\1$", section)[0]
    assert fence
    assert told(name) == example


def test_every_format_is_told():
    text = PAGE.read_text(encoding="utf-8")
    assert [*FORMATS] == re.findall(r"(?m)^## `([a-z]+)`$", text)
