"""Whole processes, start and end included: ``driftguard scan``, Cloud Custodian, ``--version``."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import estate as made
from benchmarks.estate import Estate
from benchmarks.measure import ENVIRONMENT, children_cpu

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "driftguard-benchmarks"
_POLICY = "policies: [{name: bench, resource: aws.security-group}]"


def state_of(estate: Estate) -> str:
    """Return a Terraform state that declares the estate."""
    instances: dict[str, list[object]] = {}
    for one in made.declared(estate):
        instance = {"index_key": one.address.key, "schema_version": 1, "attributes": one.attributes}
        instances.setdefault(one.address.type, []).append(instance)
    resources = [
        {
            "mode": "managed",
            "type": name,
            "name": "bench",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": found,
        }
        for name, found in instances.items()
    ]
    state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "bench"}
    return json.dumps({**state, "resources": resources})


def custodian() -> Path:
    """Return Cloud Custodian's command, installed in an environment of its own when need be.

    Raises OSError or CalledProcessError where it can't be installed.
    """
    command = CACHE / "c7n" / "bin" / "custodian"
    if not command.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", CACHE / "c7n"], check=True)
        pip = [CACHE / "c7n" / "bin" / "python", "-m", "pip", "install", "--quiet", "c7n"]
        subprocess.run(pip, check=True)
    return command


def scan_seconds(url: str, folder: Path) -> float:
    """Return the processor time of a scan of the folder's state, comparing and report included."""
    command = [sys.executable, "-m", "driftguard", "scan", "--quiet", "--no-unmanaged"]
    command += ["--state", str(folder / "estate.tfstate"), "--endpoint-url", url]
    command += ["--region", made.REGION, "--output", str(folder / "report.json"), "--format=json"]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    seconds = children_cpu(command, {**ENVIRONMENT, **paths})
    if not json.loads((folder / "report.json").read_text()):
        raise RuntimeError("driftguard wrote no report")
    return seconds


def custodian_seconds(url: str, folder: Path) -> float:
    """Return the processor time of Cloud Custodian listing the same groups, without a filter."""
    (folder / "policy.yml").write_text(_POLICY)
    command = [str(custodian()), "run", "--dryrun", "--cache-period=0", f"-r={made.REGION}"]
    command += ["-s", str(folder / "c7n"), str(folder / "policy.yml")]
    seconds = children_cpu(command, {**ENVIRONMENT, "AWS_ENDPOINT_URL": url})
    listed = json.loads((folder / "c7n" / "bench" / "resources.json").read_text())
    if not listed:
        raise RuntimeError("Cloud Custodian found nothing")
    return seconds


def start(times: int) -> tuple[float, float]:
    """Return the median wall seconds of ``driftguard --version`` and of bare Python."""
    installed = shutil.which("driftguard", path=str(Path(sys.executable).parent))
    ours = [installed] if installed else [sys.executable, "-m", "driftguard"]
    commands = [*ours, "--version"], [sys.executable, "-c", "pass"]
    found: tuple[list[float], list[float]] = [], []
    for _ in range(times):
        for command, seconds in zip(commands, found, strict=True):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(time.perf_counter() - begin)
    return statistics.median(found[0]), statistics.median(found[1])
