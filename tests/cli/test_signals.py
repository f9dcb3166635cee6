"""Ctrl-C and SIGTERM, while AWS does not answer."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import World, environment

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


def scanning(world: World, silent: socket.socket, *more: str) -> subprocess.Popen[str]:
    """Start a scan and wait until it has asked AWS something."""
    port = silent.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    started = subprocess.Popen(
        [
            *(sys.executable, "-m", "driftguard", "scan", "--state", str(world.state)),
            *("--endpoint-url", endpoint, *more),
        ],
        env=environment(**CREDENTIALS),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    connection, _ = silent.accept()
    # Let go of here, kept open there: whoever asked goes on waiting.
    connection.detach()
    return started


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_scan_that_waits_for_aws_at_once_and_leaves_nothing_half_written(
    world: World, silent: socket.socket, number: signal.Signals, code: int
):
    output, metrics = world.folder / "drift.json", world.folder / "driftguard.prom"
    before = {*world.folder.iterdir()}
    started = scanning(world, silent, "--output", str(output), "--metrics-textfile", str(metrics))
    began = time.monotonic()  # noqa: TID251  # how long it takes is what is tested
    started.send_signal(number)
    out, err = started.communicate(timeout=30)
    assert time.monotonic() - began < 5  # noqa: TID251  # as above
    assert (code, "") == (started.returncode, out)
    assert "Stopped by a signal before the end; nothing was decided." == err.strip()
    assert before == {*world.folder.iterdir()}


def test_an_endpoint_that_never_answers_is_unreadable_at_the_deadline_and_never_clean(
    world: World, silent: socket.socket
):
    started = scanning(world, silent, "--deadline", "1")
    out, _ = started.communicate(timeout=30)
    assert 2 == started.returncode
    assert "deadline" in out
    assert "missing" not in out


def test_a_pipe_that_is_closed_early_is_no_error(world: World):
    command = [sys.executable, "-m", "driftguard", "scan", *world.source, "--format", "json"]
    piped = subprocess.run(
        ["/bin/bash", "-c", '"$@" | head -c 1; exit ${PIPESTATUS[0]}', "-", *command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (0, "{", "") == (piped.returncode, piped.stdout, piped.stderr)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_scan_without_standard_streams_still_ends_with_its_code(world: World, closed: str):
    command = [sys.executable, "-m", "driftguard", "scan", *world.source]
    ended = subprocess.run(
        ["/bin/bash", "-c", f'"$@" {closed}', "-", *command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (0, "") == (ended.returncode, ended.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_a_sentence(world: World):
    command = [sys.executable, "-m", "driftguard", "scan", *world.source]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert 2 == ended.returncode
    assert "Standard output can't be written: No space left on device." in ended.stderr
