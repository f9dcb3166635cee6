"""Writes every AWS answer into a folder, so that a scan can be repeated without AWS.

This is how a false positive is reported, so the folder is made to be handed on:
secrets are replaced by digests, account ids stay. ``recorded.py`` tells the format.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import driftguard
from driftguard.errors import LiveError
from driftguard.live.encoding import encoded
from driftguard.live.recorded import (
    FORMAT,
    MANIFEST,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_TOTAL_BYTES,
    VERSION,
    answer_files,
)
from driftguard.live.sensitive import marked
from driftguard.model import NOTHING, Scope
from driftguard.redact import Redactor


class Recorder:
    """One recording, from an empty folder to the manifest's last word. Thread-safe.

    ``folder`` is made where it is not there; an earlier recording in it is
    replaced. ``options`` is kept in the manifest: how the scan was asked for.
    Raises LiveError where the folder can't be used.
    """

    def __init__(
        self, folder: str | Path, redactor: Redactor, *, options: Mapping[str, object] = NOTHING
    ) -> None:
        self._folder = Path(folder)
        self._redactor = redactor
        # What AWS calls sensitive is marked by a redactor of our own: to record a
        # scan must not teach the scan's own redactor, or its report would change.
        self._marks = Redactor()
        self._options = options
        self._lock = threading.Lock()
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._scopes: set[Scope] = set()
        self._bytes = 0
        self._problem = ""
        _prepare(self._folder)
        self._write_manifest(complete=False)

    @property
    def problem(self) -> str:
        """Why the recording lacks something: one sentence, or the empty string."""
        return self._problem

    def answer(
        self,
        scope: Scope,
        service: str,
        operation: str,
        params: Mapping[str, object],
        status_code: int,
        data: Mapping[str, object],
    ) -> None:
        """Write one answer of AWS, an error answer included. Never raises for the folder's sake."""
        kept = {key: inner for key, inner in data.items() if key != "ResponseMetadata"}
        content = {
            "scope": {"account": scope.account, "region": scope.region},
            "service": service,
            "operation": operation,
            "params": encoded(self._redactor.value(params)),
            "status_code": status_code,
            "data": encoded(self._redactor.value(marked(service, operation, kept, self._marks))),
        }
        text = json.dumps(content, indent=1).encode()
        with self._lock:
            if not self._has_room(len(text)):
                return
            self._scopes.add(scope)
            self._bytes += len(text)
            self._numbers[service, operation] += 1
            number = self._numbers[service, operation]
        self._write(f"{service}.{operation}_{number}.json", text)

    def close(self) -> None:
        """Write the manifest's last word; to be called when all answers are in."""
        self._write_manifest(complete=not self._problem)

    def _has_room(self, size: int) -> bool:
        """Tell whether another answer fits; once one did not, the recording is cut there."""
        count = self._numbers.total()
        if size > MAX_FILE_BYTES or self._bytes + size > MAX_TOTAL_BYTES or count >= MAX_FILES:
            self._problem = (
                f"The recording {self._folder} lacks some answers: it reached its bound of "
                f"{MAX_TOTAL_BYTES // 2**30} GiB or {MAX_FILES} answers."
            )
            return False
        return True

    def _write(self, name: str, text: bytes) -> None:
        try:
            _write_whole(self._folder, name, text)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._problem = f"The recording {self._folder} lacks some answers: {why}."

    def _write_manifest(self, *, complete: bool) -> None:
        scopes = [
            {"account": scope.account, "region": scope.region} for scope in sorted(self._scopes)
        ]
        content = {
            "format": FORMAT,
            "version": VERSION,
            "driftguard": driftguard.__version__,
            "complete": complete,
            "options": encoded(self._redactor.value(self._options)),
            "scopes": scopes,
            "answers": self._numbers.total(),
            "problem": self._problem,
        }
        self._write(MANIFEST, json.dumps(content, indent=1).encode())


def _prepare(folder: Path) -> None:
    """Make the folder, or empty one that holds an earlier recording of ours."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
            raise LiveError(
                f"The folder {folder} holds something else than a recording.",
                hint="Give --record a new or empty folder.",
            )
        folder.chmod(0o700)
        for name in (*answer_files(folder), MANIFEST):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise LiveError(
            f"The folder {folder} can't be written to ({why}).",
            hint="Give --record a folder of your own.",
        ) from None


def _write_whole(folder: Path, name: str, text: bytes) -> None:
    """Write a file so that it is there whole or not at all, for its owner alone."""
    part = folder / f".{name}.part"
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(handle, "wb") as file:  # noqa: PTH123  # a handle, not a path
        file.write(text)
    part.replace(folder / name)
