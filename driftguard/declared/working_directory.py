"""A Terraform working directory, whose state is pulled from its backend, whatever that is.

``terraform:PATH`` and ``tofu:PATH`` name one and the binary. A plain folder is
one where it holds ``*.tf``, ``*.tofu`` or ``.terraform/`` and either its backend
is not the local one or no ``*.tfstate`` lies in it or below: states that lie in
the folder itself are read as files, which needs no binary. The directory must
be initialised; the state of its selected workspace is read. Nothing is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from driftguard.declared import file
from driftguard.declared.place import Fetched, Found, Visit
from driftguard.errors import DeclaredError
from driftguard.terraform.runner import BINARIES, SafeTerraform, environment, find_binary

_MAX_RECORD = 1024 * 1024
_LOCK_FILE = ".terraform.lock.hcl"


def claims(place: str) -> bool:
    """Tell whether this names a working directory, or is a folder that is one."""
    if place.startswith(tuple(f"{binary}:" for binary in BINARIES)):
        return True
    folder = _at_home(place)
    if "://" in place or not folder.is_dir() or not _is_configuration(folder):
        return False
    return _backend(folder) not in ("", "local") or not file.has_states(folder)


def states(visit: Visit) -> Iterator[Found]:
    """Yield the one state that the working directory's backend has. Raises TerraformError."""
    binary, folder = _parsed(visit.place)
    if visit.place.endswith(":") or not folder.is_dir():
        raise DeclaredError(f"{visit.place} is not a directory.", hint="Check the path.")
    terraform = SafeTerraform(
        folder,
        binary=find_binary(*_wanted(binary, folder, visit.options.terraform)),
        env=environment(os.environ, visit.access.environment),
        limits=visit.options.terraform_limits,
        clock=visit.clock,
    )
    data = terraform.finished("state pull").out
    if not data.strip():
        raise DeclaredError(
            f"{visit.place} has no state yet.", hint="Apply its configuration, or leave it out."
        )
    yield Fetched(name=visit.place, data=data, note=_workspace_note(folder, visit.place))


def _parsed(place: str) -> tuple[str, Path]:
    for binary in BINARIES:
        if place.startswith(f"{binary}:"):
            return binary, _at_home(place.removeprefix(f"{binary}:"))
    return "", _at_home(place)


def _at_home(place: str) -> Path:
    """Write ``~`` out; a user nobody has stays a name, which does not exist."""
    return Path(os.path.expanduser(place))  # noqa: PTH111  # Path's raises


def _wanted(binary: str, folder: Path, option: str) -> tuple[str, ...]:
    """Return the binaries that will do, the best first: who made the lock file knows it."""
    if binary:
        return (option,) if Path(option).name == binary else (binary,)
    if option:
        return (option,)
    made_by_tofu = b"registry.opentofu.org" in _start_of(folder / _LOCK_FILE)
    return tuple(reversed(BINARIES)) if made_by_tofu else BINARIES


def _is_configuration(folder: Path) -> bool:
    if (folder / ".terraform").is_dir():
        return True
    endings = (".tf", ".tofu", ".tf.json", ".tofu.json")
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(endings) for entry in entries)
    except OSError:
        return False


def _backend(folder: Path) -> str:
    """Return the type of the backend that the directory was initialised for, or ``""``."""
    try:
        record = json.loads(_start_of(folder / ".terraform" / "terraform.tfstate"))
        return str(record["backend"]["type"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""


def _workspace_note(folder: Path, place: str) -> str:
    selected = os.environ.get("TF_WORKSPACE") or _start_of(
        folder / ".terraform" / "environment"
    ).decode("utf-8", "replace")
    workspace = selected.strip()
    if workspace in ("", "default"):
        return ""
    return f"{place} was read in its selected workspace, {workspace[:90]!r}; others were not read."


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(_MAX_RECORD)
    except OSError:
        return b""
