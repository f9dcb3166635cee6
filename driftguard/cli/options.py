"""The options that several subcommands share: where to look, and how to talk.

Each has a variable, ``DRIFTGUARD_`` and the option's name; the order is flag,
variable, configuration file, default. ``SourceFlags`` is what they come to.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import click

from driftguard.cli import completing
from driftguard.cli.run import Run

PREFIX = "DRIFTGUARD_"
Command = TypeVar("Command", bound=Callable[..., Any])


class Listed(click.ParamType[str]):
    """A text that may be given several times; its variable holds them separated by commas."""

    name = "text"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the parts of a variable, split at commas and line breaks."""
        parts = rv.replace("\n", ",").split(",")
        return [part.strip() for part in parts if part.strip()]


class Seconds(click.ParamType[float]):
    """A time in seconds, above zero."""

    name = "seconds"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number of seconds."""
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= _DAY:
            self.fail(f"expected seconds, above 0 and at most {_DAY}.", param, ctx)
        return seconds


_DAY = 86_400
LISTED = Listed()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFlags:
    """Where both sides are read, as flags and variables say; empty or None: not said."""

    config: str | None
    state: tuple[str, ...]
    region: tuple[str, ...]
    profile: str | None
    role_arn: str | None
    external_id: str | None
    endpoint_url: str | None
    replay: str | None
    deadline: float | None
    quiet: bool
    log_level: str
    log_format: str


def option(*names: str, **attributes: Any) -> Callable[[Command], Command]:  # noqa: ANN401  # click's
    """Declare an option that also has a DRIFTGUARD_ variable, named in its help."""
    name = names[0].split("/")[0].removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=f"{PREFIX}{name}", show_envvar=True, **attributes)


def _set_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:  # noqa: FBT001  # click's
    ctx.ensure_object(Run).debug = value
    return value


def _set_quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:  # noqa: FBT001  # click's
    ctx.ensure_object(Run).quiet = value
    return value


config_option = option(
    "--config",
    metavar="FILE",
    shell_complete=completing.files,
    help="Configuration file. Default: ./driftguard.yaml where there is one.",
)
_SOURCE = (
    config_option,
    option(
        "--state",
        metavar="PLACE",
        type=LISTED,
        multiple=True,
        shell_complete=completing.files,
        help="Terraform state: a file, a folder, a glob, s3://bucket/key or a working"
        " directory. Several may be given; they take the place of the file's stacks.",
    ),
    option(
        "--region",
        metavar="REGION",
        type=LISTED,
        multiple=True,
        help="Region of what a state does not say of itself (the first), and to search for"
        " unmanaged resources (all).",
    ),
    option("--profile", metavar="NAME", help="Profile of the AWS configuration."),
    option("--role-arn", metavar="ARN", help="Role to assume for reading AWS."),
    option("--external-id", metavar="ID", help="External id that --role-arn asks for."),
    option("--endpoint-url", metavar="URL", help="Another endpoint for every AWS call."),
    option(
        "--replay",
        metavar="DIR",
        shell_complete=completing.folders,
        help="Read AWS's answers from a recording instead of the network.",
    ),
    option(
        "--deadline",
        metavar="SECONDS",
        type=Seconds(),
        help="Seconds for the whole look at AWS; the rest is unreadable. Default: 900.",
    ),
)

_TALK = (
    option(
        "--quiet",
        "-q",
        is_flag=True,
        callback=_set_quiet,
        help="No progress and no warnings on standard error; errors stay.",
    ),
    option(
        "--debug",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_set_debug,
        help="Show the traceback of an error.",
    ),
    option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
        default="warning",
        show_default=True,
        help="What is logged on standard error.",
    ),
    option(
        "--log-format",
        type=click.Choice(["console", "json"], case_sensitive=False),
        default="console",
        show_default=True,
        help="How it is logged.",
    ),
)


def source_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the shared options; it gets them as ``flags``, a SourceFlags."""

    @functools.wraps(function)
    def command(*arguments: object, **values: Any) -> int:  # noqa: ANN401  # as click parsed them
        _refuse_empty(click.get_current_context())
        flags = SourceFlags(**{one.name: values.pop(one.name) for one in fields(SourceFlags)})
        _check(flags)
        return function(*arguments, flags=flags, **values)

    wrapped: Callable[..., int] = command
    for declare in reversed((*_SOURCE, *_TALK)):
        wrapped = declare(wrapped)
    return wrapped


def place_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command with an argument ``place`` what reads it; AWS itself is not asked."""

    @functools.wraps(function)
    def command(*arguments: object, place: str, **values: Any) -> int:  # noqa: ANN401  # as above
        _refuse_empty(click.get_current_context())
        given = {name: values.pop(name) for name in _PLACE_NAMES}
        nothing = {one.name: None for one in fields(SourceFlags)}
        flags = SourceFlags(**{**nothing, **given, "state": (place,)})
        _check(flags)
        return function(*arguments, flags=flags, **values)

    wrapped: Callable[..., int] = command
    chosen = (
        declare
        for name, declare in zip(_SOURCE_NAMES, _SOURCE, strict=True)
        if name in _PLACE_NAMES
    )
    for declare in reversed((*chosen, *_TALK)):
        wrapped = declare(wrapped)
    return wrapped


_SOURCE_NAMES = tuple(one.name for one in fields(SourceFlags))[: len(_SOURCE)]
_PLACE_NAMES = ("config", "region", "profile", "endpoint_url", "quiet", "log_level", "log_format")


def _refuse_empty(context: click.Context) -> None:
    """Refuse ``--replay "$UNSET"``: taken as not given, it would ask AWS. Raises UsageError."""
    for one in context.command.params:
        value = context.params.get(one.name or "")
        for text in value if isinstance(value, tuple) else (value,):
            if not isinstance(text, str) or (text.strip() and "\0" not in text):
                continue
            name = one.opts[0] if isinstance(one, click.Option) else one.human_readable_name
            what = "holds a null byte" if text.strip() else "is given, but empty"
            raise click.UsageError(f"{name} {what}.", context)


def _check(flags: SourceFlags) -> None:
    """Refuse what contradicts itself. Raises click.UsageError."""
    # Late: the checks come with pydantic.
    from driftguard.settings.fields import endpoint, region_name, role_arn  # noqa: PLC0415

    if flags.external_id and not flags.role_arn:
        raise click.UsageError("--external-id goes with --role-arn, which is not given.")
    for region in flags.region:
        _refuse_wrong("--region", region, region_name)
    if flags.role_arn:
        _refuse_wrong("--role-arn", flags.role_arn, role_arn)
    if flags.endpoint_url:
        _refuse_wrong("--endpoint-url", flags.endpoint_url, endpoint)


def _refuse_wrong(name: str, text: str, check: Callable[[str], str]) -> None:
    try:
        check(text)
    except ValueError as error:
        raise click.UsageError(f"{name}: {error}.") from None
