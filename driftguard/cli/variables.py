"""Variables that look like ours and are not: a misspelt one must not be passed over in silence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

import click

from driftguard.cli.options import PREFIX

OTHERS = frozenset({"DRIFTGUARD_CORPUS"})
"""Variables that no option has: where the tests find their real data."""


def known_variables(commands: Iterable[click.Command]) -> frozenset[str]:
    """Return the variables that the options of some commands have."""
    names = (
        one.envvar for command in commands for one in command.params if isinstance(one.envvar, str)
    )
    return OTHERS.union(names)


def unknown_variables(environment: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    """Yield a sentence for each variable of our prefix that means nothing."""
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        hint = f" Did you mean {near[0]}?" if near else ""
        yield f"Warning: the variable {name} means nothing to DriftGuard.{hint}"
