"""The variables of an expression, made of our nouns."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.model import Direction, Drift


def drift_variable(drift: Drift, direction: Direction) -> Mapping[str, object]:
    """Return a drift as expressions see it."""
    paths = sorted({one.path.split("[")[0].split(".")[0] for one in drift.changes})
    return {
        "kind": drift.kind.value,
        "direction": direction.value,
        "paths": paths,
        "changes": [
            {"path": one.path, "kind": one.kind.value, "declared": one.declared, "live": one.live}
            for one in drift.changes
        ],
    }
