"""What each side found, in one form: (address, top-level attribute)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.terraform_provider.changes.change import MISSING, UNMANAGED

Spot = tuple[str, str]

SAME_FACT: Mapping[str, str] = {
    "tags_all": "tags",
    "target_key_arn": "target_key_id",
}
"""Attributes in which the provider says a thing twice, and under which of them it counts."""


def by_terraform(resource_drift: Iterable[Mapping[str, Any]]) -> set[Spot]:
    """Return the spots of a refresh-only plan's ``resource_drift``."""
    spots: set[Spot] = set()
    for drift in resource_drift:
        before, after = drift["change"]["before"], drift["change"]["after"]
        address = str(drift["address"])
        if after is None:
            spots.add((address, MISSING))
            continue
        spots |= {
            (address, SAME_FACT.get(name, name))
            for name in before
            if _something(before[name]) != _something(after[name])
        }
    return spots


def _something(value: object) -> object:
    """Take null, "", [] and {} for the same nothing: ``terraform`` doesn't show it either."""
    return None if value in ("", [], {}) else value


def by_us(report: Mapping[str, Any]) -> set[Spot]:
    """Return the spots of our own JSON report."""
    spots: set[Spot] = set()
    for finding in report["findings"]:
        address = str(finding["address"])
        if finding["kind"] == "unmanaged":
            spots.add((f"{finding['type']}.unmanaged", UNMANAGED))
        elif finding["kind"] == "missing":
            spots.add((address, MISSING))
        else:
            spots |= {(address, re.split(r"[.\[]", c["path"])[0]) for c in finding["changes"]}
    return spots
