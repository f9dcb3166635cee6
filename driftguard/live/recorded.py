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
_SEARCH_DEPTH = 4
_SEARCH_FOLDERS = 1000
_FILE = re.compile(
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
            raw = _bytes_of(self.path, name, min(MAX_FILE_BYTES, self._budget))
            self._budget -= len(raw)
            return _recorded(name, number, raw)
        except _UnusableError as why:
            reason = f"the recording {name} is malformed: {why}"
            return Recorded(file=name, number=number, failure=Unreadable(reason=reason))


class _UnusableError(Exception):
    """A file is no recorded answer; the message is the second half of a sentence."""


def open_folder(place: str | Path) -> Folder:
    """Return the recording in a folder, or in the one folder below it that holds one.

    Raises LiveError where there is none, or more than one.
    """
    root = Path(place)
    found: list[Path] = []
    try:
        found = _recordings_below(root.resolve(strict=True))
        if len(found) == 1:
            return Folder(found[0], _manifest(found[0]))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise LiveError(
            f"The recording {place} can't be read ({why}).",
            hint="Give the folder that --record wrote.",
        ) from None
    if not found:
        raise LiveError(
            f"The folder {place} holds no recording.",
            hint="Give the folder that --record wrote, or one with SERVICE.OPERATION_N.json files.",
        )
    some = ", ".join(str(one.relative_to(root.resolve())) for one in found[:3])
    raise LiveError(
        f"The folder {place} holds {len(found)} recordings, and one scan replays one.",
        hint=f"Give one of them: {some}{', …' if len(found) > 3 else '.'}",  # noqa: PLR2004
    )


def _recordings_below(root: Path) -> list[Path]:
    """Return the folders with recorded answers, not looking below one that has some."""
    if not root.is_dir():
        raise NotADirectoryError(0, "it is not a folder")
    level, seen = [root], 0
    found: list[Path] = []
    for _ in range(_SEARCH_DEPTH):
        following: list[Path] = []
        for folder in level:
            seen += 1
            if seen > _SEARCH_FOLDERS:
                return sorted(found)
            folders, is_recording = _look(folder)
            if is_recording:
                found.append(folder)
            else:
                following += folders
        level = following
    return sorted(found)


def _look(folder: Path) -> tuple[list[Path], bool]:
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == MANIFEST or _FILE.fullmatch(entry.name):
                return [], True
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
    return sorted(folders), False


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
            match = _FILE.fullmatch(entry.name)
            if match is None:
                continue
            count += 1
            if count > MAX_FILES:
                raise LiveError(f"The recording {folder} has more than {MAX_FILES} files.")
            yield match


def _bytes_of(folder: Path, name: str, limit: int) -> bytes:
    """Read a regular file that lies in the folder itself, up to a size."""
    path = folder / name
    if path.resolve().parent != folder:
        raise _UnusableError("it leads out of the folder")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123  # a handle, not a path
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _UnusableError("it is not a file")
            raw = file.read(limit + 1)
    except OSError as error:
        raise _UnusableError(error.strerror or "it can't be read") from None
    if len(raw) > limit:
        raise _UnusableError(f"it is larger than {limit} bytes")
    return raw


def _recorded(name: str, number: int, raw: bytes) -> Recorded:
    content = _mapping(raw)
    status, data = content.get("status_code"), content.get("data")
    if isinstance(status, bool) or not isinstance(status, int) or not isinstance(data, Mapping):
        raise _UnusableError("it has no status_code and data")
    params = content.get("params")
    return Recorded(
        file=name,
        number=number,
        status_code=status,
        data={key: inner for key, inner in data.items() if key != "ResponseMetadata"},
        scope=_scope(content.get("scope")),
        params=params if isinstance(params, Mapping) else {},
    )


def _mapping(raw: bytes) -> Mapping[str, object]:
    try:
        content = decoded(json.loads(raw))
    except (ValueError, RecursionError):
        raise _UnusableError("it isn't the JSON of an answer") from None
    if not isinstance(content, Mapping):
        raise _UnusableError("it isn't a JSON object")
    return content


def _scope(value: object) -> Scope | None:
    if not isinstance(value, Mapping):
        return None
    return Scope(account=str(value.get("account") or ""), region=str(value.get("region") or ""))


def _manifest(folder: Path) -> Manifest | None:
    """Return what the recorder wrote of the whole; None for a recording of another make."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        content = _mapping(_bytes_of(folder, MANIFEST, MAX_FILE_BYTES))
    except _UnusableError as why:
        raise LiveError(f"The recording {folder} has a broken {MANIFEST}: {why}.") from None
    if content.get("format") != FORMAT or not isinstance(content.get("version"), int):
        raise LiveError(f"The file {MANIFEST} of {folder} isn't a recording's manifest.")
    if content["version"] != VERSION:
        raise LiveError(
            f"The recording {folder} was made by a DriftGuard with another format.",
            hint=f"This one reads format {VERSION}: replay it with the version that made it.",
        )
    scopes, options = content.get("scopes"), content.get("options")
    found = [_scope(one) for one in scopes] if isinstance(scopes, list) else []
    return Manifest(
        driftguard=str(content.get("driftguard") or ""),
        complete=content.get("complete") is True,
        scopes=tuple(one for one in found if one is not None),
        options=options if isinstance(options, Mapping) else {},
    )
