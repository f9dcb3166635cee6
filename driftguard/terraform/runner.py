"""python-terraform, made safe to run unattended.

Its own ``cmd`` has no timeout, no environment per call and no signal handling,
logs all output, and any attribute name becomes a command (``destroy`` too). So
``cmd`` is replaced, and only what stands in :data:`ALLOWED` can be run. One
instance is one working directory; make a new one for each use, they are cheap.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from python_terraform import Terraform

from driftguard.clock import Clock
from driftguard.errors import TerraformError
from driftguard.terraform.failures import failure
from driftguard.terraform.process import Finished, Limits, run

ALLOWED = frozenset({"state pull", "version"})
"""The subcommands that may be run: they change nothing."""

BINARIES = ("terraform", "tofu")

_KEPT = (
    "PATH", "HOME", "USER", "TMPDIR", "LANG", "LC_ALL", "XDG_CONFIG_HOME",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip
_KEPT_PREFIXES = ("TF_", "TOFU_")
_BACKENDS = (
    "AWS_", "ARM_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "GCP_", "CONSUL_", "PG", "ALICLOUD_",
    "TENCENTCLOUD_", "OCI_", "KUBE_", "KUBERNETES_",
)  # fmt: skip
"""Beginnings of the variables in which backends look for credentials."""
_LEFT_OUT = ("TF_LOG", "TF_CLI_ARGS", "TF_INPUT", "TF_REATTACH_PROVIDERS")
"""Never passed on: logs hold secrets, and arguments from outside change what is run."""


class SafeTerraform(Terraform):  # type: ignore[misc]  # python-terraform has no types
    """terraform or tofu in one working directory. Not for use by two threads at once."""

    def __init__(
        self, folder: Path, *, binary: str, env: Mapping[str, str], limits: Limits, clock: Clock
    ) -> None:
        self._env, self._limits, self._clock = dict(env), limits, clock
        self._folder, self._binary = folder, binary
        super().__init__(
            working_dir=str(folder), terraform_bin_path=binary, is_env_vars_included=False
        )

    def __getattr__(self, item: str) -> object:
        """Refuse what isn't there, instead of running it (``tf.destroy_cmd()``)."""
        raise AttributeError(item)

    def read_state_file(self, file_path: str | None = None) -> None:
        """Do nothing: the base class would parse a state file behind our back."""
        self.tfstate = None

    def cmd(self, cmd: str, *args: str, **kwargs: object) -> tuple[int, str, str]:
        """Run an allowed subcommand; python-terraform's interface, text for text."""
        finished = self.finished(cmd, *args, **kwargs)
        out, err = (said.decode("utf-8", "replace") for said in (finished.out, finished.err))
        return finished.code, out, err

    def finished(self, cmd: str, *args: str, **kwargs: object) -> Finished:
        """Run an allowed subcommand. Raises TerraformError where it failed in any way."""
        if cmd not in ALLOWED:
            raise TerraformError(
                f"DriftGuard does not run `{Path(self._binary).name} {cmd}`.",
                hint="It only ever reads.",
            )
        if any(isinstance(value, dict) for value in kwargs.values()):
            # The base class writes these to a file that outlives an interruption.
            raise TerraformError("Variables are not passed by temporary files.")
        argv: list[str] = super().generate_cmd_string(cmd, *args, **kwargs)
        return self._run(cmd, argv)

    def _run(self, cmd: str, argv: list[str]) -> Finished:
        folder, tool = self._folder, Path(self._binary).name
        try:
            finished = run(
                argv, folder=folder, env=self._env, limits=self._limits, clock=self._clock
            )
        except OSError as error:
            raise TerraformError(
                f"`{self._binary}` can't be started in {folder}: {error.strerror}.",
                hint="Check that the directory and the binary are there and may be used.",
            ) from None
        if finished.code != 0 or finished.timed_out or finished.too_long:
            raise failure(finished, command=cmd, tool=tool, folder=str(folder), limits=self._limits)
        return finished


def find_binary(*names: str, path: str | None = None) -> str:
    """Return the full path of the first of these binaries that is installed.

    A name with a slash is a path of its own. Raises TerraformError where none is there.
    """
    for name in names or BINARIES:
        if found := shutil.which(name, path=path):
            return str(Path(found).absolute())
    wanted = " nor ".join(names or BINARIES)
    either = "Neither " if len(names or BINARIES) > 1 else ""
    are = "is" if either else "is not"
    raise TerraformError(
        f"{either}{wanted} {are} installed.",
        hint="Install it, or give the state itself (a file, s3://…) instead of its directory.",
    )


def environment(
    ambient: Mapping[str, str], credentials: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment for a run: what is needed and nothing else.

    ``credentials`` are those of the stack and replace all that the ambient
    environment holds; None leaves the ambient ones to the backend.
    """
    prefixes = _KEPT_PREFIXES if credentials is not None else _KEPT_PREFIXES + _BACKENDS
    kept = {
        name: value
        for name, value in ambient.items()
        if (name in _KEPT or name.startswith(prefixes)) and not name.startswith(_LEFT_OUT)
    }
    return {
        **kept,
        **(credentials or {}),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": _cli_configuration(ambient),
    }


def _cli_configuration(ambient: Mapping[str, str]) -> str:
    """Return the CLI configuration that exists, said explicitly, so that none is searched for."""
    home = Path(ambient.get("HOME", "/"))
    candidates = (ambient.get("TF_CLI_CONFIG_FILE", ""), home / ".tofurc", home / ".terraformrc")
    return next((str(one) for one in candidates if one and Path(one).is_file()), os.devnull)
