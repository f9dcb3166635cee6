"""Runs the real ``terraform`` in a working directory, attached to the provider of tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

_SECONDS = 120
_ONE_BY_ONE = "-parallelism=1"  # moto is no friend of threads, and no faster with them


def binary() -> str:
    """Return the path of ``terraform``; where there is none, CI fails and others skip."""
    path = shutil.which("terraform")
    if path is None and os.environ.get("CI"):
        pytest.fail("CI checks DriftGuard against terraform, and there is no terraform here.")
    if path is None:
        pytest.skip("there is no terraform here to check against")
    return path


class Terraform:
    """One working directory."""

    def __init__(self, folder: Path, attached: Mapping[str, str]) -> None:
        self.folder = folder
        self._binary = binary()
        nothing = folder / "no-configuration.tfrc"
        nothing.touch()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_CLI_CONFIG_FILE": str(nothing),
            **attached,
        }

    @property
    def state(self) -> Path:
        """The state file that terraform writes."""
        return self.folder / "terraform.tfstate"

    def apply(self) -> None:
        """Create everything that is configured."""
        self._run("init")
        self._run("apply", "-auto-approve", _ONE_BY_ONE)

    def refresh(self) -> None:
        """Store what AWS says by now, as the next run of every pipeline does."""
        self._run("apply", "-refresh-only", "-auto-approve", _ONE_BY_ONE)

    def plan(self, path: Path, *arguments: str) -> None:
        """Write what ``show -json`` prints of a plan, as a pipeline does before it applies."""
        self._run("init")
        self._run("plan", _ONE_BY_ONE, "-out=plan.bin", *arguments)
        path.write_text(self._run("show", "-json", "plan.bin"))

    def resource_drift(self) -> list[Mapping[str, Any]]:
        """Return what ``plan -refresh-only`` finds changed outside of Terraform."""
        self._run("plan", "-refresh-only", _ONE_BY_ONE, "-out=drift.bin")
        plan = json.loads(self._run("show", "-json", "drift.bin"))
        return list(plan.get("resource_drift") or ())

    def _run(self, *arguments: str) -> str:
        ran = subprocess.run(
            [self._binary, arguments[0], *_unless_show(arguments), *arguments[1:]],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if ran.returncode:
            raise AssertionError(f"terraform {arguments[0]} failed:\n{ran.stdout}{ran.stderr}")
        return ran.stdout


def _unless_show(arguments: tuple[str, ...]) -> tuple[str, ...]:
    return ("-no-color",) if arguments[0] == "show" else ("-no-color", "-input=false")
