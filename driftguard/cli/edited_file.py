"""A file that somebody else may be editing too: changed whole, or not at all.

Two runs of ours take turns by a lock on the folder. An editor knows no locks, so
the file is looked at again right before its successor takes its place.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from driftguard.errors import DriftGuardError

Edit = Callable[[bytes], bytes]


def edit_file(path: Path, edit: Edit, *, read: Callable[[Path], bytes]) -> bool:
    """Replace a file by its edited self, and tell whether that changed anything.

    A file that is not there is empty, and made. ``read`` is bounded. Raises
    DriftGuardError, and then the file is as it was.
    """
    with _alone(path):
        try:
            _refuse_unwritable(path)
            there = path.exists()
        except OSError as error:  # a name too long, a folder that may not be entered
            raise _unwritable(path, error) from None
        before = read(path) if there else b""
        after = edit(before)
        if there and after == before:
            return False
        _replace(path, before, after, read)
        return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder's lock, which no other run of ours then gets."""
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DriftGuardError(f"There is no folder {path.parent} for {path.name}.") from None
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        message = f"Another run of DriftGuard is editing {path}; nothing was changed."
        raise DriftGuardError(message, hint="Try again when it has ended.") from None
    finally:
        os.close(folder)  # lets go of the lock


def _refuse_unwritable(path: Path) -> None:
    if path.is_symlink():
        message = f"{path} is a symbolic link, and would be replaced by a file."
        hint = f"Name the file it leads to, {path.resolve()}." if path.exists() else ""
        raise DriftGuardError(message, hint=hint)
    if not path.exists():
        return
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) and (not mode & 0o222 or not os.access(path, os.W_OK)):
        message = f"{path} is read-only; nothing was changed."
        raise DriftGuardError(message, hint="Make it writable, or edit the file it is made from.")


def _replace(path: Path, before: bytes, after: bytes, read: Callable[[Path], bytes]) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    beside = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123  # a handle, not a path
            _keep_owner(path, handle)
            file.write(after)
            file.flush()
            os.fsync(handle)
        if (read(path) if path.exists() else b"") != before:
            message = f"{path} was changed by somebody else meanwhile; it was left as it is now."
            raise DriftGuardError(message, hint="Run the command again.")
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _keep_owner(path: Path, handle: int) -> None:
    """Give the new file the old one's mode and owner; a new one is like any other new file."""
    try:
        old = path.stat()
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    with contextlib.suppress(PermissionError):  # only root gives files away
        os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _unwritable(path: Path, error: Exception) -> DriftGuardError:
    reason = getattr(error, "strerror", None) or "its name is unusable"
    return DriftGuardError(f"{path} can't be written: {reason}; nothing was changed.")
