"""From a file to Settings, or to the sentence that says why not."""

from __future__ import annotations

import stat
from pathlib import Path

from pydantic import ValidationError

from driftguard.errors import SettingsError
from driftguard.settings.document import Document, parse_document
from driftguard.settings.fields import Settings, repeated
from driftguard.settings.telling import sentences

MAX_BYTES = 256 * 1024
"""Of a configuration file; a thousand stacks fit in half of it."""

SMALLEST = "The smallest one is `version: 1` and a stack with `name` and `state`."


def load_settings(path: Path) -> Settings:
    """Read and check a configuration file. Raises SettingsError."""
    try:
        if not (path.is_dir() or stat.S_ISREG(path.stat().st_mode)):  # a pipe may never end
            message = f"{path} is not a regular file."
            raise SettingsError(message, hint="Save the configuration to a file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError(f"There is no configuration file {path}.") from None
    except IsADirectoryError:
        message = f"{path} is a folder, not a configuration file."
        raise SettingsError(message, hint=f"Did you mean {path / 'driftguard.yaml'}?") from None
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror or error}.") from None
    return parse_settings(data, str(path))


def parse_settings(data: bytes, place: str) -> Settings:
    """Check the bytes of a configuration file; ``place`` is its name in sentences."""
    if len(data) > MAX_BYTES:
        message = f"{place} is larger than {MAX_BYTES // 1024} KiB, too large for a configuration."
        raise SettingsError(message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"{place}:{line}: this is not UTF-8 text."
        raise SettingsError(message, hint="Save the file as UTF-8.") from None
    document = parse_document(text, place)
    if document.value is None:
        raise SettingsError(f"{place} is empty.", hint=SMALLEST)
    if not isinstance(document.value, dict):
        raise SettingsError(f"{place} does not hold keys and values.", hint=SMALLEST)
    return _checked(document, place)


def _checked(document: Document, place: str) -> Settings:
    try:
        settings = Settings.model_validate(document.value)
    except ValidationError as error:
        raise SettingsError("\n".join(sentences(error, document, place))) from None
    _refuse_repeated("stacks", [one.name for one in settings.stacks], document, place)
    accounts = [one.account for one in settings.accounts]
    _refuse_repeated("accounts", accounts, document, place)
    return settings


def _refuse_repeated(key: str, names: list[str], document: Document, place: str) -> None:
    twice = repeated(names)
    if twice is not None:
        first = names.index(twice)
        again = names.index(twice, first + 1)
        line = document.line((key, again))
        message = f"{place}:{line}: `{key}[{again}]` has the same name as `{key}[{first}]`."
        raise SettingsError(message, hint="Each may stand there once.")
