"""References that may be an ARN or the name inside it: a queue's key, a trail's topic."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import TEXT
from driftguard.canonical.references import local_name
from driftguard.model import Severity
from driftguard.resource_type import UNSET, Attribute


def reference_attribute(
    name: str, wire: tuple[str, ...], own_arn: str, severity: Severity
) -> Attribute:
    """Return an attribute that refers to something in the resource's own account by name or ARN.

    ``wire`` holds the dotted paths at which AWS shows the reference, the first
    that has one counts; ``own_arn`` is the dotted path of the resource's own ARN.
    """

    def declared(attributes: Mapping[str, object]) -> object:
        if name not in attributes:
            return UNSET
        return local_name(attributes[name], attributes.get("arn"))

    def live(raw: Mapping[str, object]) -> object:
        found = (_at(raw, path) for path in wire)
        return local_name(next((one for one in found if one), None), _at(raw, own_arn))

    return Attribute(
        name=name,
        wire=live,
        needs=tuple(path.partition(".")[0] for path in wire),
        kind=TEXT,
        declared=declared,
        severity=severity,
        note="By name or by ARN alike, within the resource's own account and region.",
    )


def _at(raw: Mapping[str, object], path: str) -> object:
    value: object = raw
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
