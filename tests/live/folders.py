"""Folders of recorded answers, made by hand for the tests of the replay."""

from __future__ import annotations

import json
from pathlib import Path

from driftguard.live.reader import Answer, Pages, Reader
from driftguard.live.replay import ReplayReaders
from driftguard.model import Scope, Unreadable

SCOPE = Scope(account="123456789012", region="eu-west-1")


def record(folder: Path, name: str, data: object, status: int = 200) -> None:
    """Write one answer as Cloud Custodian does."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"status_code": status, "data": data}
    (folder / f"{name}.json").write_text(json.dumps(content))


def reader(folder: Path, scope: Scope = SCOPE) -> Reader:
    """Open a recording for one scope."""
    found = ReplayReaders(folder).reader(scope)
    assert not isinstance(found, Unreadable)
    return found


def reason(answer: Answer | Pages) -> str:
    """Say why an answer is unknown."""
    failure = answer.failure if isinstance(answer, Pages) else answer
    assert isinstance(failure, Unreadable)
    return failure.reason
