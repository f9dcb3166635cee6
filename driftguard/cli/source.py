"""Flags, variables and the configuration file, come to one: where both sides are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from driftguard.cli.options import SourceFlags
from driftguard.errors import SettingsError
from driftguard.live.access import Access, AwsOptions, RoleStep
from driftguard.model import Scope, Stack
from driftguard.settings.fields import (
    AccountSettings,
    Role,
    Settings,
    StackSettings,
    account_of,
)
from driftguard.settings.load import load_settings

DEFAULT_FILE = "driftguard.yaml"
COMMAND_LINE = "default"
"""The name of the stack that ``--state`` makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where both sides are read, all said and done."""

    settings: Settings
    file: str
    """The configuration file that counted, or ``""``."""
    stacks: tuple[Stack, ...]
    scopes: tuple[Scope, ...]
    """To be searched for unmanaged resources; an empty account is that of the credentials."""
    accesses: tuple[Access, ...]
    aws: AwsOptions
    profile: str
    """To read states in S3 with."""

    def with_settings(self, given: Mapping[str, object]) -> Source:
        """Return the same with other settings; what is None was not said."""
        update = {name: value for name, value in given.items() if value is not None}
        return replace(self, settings=self.settings.model_copy(update=update))


def find_source(
    flags: SourceFlags, environment: Mapping[str, str] = os.environ, folder: Path | None = None
) -> Source:
    """Return where to look. Raises SettingsError, or click.UsageError where nothing says so."""
    path = _settings_file(flags, folder or Path())
    settings = load_settings(path) if path is not None else Settings(version=1)
    settings = _overridden(settings, flags)
    stacks = tuple(_stacks(settings, flags, path, _fallback_region(flags, environment)))
    if not stacks:
        raise _nothing_declared(path)
    accesses = tuple(_accesses(settings, flags))
    _refuse_rivals(accesses, path)
    return Source(
        settings=settings,
        file=str(path) if path is not None else "",
        stacks=stacks,
        scopes=tuple(sorted(set(_scopes(settings, flags, stacks)))),
        accesses=accesses,
        aws=_aws(settings, stacks),
        profile=settings.state_access.profile or flags.profile or "",
    )


def _settings_file(flags: SourceFlags, folder: Path) -> Path | None:
    if flags.config:
        return Path(flags.config)
    usual = folder / DEFAULT_FILE
    return usual if usual.exists() else None


def _overridden(settings: Settings, flags: SourceFlags) -> Settings:
    update: dict[str, object] = {}
    if flags.endpoint_url:
        update["endpoint_url"] = flags.endpoint_url
    if flags.deadline:
        update["limits"] = settings.limits.model_copy(update={"deadline": flags.deadline})
    return settings.model_copy(update=update)


def _nothing_declared(path: Path | None) -> Exception:
    if path is not None:
        message = f"{path} names no stacks, so there is nothing to compare."
        return SettingsError(message, hint="Add one under `stacks`, or give --state.")
    return click.UsageError(
        "Nothing says what is declared: give --state PLACE (a state file, folder, s3:// or"
        f" working directory), or write a {DEFAULT_FILE}."
    )


def _fallback_region(flags: SourceFlags, environment: Mapping[str, str]) -> str:
    """Return the region of the AWS environment; a replay does not depend on it."""
    if flags.replay:
        return ""
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""


def _stacks(
    settings: Settings, flags: SourceFlags, path: Path | None, region: str
) -> Iterator[Stack]:
    if flags.state:
        regions = flags.region or settings.defaults.regions
        yield Stack(
            name=COMMAND_LINE,
            component=settings.defaults.component,
            places=flags.state,
            account=account_of(flags.role_arn or "") or settings.defaults.account,
            region=next(iter(regions), region),
        )
        return
    for one in settings.stacks:
        yield Stack(
            name=one.name,
            component=one.component or settings.defaults.component,
            places=tuple(_beside(place, path) for place in one.state),
            account=_account(one, settings, flags),
            region=next(iter(_regions(one, settings, flags)), region),
        )


def _account(stack: StackSettings, settings: Settings, flags: SourceFlags) -> str:
    own = stack.account or (account_of(stack.roles[-1].arn) if stack.roles else "")
    return own or account_of(flags.role_arn or "") or settings.defaults.account


def _regions(stack: StackSettings, settings: Settings, flags: SourceFlags) -> Sequence[str]:
    return flags.region or stack.regions or settings.defaults.regions


def _beside(place: str, path: Path | None) -> str:
    """Take a relative place as seen from the configuration file's folder."""
    if path is None or "://" in place or place.startswith(("/", "~")):
        return place
    folder = path.parent
    program, colon, rest = place.partition(":")
    if colon and program in ("terraform", "tofu"):
        return f"{program}:{_beside(rest, path)}"
    return place if folder == Path() else str(folder / place)


def _scopes(settings: Settings, flags: SourceFlags, stacks: Sequence[Stack]) -> Iterator[Scope]:
    if flags.state:
        regions = flags.region or settings.defaults.regions
        yield from (Scope(account=stacks[0].account, region=region) for region in regions)
        return
    for stack, one in zip(stacks, settings.stacks, strict=True):
        for region in _regions(one, settings, flags):
            yield Scope(account=stack.account, region=region)
    for account in settings.accounts:
        for region in flags.region or account.regions:
            yield Scope(account=account.account, region=region)


def _accesses(settings: Settings, flags: SourceFlags) -> Iterator[Access]:
    """Yield how each account is reached; what the flags say comes first and replaces."""
    given = _given(flags)
    region = next(iter(flags.region or settings.defaults.regions), "")
    entries = [*settings.accounts]
    for stack in () if flags.state else settings.stacks:
        if stack.roles:
            account = stack.account or account_of(stack.roles[-1].arn)
            entries.append(AccountSettings(account=account, roles=stack.roles))
    accesses = [
        Access(
            account=one.account,
            profile=flags.profile or one.profile,
            roles=tuple(_step(role) for role in one.roles),
            region=next(iter(one.regions), region),
        )
        for one in entries
        if one.account != given.account
    ]
    yield from dict.fromkeys((*accesses, replace(given, region=region)))


def _given(flags: SourceFlags) -> Access:
    """Return the access that the flags describe, or the default credentials."""
    role = flags.role_arn or ""
    step = RoleStep(arn=role, external_id=flags.external_id or "")
    return Access(
        account=account_of(role),
        profile=flags.profile or "",
        roles=(step,) if role else (),
    )


def _step(role: Role) -> RoleStep:
    return RoleStep(arn=role.arn, external_id=role.external_id, session_name=role.session_name)


def _refuse_rivals(accesses: Sequence[Access], path: Path | None) -> None:
    """Refuse two ways to one account: which one counted would be a matter of luck."""
    ways: dict[str, Access] = {}
    for access in accesses:
        other = ways.setdefault(access.account, access)
        if other != access and access.account:
            message = f"{path} tells two ways to reach the account {access.account}."
            raise SettingsError(message, hint="Keep one of them, in `accounts`.")


def _aws(settings: Settings, stacks: Sequence[Stack]) -> AwsOptions:
    limits = settings.limits
    return AwsOptions(
        endpoint_url=settings.endpoint_url,
        region=next((stack.region for stack in stacks if stack.region), ""),
        connect_timeout=limits.connect_timeout,
        read_timeout=limits.read_timeout,
        max_attempts=limits.attempts,
        parallel=limits.parallel,
    )
