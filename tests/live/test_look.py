from __future__ import annotations

import builtins
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from driftguard.errors import LiveError
from driftguard.live.look import LiveView, look
from driftguard.live.progress import Part
from driftguard.live.reader import Listing, Reader, Wanted
from driftguard.model import Absent, Item, Scope, Unreadable
from tests.live.clocks import FakeClock

SCOPE = Scope(account="111111111111", region="eu-west-1")
OTHER = Scope(account="222222222222", region="eu-west-1")

Read = Callable[[Reader, Wanted], Listing]


class Things:
    """A collection that reads as it is told."""

    name = "test.things"
    is_global = False
    permissions = ()

    def __init__(self, read: Read) -> None:
        self._read = read

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        return self._read(reader, wanted)


class Anyone:
    """Readers that nobody asks anything."""

    searches_unmanaged = True

    def reader(self, scope: Scope) -> Reader:
        return None  # type: ignore[return-value]

    def default_account(self) -> str:
        return SCOPE.account


def listing_of(*ids: str, failure: Unreadable | None = None) -> Listing:
    return Listing(items={one: Item(id=one, raw={}) for one in ids}, failure=failure)


def looked(read: Read, *, readers: object = None, **how: object) -> LiveView:
    return look(
        {("test.things", SCOPE): frozenset({"a"})},
        readers or Anyone(),  # type: ignore[arg-type]
        collections={"test.things": Things(read)},
        **how,  # type: ignore[arg-type]
    )


def found(view: LiveView, one: str = "a") -> Item | Absent | Unreadable:
    return view.find("test.things", SCOPE, one)


def test_what_is_listed_is_found_and_what_is_not_is_absent() -> None:
    view = looked(lambda reader, wanted: listing_of("a"))

    assert Item(id="a", raw={}) == found(view)
    assert Absent(id="b") == found(view, "b")


def test_a_failed_list_has_what_came_and_knows_nothing_of_the_rest() -> None:
    why = Unreadable(reason="throttled", retryable=True)
    view = looked(lambda reader, wanted: listing_of("a", failure=why))

    assert Item(id="a", raw={}) == found(view)
    assert why == found(view, "b")


def test_what_aws_said_is_not_there_is_absent_though_the_list_failed() -> None:
    why = Unreadable(reason="access denied")
    listing = Listing(failure=why, absent=frozenset({"a"}))
    view = looked(lambda reader, wanted: listing)

    assert Absent(id="a") == found(view)
    assert why == found(view, "b")


def test_a_collection_gets_the_declared_ids() -> None:
    wanted: list[Wanted] = []
    looked(lambda reader, asked: wanted.append(asked) or listing_of())

    assert [Wanted(ids=frozenset({"a"}))] == wanted


@pytest.mark.parametrize("collection", ["test.things", "test.unheard_of"])
def test_what_was_not_read_is_unreadable(collection: str) -> None:
    view = look({(collection, SCOPE): frozenset()}, Anyone(), collections={})

    assert isinstance(view.find(collection, SCOPE, "a"), Unreadable)
    assert isinstance(view.find(collection, OTHER, "a"), Unreadable)


ERRORS = [
    one
    for one in vars(builtins).values()
    if isinstance(one, type) and issubclass(one, BaseException)
]


@settings(deadline=None)
@given(kind=st.sampled_from(ERRORS), words=st.text())
def test_whatever_a_collection_raises_its_ids_are_unreadable(
    kind: type[BaseException], words: str
) -> None:
    def read(reader: Reader, wanted: Wanted) -> Listing:
        try:
            error = kind(words)
        except TypeError:  # some take other arguments, UnicodeDecodeError five
            error = LiveError(words)
        raise error

    why = found(looked(read))

    assert isinstance(why, Unreadable)
    assert why.reason.isprintable()


@pytest.mark.parametrize("result", [None, 5, [], Listing(items=None)])  # type: ignore[arg-type]
def test_a_collection_that_returns_no_listing_is_unreadable(result: object) -> None:
    assert isinstance(found(looked(lambda reader, wanted: result)), Unreadable)  # type: ignore[arg-type,return-value]


def test_a_collection_that_stumbles_quotes_nothing_of_what_it_read() -> None:
    def read(reader: Reader, wanted: Wanted) -> Listing:
        raise KeyError("hunter2")

    why = found(looked(read))

    assert isinstance(why, Unreadable)
    assert "the answers for test.things could not be understood (KeyError" in why.reason
    assert "hunter2" not in why.reason


def test_a_reader_that_can_t_be_had_makes_its_scope_unreadable_and_no_other() -> None:
    why = Unreadable(reason="no way in")

    class OneDoorShut(Anyone):
        def reader(self, scope: Scope) -> Reader:
            if scope == OTHER:
                return why  # type: ignore[return-value]
            return super().reader(scope)

    things = Things(lambda reader, wanted: listing_of("a"))
    parts = {("test.things", scope): frozenset[str]() for scope in (SCOPE, OTHER)}
    view = look(parts, OneDoorShut(), collections={"test.things": things})

    assert isinstance(found(view), Item)
    assert why == view.find("test.things", OTHER, "a")


def test_readers_that_raise_sink_only_their_own_scope() -> None:
    class Broken(Anyone):
        def reader(self, scope: Scope) -> Reader:
            raise RuntimeError

    assert isinstance(
        found(looked(lambda reader, wanted: listing_of(), readers=Broken())), Unreadable
    )


