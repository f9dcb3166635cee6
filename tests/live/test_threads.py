from __future__ import annotations

import pytest

from driftguard.live.threads import in_parallel


def test_results_come_in_the_order_of_the_tasks() -> None:
    numbers = list(range(50, 0, -1))

    results = in_parallel(lambda number: number * 2, numbers, width=7, name="test")

    assert {number: number * 2 for number in numbers} == results
    assert numbers == list(results)


def test_nothing_is_a_result_too() -> None:
    assert {"a": None} == in_parallel(lambda task: None, ["a"], width=3, name="test")


def test_no_tasks_have_no_results() -> None:
    assert {} == in_parallel(lambda task: None, (), width=3, name="test")


def test_what_a_task_raises_is_raised_to_who_asked() -> None:
    def fail(task: str) -> None:
        raise ValueError(task)

    with pytest.raises(ValueError, match="a"):
        in_parallel(fail, ["a"], width=1, name="test")
