"""The variables of an expression, made of our nouns."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.model import Direction, Drift, Json
from driftguard.policy.sides import Side

VARIABLES: tuple[tuple[str, str], ...] = (
    (
        "`r`",
        (
            "one side of the resource by Terraform's names, in one spelling: `driftguard types show"
            " TYPE` lists them. What could not be read is not there, and a rule that needs it ends"
            " in `error`"
        ),
    ),
    (
        "`r.ingress`, `r.egress`",
        (
            "the rules of a security group, one for each peer: `protocol` (`-1`: all), `from_port`,"
            " `to_port`, `peer`, `description`; the types that are one rule of a group do too"
        ),
    ),
    ("`drift.kind`", "`changed`, `missing`, `unmanaged`, `unchanged` or `planned`"),
    (
        "`drift.direction`",
        "`widened`, `narrowed`, `mixed` or `neutral`: whether it lets in more or fewer",
    ),
    ("`drift.paths`", "the names of the attributes that changed"),
    (
        "`drift.changes`",
        "each change: `path`, `kind` (`added`, `removed`, `changed`), `declared`, `live`",
    ),
    ("`ctx.account`, `ctx.region`, `ctx.stack`, `ctx.component`", "where it belongs"),
    ("`ctx.address`, `ctx.type`, `ctx.id`", "which resource it is"),
    ("`ctx.tags`", "its tags: those that are live, else those that were declared"),
    ("`ctx.parameters`", "the rule's parameters, as the configuration has them"),
    (
        "`ctx.exposure`",
        (
            "what is known of who can reach it; what was not gathered is not there, and an adjuster"
            " that needs it does not hold"
        ),
    ),
)
"""What an expression may read, for the reference."""


CTX = frozenset(
    {"account", "region", "stack", "component", "address", "type", "id"}
    | {"tags", "parameters", "exposure"}
)
"""What can be read of ``ctx``, as ``findings.context_of`` makes it."""
DRIFT = frozenset({"kind", "direction", "paths", "changes"})
"""What can be read of ``drift``."""


def tags_of(live: Side | None, declared: Side | None) -> Json:
    """Return the tags of a resource: those that are live, else those that were declared."""
    return next((side["tags"] for side in (live, declared) if side and side.get("tags")), {})


def drift_variable(drift: Drift, direction: Direction) -> Mapping[str, object]:
    """Return a drift as expressions see it."""
    paths = sorted({one.root for one in drift.changes})
    return {
        "kind": drift.kind.value,
        "direction": direction.value,
        "paths": paths,
        "changes": [
            {"path": one.path, "kind": one.kind.value, "declared": one.declared, "live": one.live}
            for one in drift.changes
        ],
    }
