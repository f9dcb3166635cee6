"""Threads that never keep the process alive: an endpoint that hangs must not either.

``concurrent.futures`` joins its threads when the interpreter ends, so one call
that hangs would outlive the deadline of the scan; these are daemons.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Task, Result]):
    """A task with what came of it, or what it raised."""

    task: Task
    result: Result | None = None
    error: BaseException | None = None


class Crew(Generic[Task, Result]):
    """Some daemon threads that work through a list of tasks, in its order."""

    def __init__(
        self, work: Callable[[Task], Result], tasks: Iterable[Task], *, width: int, name: str
    ) -> None:
        self._work = work
        self._tasks = tuple(tasks)
        self._next = iter(self._tasks)
        self._lock = threading.Lock()
        self._begun: set[Task] = set()
        self._stopped = False
        self._done: queue.SimpleQueue[Done[Task, Result]] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(min(max(width, 1), len(self._tasks)))
        ]

    def start(self) -> None:
        """Start the threads."""
        for number, thread in enumerate(self._threads):
            try:
                thread.start()
            except RuntimeError:  # the machine has no more threads; fewer do it too
                if number == 0:
                    raise
                return

    def stop(self) -> None:
        """Begin no further task; those at work are left to themselves."""
        self._stopped = True

    def under_way(self) -> tuple[Task, ...]:
        """Return the tasks that are being worked on, in their order."""
        with self._lock:
            return tuple(task for task in self._tasks if task in self._begun)

    def next_done(self, timeout: float | None = None) -> Done[Task, Result] | None:
        """Return one finished task; None where none was finished within ``timeout`` seconds."""
        try:
            return self._done.get(timeout=timeout)
        except queue.Empty:
            return None

    def _run(self) -> None:
        for task in self._taken():
            try:
                done: Done[Task, Result] = Done(task=task, result=self._work(task))
            except BaseException as error:  # noqa: BLE001  # whoever asked has to be told
                done = Done(task=task, error=error)
            with self._lock:
                self._begun.discard(task)
            self._done.put(done)

    def _taken(self) -> Iterator[Task]:
        while not self._stopped:
            with self._lock:
                task = next(self._next, None)
                if task is None:
                    return
                self._begun.add(task)
            yield task


def in_parallel(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, width: int, name: str
) -> dict[Task, Result]:
    """Return each task's result, in the order of the tasks; raise what the first failure raised."""
    tasks = tuple(tasks)
    crew = Crew(work, tasks, width=width, name=name)
    crew.start()
    results: dict[Task, Result] = {}
    try:
        for _ in tasks:
            done = crew.next_done()
            if done is None or done.error is not None:
                raise (done.error if done and done.error else RuntimeError("no answer"))
            results[done.task] = done.result  # type: ignore[assignment]  # error is None
    finally:
        crew.stop()
    return {task: results[task] for task in tasks}
