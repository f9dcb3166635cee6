"""A group of commands, each a module of its own that is imported when it is asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click


class Subcommands(click.Group):
    """Made with ``modules``: each subcommand and the module whose ``command`` it is."""

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **attributes: Any) -> None:  # noqa: ANN401  # click's
        super().__init__(*arguments, **attributes)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, or None where there is none of that name."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = importlib.import_module(self.modules[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand that the arguments begin with; suggest one where there is none."""
        unknown = bool(args) and not args[0].startswith("-") and args[0] not in self.modules
        if unknown and not ctx.resilient_parsing:  # which completes what is half written
            near = difflib.get_close_matches(args[0], self.modules, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(self.modules)}."
            raise click.UsageError(f"There is no subcommand {args[0]!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)
