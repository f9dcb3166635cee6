"""What rules may call, one file per family; ``FUNCTIONS`` lists them all.

Pure, bounded by ``steps.spend``, and kind to null: an absent list is null.
"""

from __future__ import annotations

from driftguard.policy.functions import collections, network, permissions, policies, trails, trust
from driftguard.policy.functions.table import Function

FUNCTIONS: tuple[Function, ...] = (
    *collections.FUNCTIONS,
    *network.FUNCTIONS,
    *policies.FUNCTIONS,
    *permissions.FUNCTIONS,
    *trails.FUNCTIONS,
    *trust.FUNCTIONS,
)
