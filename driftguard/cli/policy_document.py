"""The IAM policy of a scan, made from the permissions of the collections that it reads.

Those of the exposure evidence are among them, since rules ask for it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from driftguard.cli.type_names import chosen_types
from driftguard.live.collections import COLLECTIONS
from driftguard.live.exposure import NEEDS
from driftguard.resources import TABLE

WHO_AM_I = "sts:GetCallerIdentity"
"""Asked once, so that a scan knows which account it reads."""


def read_policy(patterns: Sequence[str] = ()) -> str:
    """Return the policy document as JSON text. Raises UsageError for an unknown type."""
    types = chosen_types(patterns)
    collections = {TABLE[name].collection for name in types}
    collections |= {name for one in types for name in NEEDS.get(one, ())}
    actions = {action for name in collections for action in COLLECTIONS[name].permissions}
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DriftGuardRead",
                "Effect": "Allow",
                "Action": sorted({*actions, WHO_AM_I}),
                "Resource": "*",
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"
