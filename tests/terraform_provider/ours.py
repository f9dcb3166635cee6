"""DriftGuard's own answer about a state that terraform wrote: the command, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_SECONDS = 120


def scan(state: Path, endpoint: str) -> Any:
    """Return the JSON report of ``driftguard scan``."""
    command = [sys.executable, "-m", "driftguard", "scan", "--quiet", "--format", "json"]
    ran = subprocess.run(
        [*command, "--state", str(state), "--endpoint-url", endpoint, "--region", "eu-west-1"],
        cwd=Path(__file__).parents[2],
        env={**_CREDENTIALS, "HOME": str(state.parent), "PATH": "/nowhere"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if ran.returncode > 1:
        raise AssertionError(f"driftguard scan exited {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return json.loads(ran.stdout)
