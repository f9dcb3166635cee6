"""What the shell offers for the value of an option, once TAB is pressed."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

Items = list[CompletionItem]


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """Let the shell offer files."""
    return [CompletionItem(incomplete, type="file")]


def folders(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """Let the shell offer folders."""
    return [CompletionItem(incomplete, type="dir")]


def formats(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """Offer the formats of a report, each with what it is for."""
    # Late: the table is needed where TAB is pressed here.
    from driftguard.report.formats import FORMATS  # noqa: PLC0415

    return _beginning({name: one.about for name, one in FORMATS.items()}, incomplete)


def types(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """Offer the resource types that are read."""
    # Late: the tables of all types.
    from driftguard.resources import TABLE  # noqa: PLC0415

    return _beginning(dict.fromkeys(TABLE, ""), incomplete)


def rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """Offer the rules that ship, each with its title."""
    # Late: the engine and every rule.
    from driftguard.policy.load import shipped_policy  # noqa: PLC0415

    return _beginning({one.id: one.title for one in shipped_policy().rules}, incomplete)


def _beginning(words: dict[str, str], start: str) -> Items:
    return [
        CompletionItem(word, help=about or None)
        for word, about in words.items()
        if word.startswith(start)
    ]
