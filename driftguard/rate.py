"""A drift and its type's table make a finding; rules will have a say here.

Pure. The severity of a change is its attribute's, else the type's; the worst
of a drift's changes counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.model import Drift, DriftKind, Finding, Severity
from driftguard.resource_type import ResourceType


def rate(types: Mapping[str, ResourceType], drift: Drift) -> Finding:
    """Return the finding for one drift of a known type."""
    resource_type = types[drift.address.type]
    if drift.kind is DriftKind.MISSING:
        return Finding(drift=drift, severity=resource_type.severity_missing, reason="it is gone")
    if drift.kind is DriftKind.UNMANAGED:
        severity = resource_type.severity_unmanaged
        return Finding(drift=drift, severity=severity, reason="nothing declares it")
    severities = [_severity(resource_type, change.path) for change in drift.changes]
    return Finding(
        drift=drift,
        severity=max(severities, default=resource_type.severity),
        reason="it is not as declared",
    )


def _severity(resource_type: ResourceType, path: str) -> Severity:
    """Return the severity of the attribute a path lies in: the longest name it starts with."""
    within = [
        attribute
        for attribute in resource_type.attributes
        if path == attribute.name or path.startswith((f"{attribute.name}.", f"{attribute.name}["))
    ]
    attribute = max(within, key=lambda one: len(one.name), default=None)
    if attribute is None or attribute.severity is None:
        return resource_type.severity
    return attribute.severity