def test_parts_are_read_at_the_same_time_and_each_once() -> None:
    together = threading.Barrier(8, timeout=5)
    count: list[int] = []

    def read(reader: Reader, wanted: Wanted) -> Listing:
        count.append(together.wait())
        return listing_of("a")

    scopes = [Scope(account=str(number), region="eu-west-1") for number in range(8)]
    view = look(
        {("test.things", scope): frozenset() for scope in scopes},
        Anyone(),
        collections={"test.things": Things(read)},
        parallel=8,
    )

    assert list(range(8)) == sorted(count)
    assert all(isinstance(view.find("test.things", scope, "a"), Item) for scope in scopes)


def test_no_more_parts_are_read_at_a_time_than_asked_for() -> None:
    at_work, most, lock = [0], [0], threading.Lock()

    def read(reader: Reader, wanted: Wanted) -> Listing:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        threading.Event().wait(0.01)
        with lock:
            at_work[0] -= 1
        return listing_of()

    scopes = [Scope(account=str(number), region="eu-west-1") for number in range(12)]
    look(
        {("test.things", scope): frozenset() for scope in scopes},
        Anyone(),
        collections={"test.things": Things(read)},
        parallel=3,
    )

    assert 3 >= most[0]


def test_what_hangs_past_the_deadline_is_unreadable_and_late_answers_stay_out() -> None:
    released = threading.Event()
    finished = threading.Event()

    def read(reader: Reader, wanted: Wanted) -> Listing:
        if wanted.ids:
            released.wait(10)
            finished.set()
        return listing_of("a")

    view = look(
        {("test.things", SCOPE): frozenset({"a"}), ("test.things", OTHER): frozenset()},
        Anyone(),
        collections={"test.things": Things(read)},
        deadline=0.3,
    )
    released.set()
    finished.wait(10)

    late = Unreadable(
        reason="the scan's deadline of 0.3 s passed before it was read", retryable=True
    )
    assert late == found(view)
    assert isinstance(view.find("test.things", OTHER, "a"), Item)


def test_after_the_deadline_nothing_more_is_begun() -> None:
    begun: list[int] = []
    released = threading.Event()

    def read(reader: Reader, wanted: Wanted) -> Listing:
        begun.append(1)
        released.wait(10)
        return listing_of()

    scopes = [Scope(account=str(number), region="eu-west-1") for number in range(5)]
    look(
        {("test.things", scope): frozenset() for scope in scopes},
        Anyone(),
        collections={"test.things": Things(read)},
        deadline=0.1,
        parallel=1,
    )
    released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("driftguard-look"):
            thread.join(10)

    assert [1] == begun


def test_the_deadline_is_read_off_the_clock() -> None:
    clock = FakeClock()
    released = threading.Event()

    def read(reader: Reader, wanted: Wanted) -> Listing:
        clock.seconds = 61.0
        released.wait(10)
        return listing_of()

    view = looked(read, deadline=60.0, clock=clock)
    released.set()

    assert isinstance(found(view), Unreadable)


def test_a_view_never_changes() -> None:
    items = {"a": Item(id="a", raw={})}
    view = looked(lambda reader, wanted: Listing(items=items))
    items.clear()

    assert isinstance(found(view), Item)
    with pytest.raises(TypeError):
        view.listings["test.things", SCOPE] = Listing()  # type: ignore[index]


class Told:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.words: list[object] = []

    def start(self, total: int) -> None:
        self.words.append(total)

    def waiting(self, parts: Sequence[Part]) -> None:
        if parts and ("waiting", *parts) not in self.words:
            self.words.append(("waiting", *parts))

    def done(self, collection: str, scope: Scope) -> None:
        self.words.append((collection, scope))

    def finish(self) -> None:
        self.words.append("finish")


def test_progress_is_told_of_each_part_and_of_what_is_waited_for() -> None:
    told = Told()

    def read(reader: Reader, wanted: Wanted) -> Listing:
        threading.Event().wait(0.3)
        return listing_of()

    looked(read, progress=told)

    part = ("test.things", SCOPE)
    assert [1, ("waiting", part), part, "finish"] == told.words


def test_nothing_to_read_is_a_view_of_nothing() -> None:
    told = Told()

    assert {} == look({}, Anyone(), collections={}, progress=told).listings
    assert [0, "finish"] == told.words


HANGING = """
import os, threading
from driftguard.live.look import look
from driftguard.model import Scope
from tests.live.test_look import Anyone, Things

def read(reader, wanted):
    if SIGNAL:
        os.kill(os.getpid(), SIGNAL)
    threading.Event().wait(60)

part = ("test.things", Scope(account="1", region="eu-west-1"))
look({part: frozenset()}, Anyone(), collections={"test.things": Things(read)}, deadline=DEADLINE)
print("looked")
"""


@pytest.mark.parametrize(
    ("number", "deadline", "code"),
    [(0, 0.2, 0), (signal.SIGINT, None, -signal.SIGINT), (signal.SIGTERM, None, -signal.SIGTERM)],
)
def test_what_hangs_never_keeps_the_process_alive(
    number: int, deadline: float | None, code: int
) -> None:
    program = f"SIGNAL, DEADLINE = {int(number)}, {deadline}\n{HANGING}"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        timeout=20,
        check=False,
        capture_output=True,
        text=True,
    )

    assert code == done.returncode, done.stderr
    assert ("looked\n" if code == 0 else "") == done.stdout
