"""What ``driftguard exception`` does to a file of exceptions."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import click
from pydantic import ValidationError

from driftguard.cli.edited_file import edit_file
from driftguard.cli.output import write_stdout
from driftguard.cli.run import Exit
from driftguard.cli.source import DEFAULT_FILE
from driftguard.clock import Clock, SystemClock
from driftguard.errors import PolicyError
from driftguard.policy.document import MAX_BYTES, document_of, text_of
from driftguard.policy.exception_fields import ExceptionFields
from driftguard.policy.exception_load import (
    checked,
    load_exceptions,
    parse_exceptions,
    read_exception_file,
)
from driftguard.policy.exception_text import with_exception, without_exceptions
from driftguard.policy.exceptions import Exceptions
from driftguard.policy.expiry import end_of
from driftguard.report.exceptions import render_exceptions, render_exceptions_json
from driftguard.report.layout import plural
from driftguard.settings.document import Document
from driftguard.settings.load import load_settings
from driftguard.settings.telling import sentences

USUAL = "exceptions.yaml"
_DAYS = re.compile(r"([1-9][0-9]{0,3})d", re.ASCII)
_NUMBERED = re.compile(r"EXC-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionJob:
    """One run of ``driftguard exception`` on one file."""

    file: Path
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def of(cls, config: str | None, file: str | None) -> ExceptionJob:
        """Find the file of exceptions. Raises SettingsError, UsageError for an empty name."""
        for name, value in (("--file", file), ("--config", config)):
            if value is not None and (not value.strip() or "\0" in value):
                raise click.UsageError(f"{name} is given, but is no name of a file.")
        if file is not None:
            return cls(file=Path(file))
        settings = Path(config or DEFAULT_FILE)
        if config is None and not settings.exists():
            return cls(file=Path(USUAL))
        named = load_settings(settings).policy.exceptions
        return cls(file=settings.parent / (named or USUAL))

    def add(self, values: Mapping[str, object]) -> int:
        """Add an exception. Raises UsageError for values that can't be."""
        entry = _entry(values, self.clock.now())
        added: list[str] = []

        def edit(text: str) -> str:
            known = (
                parse_exceptions(text.encode(), str(self.file)) if text.strip() else Exceptions()
            )
            whole = {"id": str(values.get("name") or _next_id(known)), **entry}
            _check(whole)
            if whole["id"] in {one.id for one in known.all}:
                raise click.UsageError(f"--id: {self.file} has an exception {whole['id']} already.")
            added.append(str(whole["id"]))
            return with_exception(text, whole, str(self.file))

        self._edit(edit)
        write_stdout(f"Added {added[-1]} to {self.file}; it expires on {entry['expires']}.\n")
        return int(Exit.CLEAN)

    def list(self, states: Collection[str], *, as_json: bool) -> int:
        """Print the exceptions that stand in one of some states, or all."""
        exceptions = load_exceptions(self.file)
        tally = exceptions.tally(self.clock.now())
        told = [
            (one, state)
            for one, state in zip(exceptions.all, tally, strict=True)
            if not states or state.state in states
        ]
        write_stdout(render_exceptions_json(told) if as_json else render_exceptions(told))
        return int(Exit.CLEAN)

    def prune(self, *, dry_run: bool) -> int:
        """Take the expired exceptions out of the file."""
        loaded = _expired(load_exceptions(self.file), self.clock.now())
        gone = loaded if dry_run else self._pruned()
        verb = "Would take" if dry_run else "Took"
        lines = [f"{verb} {one} out of {self.file}: {why}." for one, why in gone.items()]
        lines.append(f"{plural(len(gone), 'expired exception')}.")
        write_stdout("\n".join(lines) + "\n")
        return int(Exit.CLEAN)

    def _pruned(self) -> Mapping[str, str]:
        gone: dict[str, str] = {}

        def edit(text: str) -> str:
            known = parse_exceptions(text.encode(), str(self.file))
            gone.update(_expired(known, self.clock.now()))
            return without_exceptions(text, gone, str(self.file))

        self._edit(edit)
        return gone

    def _known(self, text: str) -> Exceptions:
        document = document_of(text.encode(), str(self.file))
        return Exceptions() if document.value is None else checked(document, str(self.file))

    def _edit(self, edit: Callable[[str], str]) -> None:
        def edited(data: bytes) -> bytes:
            mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
            made = mark + edit(text_of(data, str(self.file))).encode()
            if len(made) > MAX_BYTES:
                raise PolicyError(f"{self.file} would be larger than {MAX_BYTES // 1024} KiB.")
            return made

        edit_file(self.file, edited, read=read_exception_file)


def _entry(values: Mapping[str, object], now: datetime) -> dict[str, object]:
    """Return what was given as an exception's keys, in the order of the reference."""
    given = {"rules": [*cast("Sequence[str]", values["rules"])]}
    names = ("address", "account", "region", "reason", "ticket", "owner", "approver")
    texts = {name: str(values[name]) for name in names if values.get(name) is not None}
    return {**given, **texts, "expires": _expires(str(values["expires"]), now)}


def _expires(text: str, now: datetime) -> str:
    """Return the end of an exception. Raises UsageError for one that is none, or has passed."""
    days = _DAYS.fullmatch(text)
    if days is not None:
        text = (now + timedelta(days=int(days[1]))).date().isoformat()
    end = end_of(text)
    if end is None:
        raise click.UsageError("--expires: expected a date such as 2026-12-31, or 30d.")
    if end < now:
        raise click.UsageError(f"--expires: {text} has passed.")
    return text


def _check(entry: Mapping[str, object]) -> None:
    """Refuse what could not stand in the file. Raises UsageError, which names the option."""
    for name, value in entry.items():
        for text in value if isinstance(value, list) else [str(value)]:
            if not str(text).isprintable():
                option = _OPTIONS.get(name, name)
                raise click.UsageError(f"--{option} holds a character that can't be shown.")
    try:
        ExceptionFields.model_validate(entry)
    except ValidationError as error:
        told = sentences(error, Document(value=entry, lines={}), "", ExceptionFields)[0]
        name, _, rest = told.partition(": ")[2].replace("`", "").partition(":")
        option = _OPTIONS.get(name.partition("[")[0], name.partition("[")[0])
        raise click.UsageError(f"--{option}:{rest}") from None


_OPTIONS = {"rules": "rule"}


def _next_id(known: Exceptions) -> str:
    numbers = [int(found[1]) for one in known.all if (found := _NUMBERED.fullmatch(one.id))]
    return f"EXC-{max(numbers, default=0) + 1:04}"


def _expired(exceptions: Exceptions, now: datetime) -> Mapping[str, str]:
    """Return the expired exceptions, each with how one knows."""
    return {
        one.id: "its date can't be read" if one.end is None else f"it expired on {one.expires}"
        for one in exceptions.all
        if not one.counts(now)
    }
