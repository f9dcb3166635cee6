"""The story of the demo: a clean scan, an afternoon by hand, and what the next scan says."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from driftguard.demo.cloud import ACCOUNT, CREDENTIALS, REGION, Cloud, running_cloud
from driftguard.demo.company import build_company, steps_by_hand
from driftguard.errors import DriftGuardError

Say = Callable[[str], None]
CLEAN, DRIFTED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One run of the demo: the fake AWS, the state file and where to say what happens."""

    cloud: Cloud
    state: Path
    say: Say

    def play(self) -> None:
        """Tell the story. Raises DriftGuardError where a scan says anything unexpected."""
        self.say(
            f"A fake AWS (moto) listens on {self.cloud.endpoint}: account {ACCOUNT}, {REGION}."
        )
        self.say(
            "A small company is being built there, with the Terraform state that declares it …"
        )
        network = build_company(self.cloud, self.state)
        self.say("\n1. Everything is as declared.\n")
        self._scan(CLEAN)
        self.say("\n2. Somebody works by hand in the console. They …\n")
        for step in steps_by_hand(network):
            step.take(self.cloud)
            self.say(f"   … {step.story}:\n     {step.command(self.cloud.endpoint)}")
        self.say("\n3. The next scan sees all of it.\n")
        self._scan(DRIFTED)

    def arguments(self) -> list[str]:
        """Return the command line of the scan."""
        return ["scan", "--state", str(self.state), "--endpoint-url", self.cloud.endpoint]

    def _scan(self, expected: int) -> None:
        self.say(f"   $ driftguard {shlex.join(self.arguments())}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "driftguard", *self.arguments()]
        ended = subprocess.run(command, env=demo_environment(), check=False)  # noqa: S603  # our own
        if ended.returncode != expected:
            message = f"The scan ended with {ended.returncode}, not {expected} as it should have."
            raise DriftGuardError(message, hint="Please report this with what was printed above.")


def demo_environment() -> dict[str, str]:
    """Return the environment of a scan of the fake AWS, without the user's own AWS settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "DRIFTGUARD_"))}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**kept, **CREDENTIALS, **nowhere, "AWS_EC2_METADATA_DISABLED": "true"}


def run_demo(say: Say, *, keep: bool, port: int = 0) -> None:
    """Play the demo; with ``keep`` leave the fake AWS running until interrupted."""
    with _folder() as folder, running_cloud(port) as cloud:
        demo = Demo(cloud=cloud, state=folder / "terraform.tfstate", say=say)
        demo.play()
        if keep:
            say(_how_to_repeat(demo))
            threading.Event().wait()


def _how_to_repeat(demo: Demo) -> str:
    exports = " ".join(f"{name}={value}" for name, value in sorted(CREDENTIALS.items()))
    command = f"driftguard {shlex.join(demo.arguments())}"
    return (
        "\nThe fake AWS goes on until you press Ctrl-C. In another terminal:\n\n"
        f"   export {exports}\n   {command}"
    )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="driftguard-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
