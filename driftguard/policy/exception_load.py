"""From a file of exceptions to Exceptions, or to the sentence that says why not. All or nothing."""

from __future__ import annotations

import stat
from pathlib import Path

from pydantic import ValidationError

from driftguard.errors import PolicyError
from driftguard.policy.addresses import Pattern
from driftguard.policy.document import MAX_BYTES, document_of, mapping_of
from driftguard.policy.exception_fields import MOST, ExceptionFields, ExceptionFile
from driftguard.policy.exceptions import Exceptions, RuleException
from driftguard.policy.expiry import end_of
from driftguard.settings.document import Document
from driftguard.settings.telling import sentences

_HOW = "It begins with `exceptions:`; `driftguard exception add` writes one."


def load_exceptions(path: Path) -> Exceptions:
    """Read and check a file of exceptions. Raises PolicyError."""
    return parse_exceptions(read_exception_file(path), str(path))


def read_exception_file(path: Path) -> bytes:
    """Read a bounded regular file. Raises PolicyError."""
    try:
        if path.is_dir():
            raise PolicyError(f"{path} is a folder, not a file of exceptions.")
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe may never end
            raise PolicyError(f"{path} is not a regular file, as a file of exceptions has to be.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PolicyError(f"There is no file of exceptions {path}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is unusable"
        raise PolicyError(f"{path} can't be read: {reason}.") from None
    if len(data) > MAX_BYTES:
        message = f"{path} is larger than {MAX_BYTES // 1024} KiB, too large for exceptions."
        raise PolicyError(message)
    return data


def parse_exceptions(data: bytes, place: str) -> Exceptions:
    """Check the bytes of a file of exceptions; ``place`` is its name in sentences."""
    return checked(document_of(data, place), place)


def checked(document: Document, place: str) -> Exceptions:
    """Check what a document holds. Raises PolicyError, a sentence for each mistake."""
    held = mapping_of(document, place, _HOW)
    if held.get("exceptions", ()) is None:  # the last one was taken out by hand
        held["exceptions"] = []
    _refuse_too_many(document, place)
    try:
        read = ExceptionFile.model_validate(document.value)
    except ValidationError as error:
        raise PolicyError("\n".join(sentences(error, document, place, ExceptionFile))) from None
    _refuse_repeated(read, document, place)
    return Exceptions(
        _exception(one, document.line(("exceptions", index)))
        for index, one in enumerate(read.exceptions)
    )


def _refuse_too_many(document: Document, place: str) -> None:
    found = document.value.get("exceptions") if isinstance(document.value, dict) else None
    if isinstance(found, list) and len(found) > MOST:
        line = document.line(("exceptions", MOST))
        message = f"{place}:{line}: these are more than {MOST:,} exceptions."
        raise PolicyError(message, hint="Prune them, or change the rules.")


def _refuse_repeated(read: ExceptionFile, document: Document, place: str) -> None:
    seen: dict[str, int] = {}
    for index, one in enumerate(read.exceptions):
        line = document.line(("exceptions", index, "id"))
        if one.id in seen:
            message = f"{place}:{line}: the id `{one.id}` is that of line {seen[one.id]} too."
            raise PolicyError(message, hint="Give each exception its own.")
        seen[one.id] = line


def _exception(read: ExceptionFields, line: int) -> RuleException:
    return RuleException(
        id=read.id,
        rules=frozenset(read.rules),
        address=Pattern.of(read.address),
        account=read.account or "",
        region=read.region or "",
        reason=read.reason,
        ticket=read.ticket,
        owner=read.owner,
        approver=read.approver,
        expires=read.expires,
        end=end_of(read.expires),
        line=line,
    )
