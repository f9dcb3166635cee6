"""A folder of recorded answers: found, bounded and read as something an enemy may have made.

``SERVICE.OPERATION_N.json`` holds ``{"status_code", "data"}``; N counts the calls
of an operation. Our own recorder adds the scope and the parameters to each, and
the manifest ``driftguard-recording.json``; Cloud Custodian's recordings have neither.
"""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from driftguard.errors import LiveError
from driftguard.live.encoding import decoded
from driftguard.model import NOTHING, Scope, Unreadable

MANIFEST = "driftguard-recording.json"
FORMAT = "driftguard-recording"
VERSION = 1

MAX_FILE_BYTES = 64 * 2**20
"""One answer; AWS's longest pages have a few MiB."""
MAX_TOTAL_BYTES = 2 * 2**30
"""All answers of a recording together."""
MAX_FILES = 200_000
ANSWER_FILE = re.compile(
    r"(?P<label>[A-Za-z0-9][A-Za-z0-9.-]{0,63})\.(?P<operation>[A-Za-z0-9]{1,127})"
    r"_(?P<number>[0-9]{1,9})\.json",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded answer; ``failure`` says why a file could not be understood."""

    file: str
    number: int
    status_code: int = 0
    data: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    scope: Scope | None = None
    params: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    failure: Unreadable | None = None

    @property
    def error_code(self) -> str:
        """AWS's error code, or the empty string for an answer that is none."""
        error = self.data.get("Error")
        code = str(error.get("Code") or "") if isinstance(error, Mapping) else ""
        if self.status_code >= 400:  # noqa: PLR2004  # HTTP's first error
            return code or str(self.status_code)
        return code

    @property
    def error_message(self) -> str:
        """AWS's words about the error."""
        error = self.data.get("Error")
        return str(error.get("Message") or "") if isinstance(error, Mapping) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the recorder says of a recording as a whole."""

    driftguard: str = ""
    complete: bool = False
    """Whether the recorder was closed; else its scan was cut short."""
    scopes: tuple[Scope, ...] = ()
    options: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    """How the scan was asked for, so that a replay can ask the same."""


class Folder:
    """The answers of one folder, read when they are asked for. Thread-safe."""

    def __init__(self, path: Path, manifest: Manifest | None) -> None:
        self.path = path
        self.manifest = manifest
        self._names = _index(path)
        self._read: dict[tuple[str, str], tuple[Recorded, ...]] = {}
        self._budget = MAX_TOTAL_BYTES
        self._lock = threading.Lock()

    def operations(self, labels: Iterable[str]) -> frozenset[str]:
        """Return the names of a service's operations that were recorded."""
        wanted = frozenset(labels)
        return frozenset(operation for label, operation in self._names if label in wanted)

    def answers(self, labels: Iterable[str], operation: str) -> tuple[Recorded, ...]:
        """Return the recorded answers of an operation, in the order of the calls."""
        found = [self._answers(label, operation) for label in sorted(labels)]
        return tuple(sorted((one for some in found for one in some), key=lambda one: one.number))

    def _answers(self, label: str, operation: str) -> tuple[Recorded, ...]:
        with self._lock:
            if (label, operation) not in self._read:
                names = self._names.get((label, operation), ())
                self._read[label, operation] = tuple(self._load(*named) for named in names)
            return self._read[label, operation]

    def _load(self, number: int, name: str) -> Recorded:
        try:
            raw = bytes_of(self.path, name, min(MAX_FILE_BYTES, self._budget))
            self._budget -= len(raw)
            return _recorded(name, number, raw)
        except UnusableError as why:
            reason = f"the recording {name} is malformed: {why}"
            return Recorded(file=name, number=number, failure=Unreadable(reason=reason))


class UnusableError(Exception):
    """A file is no recorded answer; the message is the second half of a sentence."""


def _index(folder: Path) -> Mapping[tuple[str, str], tuple[tuple[int, str], ...]]:
    """Return the file names by (label, operation), each with its number, in their order."""
    names: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for match in _matching(folder):
        key = (match["label"].lower(), match["operation"])
        names[key].append((int(match["number"]), match.string))
    return {key: tuple(sorted(found)) for key, found in names.items()}


def answer_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the recorded answers that lie in a folder."""
    return tuple(match.string for match in _matching(folder))


def _matching(folder: Path) -> Iterator[re.Match[str]]:
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            match = ANSWER_FILE.fullmatch(entry.name)
            if match is None:
                continue
            count += 1
            if count > MAX_FILES:
                raise LiveError(f"The recording {folder} has more than {MAX_FILES} files.")
            yield match


def bytes_of(folder: Path, name: str, limit: int) -> bytes:
    """Read a regular file that lies in the folder itself, up to a size. Raises UnusableError."""
    path = folder / name
    if path.resolve().parent != folder:
        raise UnusableError("it leads out of the folder")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123  # a handle, not a path
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnusableError("it is not a file")
            raw = file.read(limit + 1)
    except OSError as error:
        raise UnusableError(error.strerror or "it can't be read") from None
    if len(raw) > limit:
        raise UnusableError(f"it is larger than {limit} bytes")
    return raw


def _recorded(name: str, number: int, raw: bytes) -> Recorded:
    content = json_object(raw)
    status, data = content.get("status_code"), content.get("data")
    if isinstance(status, bool) or not isinstance(status, int) or not isinstance(data, Mapping):
        raise UnusableError("it has no status_code and data")
    params = content.get("params")
    return Recorded(
        file=name,
        number=number,
        status_code=status,
        data={key: inner for key, inner in data.items() if key != "ResponseMetadata"},
        scope=scope_of(content.get("scope")),
        params=params if isinstance(params, Mapping) else {},
    )


def json_object(raw: bytes) -> Mapping[str, object]:
    """Read a JSON object, types of AWS's answers restored. Raises UnusableError."""
    try:
        content = decoded(json.loads(raw))
    except (ValueError, RecursionError):
        raise UnusableError("it isn't the JSON of an answer") from None
    if not isinstance(content, Mapping):
        raise UnusableError("it isn't a JSON object")
    return content


def scope_of(value: object) -> Scope | None:
    """Return the scope that a recording names; None where it names none."""
    if not isinstance(value, Mapping):
        return None
    return Scope(account=str(value.get("account") or ""), region=str(value.get("region") or ""))
