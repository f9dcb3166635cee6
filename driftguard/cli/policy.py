"""``driftguard policy``: the rules by which drift is rated, one file per subcommand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import click

from driftguard.cli.subcommands import Subcommands

POLICY_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "eval": "driftguard.cli.policy_eval",
        "lint": "driftguard.cli.policy_lint",
        "list": "driftguard.cli.policy_list",
        "new": "driftguard.cli.policy_new",
        "show": "driftguard.cli.policy_show",
        "test": "driftguard.cli.policy_test",
    }
)
"""Each subcommand and the module whose ``command`` it is."""


@click.group(
    "policy",
    cls=Subcommands,
    modules=POLICY_COMMANDS,
    short_help="List, show, test, write and try rules.",
)
def command() -> None:
    """Look at the rules by which drift is rated, and make your own.

    \b
    driftguard policy list                         which there are
    driftguard policy show DG-AWS-SG-001           everything about one
    driftguard policy new ACME-SG-001 --type aws_security_group
    driftguard policy test rules/                  run their tests
    """  # noqa: D301  # click needs the character
