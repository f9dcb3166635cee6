"""A budget for what functions do in one evaluation, so that no rule can stall a cycle."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SPENT = "it takes too many steps"


class SpentError(Exception):
    """The budget is spent; the evaluation ends as an error."""


@dataclass(slots=True)
class Budget:
    """What is left of one evaluation."""

    left: int


class _Current(threading.local):
    budget: Budget | None = None


_CURRENT = _Current()


@contextmanager
def budget(steps: int) -> Iterator[Budget]:
    """Give this thread's functions so many steps within the block."""
    outer = _CURRENT.budget
    current = _CURRENT.budget = Budget(left=steps)
    try:
        yield current
    finally:
        _CURRENT.budget = outer


def spend(steps: int = 1) -> None:
    """Take steps from the budget. Raises SpentError; outside an evaluation all is free."""
    current = _CURRENT.budget
    if current is None:
        return
    current.left -= steps
    if current.left < 0:
        raise SpentError(SPENT)
