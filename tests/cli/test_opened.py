from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from driftguard.cli.opened import Bounded, located
from driftguard.live.reader import Reader
from driftguard.model import Scope, Unreadable

HERE = Scope(account="", region="eu-west-1")
THERE = Scope(account="444455556666", region="eu-west-2")


class Readers:
    """Readers that know an account, or don't, or never say."""

    searches_unmanaged = True

    def __init__(self, account: str | Unreadable | None, gate: threading.Event) -> None:
        self.account = account
        self.gate = gate
        self.asked = 0

    def reader(self, scope: Scope) -> Reader | Unreadable:
        return Unreadable(reason="not here")

    def default_account(self) -> str | Unreadable:
        self.asked += 1
        if self.account is None:
            self.gate.wait(30)
            return "too late"
        return self.account


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What an endpoint that never answers waits for."""
    event = threading.Event()
    yield event
    event.set()


def test_the_account_of_the_credentials_is_asked_for_once(gate: threading.Event):
    readers = Readers("111122223333", gate)
    bounded = Bounded(readers, 5)
    assert ["111122223333"] * 2 == [bounded.default_account(), bounded.default_account()]
    assert 1 == readers.asked


def test_an_endpoint_that_never_answers_does_not_outlast_the_deadline(gate: threading.Event):
    account = Bounded(Readers(None, gate), 0.05).default_account()
    assert isinstance(account, Unreadable)
    assert "deadline of 0.05 s passed" in account.reason
    assert account.retryable


def test_scopes_without_an_account_are_those_of_the_credentials(gate: threading.Event):
    places = located([HERE, THERE], Readers("111122223333", gate))
    mine = Scope(account="111122223333", region="eu-west-1")
    assert ((mine, THERE), ()) == (places.scopes, places.unsearched)


def test_a_region_whose_account_nobody_knows_is_unsearched_and_not_passed_over(
    gate: threading.Event,
):
    places = located([HERE, THERE], Readers(Unreadable(reason="no credentials"), gate))
    assert (THERE,) == places.scopes
    (lost,) = places.unsearched
    assert ("every type in eu-west-1", "no credentials") == (lost.address, lost.reason)


def test_no_account_is_asked_for_where_every_scope_has_its_own(gate: threading.Event):
    readers = Readers("111122223333", gate)
    assert (THERE,) == located([THERE], readers).scopes
    assert 0 == readers.asked
