"""States as files: a file, a folder, a glob.

A folder is read recursively: every ``*.tfstate`` below it, ``terraform.tfstate.d``
(the workspaces of a local backend) included, but nothing in ``.terraform`` or
``.git`` and no ``*.backup``. Links to folders are not followed. A glob may use
``*``, ``?``, ``[…]`` and ``**``, and leaves the same out. A file that is named
in full may have any name.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from driftguard.declared.envelope import too_large
from driftguard.declared.place import Fetched, Found, PlaceOptions, Visit
from driftguard.errors import DeclaredError

SUFFIX = ".tfstate"
_SKIPPED_FOLDERS = frozenset({".terraform", ".git"})


def claims(place: str) -> bool:
    """Tell whether this is a path: whatever has no scheme."""
    return "://" not in place


def states(visit: Visit) -> Iterator[Found]:
    """Yield the states at a path; each file that can't be read is an error of its own."""
    path = Path(os.path.expanduser(visit.place))  # noqa: PTH111  # a user nobody has stays a name
    if path.is_dir():
        yield from _files(_in_folder(path, visit.place), visit)
    elif not path.exists() and glob.has_magic(visit.place):
        yield from _files(_matching(str(path), visit.place), visit)
    else:
        yield fetch(path, visit.place, visit.options)


def fetch(path: Path, name: str, options: PlaceOptions) -> Found:
    """Read one file within the size limit."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
            return DeclaredError(f"{name} is not a regular file.", hint="Save the state to a file.")
        with path.open("rb") as file:
            data = file.read(options.max_bytes + 1)
    except OSError as error:
        return _unreadable(name, error)
    if len(data) > options.max_bytes:
        return too_large(name, options.max_bytes)
    return Fetched(name=name, data=data)


def has_states(folder: Path) -> bool:
    """Tell whether any state lies in a folder or below it."""
    return any(isinstance(found, Path) for found in _in_folder(folder, str(folder)))


def _unreadable(name: str, error: OSError) -> DeclaredError:
    if isinstance(error, FileNotFoundError):
        return DeclaredError(f"{name} does not exist.", hint="Check the path.")
    if isinstance(error, PermissionError):
        return DeclaredError(
            f"{name} may not be read: permission denied.", hint="Grant reading it."
        )
    return DeclaredError(f"{name} can't be read: {error.strerror or 'unknown error'}.")


def _files(found: Iterator[Path | DeclaredError], visit: Visit) -> Iterator[Found]:
    for count, one in enumerate(found, start=1):
        if count > visit.options.max_states:
            yield DeclaredError(
                f"{visit.place} holds more than {visit.options.max_states} states.",
                hint="Name the folders you mean.",
            )
            return
        yield one if isinstance(one, DeclaredError) else fetch(one, str(one), visit.options)


def _in_folder(folder: Path, name: str) -> Iterator[Path | DeclaredError]:
    failed: list[OSError] = []
    found = False
    for root, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(set(folders) - _SKIPPED_FOLDERS)
        for file in sorted(files):
            if file.endswith(SUFFIX):
                found = True
                yield Path(root, file)
    yield from (_unreadable(str(error.filename), error) for error in failed)
    if not (found or failed):
        yield DeclaredError(
            f"{name} holds no state: there is no *{SUFFIX} in it or below.",
            hint="Name a folder with states, or a Terraform working directory (terraform:PATH).",
        )


def _matching(pattern: str, name: str) -> Iterator[Path | DeclaredError]:
    paths = [Path(one) for one in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207  # Path.glob takes no absolute pattern
    files = [path for path in paths if path.is_file() and not _is_left_out(path)]
    if not files:
        yield DeclaredError(f"{name} matches no file.", hint="Check the pattern and its quoting.")
    yield from files


def _is_left_out(path: Path) -> bool:
    return path.suffix == ".backup" or not _SKIPPED_FOLDERS.isdisjoint(path.parts)
