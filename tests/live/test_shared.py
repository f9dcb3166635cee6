"""A bulk question is asked once per scope and look, whoever asks and however many at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from driftguard.live.reader import Pages, Reader
from driftguard.live.shared import SharedReaders
from driftguard.model import Scope, Unreadable

SCOPE = Scope(account="111122223333", region="eu-west-1")
OTHER = Scope(account="111122223333", region="us-east-1")


@dataclass(kw_only=True)
class Slow:
    """Readers that count what they are asked and answer when they are let."""

    asked: list[tuple[Scope, str, str]] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    scope: Scope = SCOPE

    searches_unmanaged = True
    partition = "aws"

    def default_account(self) -> str:
        return self.scope.account

    def reader(self, scope: Scope) -> Reader | Unreadable:
        if scope.account != SCOPE.account:
            return Unreadable(reason="no way in")
        return Slow(asked=self.asked, go=self.go, error=self.error, scope=scope)  # type: ignore[return-value]  # only pages is asked

    def pages(self, service: str, operation: str, key: str, params: Mapping[str, object]) -> Pages:
        assert self.go.wait(timeout=10)
        self.asked.append((self.scope, operation, repr(params)))
        if self.error is not None:
            raise self.error
        return Pages(items=({"Id": operation},))


def volumes(readers: SharedReaders, scope: Scope = SCOPE, **params: object) -> Pages:
    reader = readers.reader(scope)
    assert not isinstance(reader, Unreadable)
    return reader.pages("ec2", "DescribeVolumes", "Volumes", params)


def test_many_who_ask_at_once_get_the_one_answer():
    slow = Slow()
    readers = SharedReaders(slow)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(volumes, readers) for _ in range(8)]
        slow.go.set()
        answers = [one.result(timeout=10) for one in asked]
    assert 1 == len(slow.asked)
    assert all(answer is answers[0] for answer in answers)


def test_other_parameters_and_other_scopes_are_other_questions():
    slow = Slow()
    slow.go.set()
    readers = SharedReaders(slow)
    for params in ({}, {"MaxResults": 5}, {"MaxResults": 5}):
        volumes(readers, **params)
    volumes(readers, OTHER)
    assert [(SCOPE, "{}"), (SCOPE, "{'MaxResults': 5}"), (OTHER, "{}")] == [
        (scope, params) for scope, _, params in slow.asked
    ]


def test_what_breaks_the_first_who_asks_breaks_all_and_hangs_nobody():
    slow = Slow(error=RuntimeError("broken"))
    slow.go.set()
    readers = SharedReaders(slow)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            volumes(readers)
    assert 1 == len(slow.asked)


def test_a_scope_without_a_reader_stays_unreadable():
    found = SharedReaders(Slow()).reader(Scope(account="999999999999", region="eu-west-1"))
    assert Unreadable(reason="no way in") == found
