"""Where a recording lies: found in a folder or below it, with what it says of itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from driftguard.errors import LiveError
from driftguard.live.recorded import (
    ANSWER_FILE,
    FORMAT,
    MANIFEST,
    MAX_FILE_BYTES,
    VERSION,
    Folder,
    Manifest,
    UnusableError,
    bytes_of,
    json_object,
    scope_of,
)

_SEARCH_DEPTH = 4
_SEARCH_FOLDERS = 1000


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
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a null byte
        why = getattr(error, "strerror", None) or type(error).__name__
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
            if entry.name == MANIFEST or ANSWER_FILE.fullmatch(entry.name):
                return [], True
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
    return sorted(folders), False


def _manifest(folder: Path) -> Manifest | None:
    """Return what the recorder wrote of the whole; None for a recording of another make."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        content = json_object(bytes_of(folder, MANIFEST, MAX_FILE_BYTES))
    except UnusableError as why:
        raise LiveError(f"The recording {folder} has a broken {MANIFEST}: {why}.") from None
    if content.get("format") != FORMAT or not isinstance(content.get("version"), int):
        raise LiveError(f"The file {MANIFEST} of {folder} isn't a recording's manifest.")
    if content["version"] != VERSION:
        raise LiveError(
            f"The recording {folder} was made by a DriftGuard with another format.",
            hint=f"This one reads format {VERSION}: replay it with the version that made it.",
        )
    scopes, options = content.get("scopes"), content.get("options")
    found = [scope_of(one) for one in scopes] if isinstance(scopes, list) else []
    return Manifest(
        driftguard=str(content.get("driftguard") or ""),
        complete=content.get("complete") is True,
        scopes=tuple(one for one in found if one is not None),
        options=options if isinstance(options, Mapping) else {},
    )
