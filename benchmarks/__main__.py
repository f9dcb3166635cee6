"""Print the table: ``python -m benchmarks``; ``--short`` for a minute's worth of it."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import whole
from benchmarks.estate import Estate
from benchmarks.measure import Line, in_a_process, serving
from benchmarks.protocols import NAMES


def mixed(many: int) -> Estate:
    """Return an estate of several types, so many resources in all."""
    third = many // 3
    groups = many - 2 * third
    return {"aws_security_group": groups, "aws_ebs_volume": third, "aws_subnet": third}


def scans(name: str, estate: Estate, part: int) -> Iterator[Line]:
    """Compare scans with the floor (a) and with boto3 and DeepDiff (b) on a part."""
    found = in_a_process("scans", json.dumps(estate))
    yield Line(name=f"cold, {name}: (a) is 1", value=found["cold"] / found["floor"], target=4)
    yield Line(name=f"warm, {name}: (a) is 1", value=found["warm"] / found["floor"], target=2)
    changed = found["changed"] / found["floor"]
    yield Line(name=f"warm with 1 to 2 % changed, {name}: (a) is 1", value=changed, target=2)
    if set(estate) == {"aws_security_group"}:
        groups = estate["aws_security_group"]
        part = min(part, groups)
        naive = in_a_process("naive", json.dumps({"aws_security_group": part}))["seconds"]
        scaled = naive * groups / part
        yield Line(
            name=f"cold, {name}: faster than (b)",
            value=scaled / found["cold"],
            target=20,
            at_least=True,
        )
        yield Line(
            name=f"warm, {name}: faster than (b)",
            value=scaled / found["warm"],
            target=50,
            at_least=True,
        )


def memory(groups: int) -> Iterator[Line]:
    """Measure a cold scan's memory."""
    found = in_a_process("memory", json.dumps({"aws_security_group": groups}))
    name = f"resident, {groups:,} groups"
    yield Line(name=name, value=found["resident"], target=400, unit="MB")


def linear(most: int) -> Iterator[Line]:
    """Measure how the cost grows."""
    found = in_a_process("linear", most)
    yield Line(
        name=f"comparing 10,000 to {most:,}: exponent",
        value=found["exponent"],
        target=1.05,
        unit="",
    )


def documents(size: int) -> Iterator[Line]:
    """Measure big single values."""
    found = in_a_process("documents", size)
    kb = f"{size // 1000:,} kB"
    yield Line(name=f"policy of {kb}: canonical", value=found["policy"], target=50, unit="ms")
    changes = found["policy_changes"]
    yield Line(name=f"policy of {kb}, half edited: told", value=changes, target=50, unit="ms")
    yield Line(name="1,000 rules half rewritten", value=found["rules"], target=50, unit="ms")


def protocols(size: int) -> Iterator[str]:
    """Tell what parsing the other protocols costs; nothing is aimed at. JSON is botocore's own."""
    for name in NAMES:
        found = in_a_process("protocol", name, size)
        ours, botocore = (found[one] / found["floor"] for one in ("ours", "botocore"))
        yield f"{f'{name}, parsed: bare is 1':<64} {ours:>9.2f} times, botocore {botocore:.2f}"


def rules(many: int, extra: int) -> Iterator[Line]:
    """Measure judging drifts by all the shipped rules."""
    found = in_a_process("rules", many, extra)
    name = f"{found['rules']:.0f} rules"
    drifts = f"{name}, {many:,} drifts"
    rate = found["rate"] / 1000
    yield Line(name=f"{drifts}: evaluated", value=rate, target=100, at_least=True, unit="k/s")
    print(f"{drifts}, nothing remembered: {found['apart'] / 1000:.0f} k/s evaluated")
    more = f"{name}, {extra:,} more for other types: without is 1"
    yield Line(name=more, value=found["crowded"], target=1.3)
    slowest = 1000 * found["endless"]
    yield Line(name="the slowest of endless rules: given up", value=slowest, target=50, unit="ms")
    yield Line(name=f"{name}: loaded", value=1000 * found["loading"], target=100, unit="ms")


def quota(calls: int) -> Iterator[Line]:
    """Measure asking under a quota."""
    found = in_a_process("quota", calls)
    name = f"{calls} calls, 100 at once and 20 a second"
    yield Line(name=f"{name}: failed", value=found["failed"], target=0, unit="")
    yield Line(name=f"{name}: the ideal is 1", value=found["ratio"], target=1.1)


def processes(groups: int) -> Iterator[Line]:
    """Compare whole processes on the same server."""
    estate = {"aws_security_group": groups}
    with tempfile.TemporaryDirectory() as name, serving(estate) as url:
        folder = Path(name)
        (folder / "estate.tfstate").write_text(whole.state_of(estate))
        try:
            theirs = [whole.custodian_seconds(url, folder) for _ in range(2)]
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"skipped: Cloud Custodian can't be installed ({type(error).__name__})")
            return
        ours = [whole.scan_seconds(url, folder) for _ in range(2)]
        ratio = min(theirs) / min(ours)
    name = f"whole process, {groups:,} groups: faster than (c)"
    yield Line(name=name, value=ratio, target=3, at_least=True)


def start(times: int) -> Iterator[Line]:
    """Measure the start of the command."""
    ours, bare = whole.start(times)
    yield Line(name="driftguard --version", value=1000 * ours, target=150, unit="ms")
    yield Line(name="driftguard --version: bare Python is 1", value=ours / bare, target=10)


Part = Callable[[], Iterator[Line | str]]

FULL: tuple[Part, ...] = (
    lambda: scans("10,000 groups", {"aws_security_group": 10_000}, 1000),
    lambda: scans("100,000 groups", {"aws_security_group": 100_000}, 1000),
    lambda: scans("100,000 mixed", mixed(100_000), 0),
    lambda: processes(10_000),
    lambda: memory(100_000),
    lambda: linear(1_000_000),
    lambda: documents(1_000_000),
    lambda: protocols(10_000),
    lambda: rules(10_000, 1000),
    lambda: quota(300),
    lambda: start(9),
)
SHORT: tuple[Part, ...] = (
    lambda: scans("300 groups", {"aws_security_group": 300}, 50),
    lambda: documents(100_000),
    lambda: rules(1000, 100),
    lambda: protocols(100),
    lambda: start(1),
)


def main() -> None:
    """Run and print; a line that falls short is said, and fails nothing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small sizes, without Custodian")
    print(
        "(a) xml.etree of the same bytes; (b) boto3 and DeepDiff; (c) Cloud Custodian", flush=True
    )
    for part in SHORT if parser.parse_args().short else FULL:
        for line in part():
            print(line, flush=True)


if __name__ == "__main__":
    main()
