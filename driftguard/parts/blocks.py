"""Values inside a block that occurs once, where a state may not know them.

The state of an older provider lacks newer attributes of a block, and a block
that Terraform leaves to AWS may be empty. Then the state does not say what was
declared, and "nothing" would be a claim too many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from driftguard.resource_type import UNSET


def known(name: str) -> Callable[[Mapping[str, object]], object]:
    """Return how to read a dotted name: UNSET where the state holds no value by it."""

    def declared(attributes: Mapping[str, object]) -> object:
        value: object = attributes
        for key in name.split("."):
            if isinstance(value, list | tuple):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, Mapping) else None
        return UNSET if value is None else value

    return declared
