"""Measuring: processor time, because a shared machine's wall clock measures its neighbours."""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.estate import Estate

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",  # what the loopback server takes
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_RSS_PER_MB = 1024 if sys.platform == "linux" else 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: what was measured, its ratio, and what it should be."""

    name: str
    value: float
    target: float
    at_least: bool = False
    unit: str = "times"

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        bound = "≥" if self.at_least else "≤"
        verdict = "reached" if self.reached else "SHORT"
        return (
            f"{self.name:<64} {self.value:>9.2f} {self.unit:<5} {bound} {self.target:g}  {verdict}"
        )


def cpu(work: Callable[[], object], times: int = 3) -> float:
    """Return the median seconds of processor time of some runs."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return statistics.median(found)


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return the power of the size that the time grows with (least squares of the logarithms)."""
    x, y = [math.log(one) for one in sizes], [math.log(one) for one in seconds]
    return statistics.linear_regression(x, y).slope


def resident() -> float:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_PER_MB


@contextmanager
def serving(estate: Estate, latency: float = 0.0) -> Iterator[str]:
    """Run the loopback server; yield its address."""
    command = [sys.executable, "-m", "benchmarks.server", json.dumps(dict(estate)), str(latency)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if server.stdin is None or server.stdout is None:
        raise RuntimeError("the server has no pipes")
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.stdin.close()
        server.wait(timeout=30)


def in_a_process(case: str, *arguments: object) -> dict[str, float]:
    """Run a case of ``benchmarks.cases`` in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.cases", case, *map(str, arguments)]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def children_cpu(command: list[str], environment: dict[str, str]) -> float:
    """Return the processor time of a whole process and its children. Raises where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, **environment}
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
