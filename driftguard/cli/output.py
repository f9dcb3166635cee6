"""Where a report goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from driftguard.cli.signals import silence
from driftguard.errors import DriftGuardError

_ASCII = str.maketrans({"→": "->", "…": "..."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that is going to be replaced, once what stands beside it is written."""

    path: Path
    beside: Path | None
    """The file that is written first; None where the path is no ordinary file (a pipe)."""

    def write(self, text: str) -> None:
        """Put the text in the file's place, whole. Raises DriftGuardError."""
        data = text.encode("utf-8", "backslashreplace")
        try:
            if self.beside is None:
                self.path.write_bytes(data)
                return
            with self.beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self.beside.replace(self.path)
        except BrokenPipeError:
            return
        except OSError as error:
            raise _unwritable(self.path, error) from None


@contextmanager
def output_file(path: str, *, option: str) -> Iterator[Output]:
    """Prove that a file can be written, before the work whose result it is to take.

    ``option`` is named where it can't. Nothing is left behind but the file itself.
    """
    target = Path(os.path.realpath(path))
    beside = _opened(target, option)
    try:
        yield Output(path=target, beside=beside)
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink()


def _opened(target: Path, option: str) -> Path | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | (0o666 & ~_umask())
    except OSError as error:
        raise _unwritable(target, error, option) from None
    if stat.S_ISDIR(mode):
        message = f"{target} ({option}) is a folder."
        raise DriftGuardError(message, hint="Name a file in it.")
    if not stat.S_ISREG(mode):
        return None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.fchmod(descriptor, stat.S_IMODE(mode))
        os.close(descriptor)
    except FileNotFoundError:
        message = f"There is no folder {target.parent} for {option}."
        raise DriftGuardError(message, hint="Make it, or name another file.") from None
    except OSError as error:
        raise _unwritable(target, error, option) from None
    return Path(name)


def _unwritable(path: Path, error: OSError, option: str = "") -> DriftGuardError:
    name = f"{path} ({option})" if option else str(path)
    return DriftGuardError(f"{name} can't be written: {error.strerror or error}.")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def write_stdout(text: str) -> None:
    """Write to standard output; quietly stop where nobody reads it any more.

    A terminal that can't show an arrow gets ``->``. Raises DriftGuardError
    where the output can't be written for another reason (a full disk).
    """
    stream = sys.stdout
    try:
        stream.write(_encodable(text, stream))
        stream.flush()
    except BrokenPipeError:
        silence(stream.fileno())
    except OSError as error:
        silence(stream.fileno())
        message = f"Standard output can't be written: {error.strerror or error}."
        raise DriftGuardError(message) from None


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """How standard output is written on."""

    width: int
    colour: bool


_UNKNOWN_WIDTH = 100
"""Columns where the output is no terminal and COLUMNS does not say."""
_WIDEST = 500


def terminal(*, colour: bool = True, to_file: bool = False) -> Terminal:
    """Return the width and whether colours are wanted: on a terminal, unless told otherwise.

    https://no-color.org/
    """
    import shutil  # noqa: PLC0415  # not needed for --version

    shown = sys.stdout.isatty() and not to_file
    width = (
        shutil.get_terminal_size((_UNKNOWN_WIDTH, 24)).columns if not to_file else _UNKNOWN_WIDTH
    )
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Terminal(width=min(width, _WIDEST), colour=colour and shown and not plain)
