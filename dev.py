#!/usr/bin/env python3
"""Set up and run DriftGuard from a checkout: ``demo``, ``check``, ``docs``, ``lock``, ``audit``.

Standard library only, because it runs before anything is installed. What it
installs comes from ``requirements/*.txt``, each package by its hash.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
OLDEST = (3, 11)
LOCKS = {
    "runtime": ("--extra", "build"),
    "demo": ("--extra", "build", "--extra", "demo"),
    "dev": ("--all-extras", "--group", "dev"),
}
GATES: dict[str, Sequence[str]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "layers": ("lint-imports", "--no-cache"),
    "docstrings": ("interrogate", "-q", "driftguard"),
    "dockerfile": ("hadolint", "Dockerfile"),
    "manifests": ("kubernetes-validate", "--strict", "deploy/kubernetes/cronjob.yaml"),
    "tests": ("pytest", "-q", "-n", "auto", "--cov", "--cov-report=term"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="see it work, without an account")
    demo.add_argument("options", nargs=argparse.REMAINDER, help="for `driftguard demo`")
    check = commands.add_parser("check", help="run every gate and every test")
    check.add_argument("gates", nargs="*", metavar="GATE", help=f"only these: {', '.join(GATES)}")
    commands.add_parser("lock", help="renew requirements/*.txt from pyproject.toml")
    commands.add_parser("docs", help="renew the pages that are made from the code")
    commands.add_parser("audit", help="look for known vulnerabilities in what is locked")
    options = parser.parse_args(arguments)
    if sys.version_info < OLDEST:
        needs = ".".join(map(str, OLDEST))
        return _refuse(f"Python {needs} or later is needed; this is {sys.version.split()[0]}.")
    run: Callable[[argparse.Namespace], int] = globals()[f"_{options.command}"]
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130


def _demo(options: argparse.Namespace) -> int:
    return _installed("demo") or _call([BIN / "driftguard", "demo", *options.options])


def _check(options: argparse.Namespace) -> int:
    unknown = sorted({*options.gates} - {*GATES})
    if unknown:
        return _refuse(f"There is no gate {', '.join(unknown)}; there are {', '.join(GATES)}.")
    code = _installed("dev")
    if code:
        return code
    failed = []
    for name in options.gates or GATES:
        command = GATES[name]
        print(f"== {name}: {' '.join(command)}", flush=True)
        began = time.perf_counter()
        if _call([BIN / command[0], *command[1:]]):
            failed.append(name)
        print(f"== {name}: {time.perf_counter() - began:.0f} s", flush=True)
    if failed:
        return _refuse(f"Not green: {', '.join(failed)}.")
    print("All gates are green.")
    return 0


def _lock(_: argparse.Namespace) -> int:
    code = _installed("dev")
    for name, what in LOCKS.items():
        quiet = ("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links")
        command = ("uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11")
        output = ("--generate-hashes", "-o", f"requirements/{name}.txt", "pyproject.toml")
        code = code or _call([*command, *quiet, *what, *output])
    return code


def _docs(_: argparse.Namespace) -> int:
    return _installed("dev") or _call([BIN / "python", "docs/generate.py"])


def _audit(_: argparse.Namespace) -> int:
    """Run pip-audit; a package that it could not look up is a failure, not a pass."""
    code = _installed("dev")
    command = ("--strict", "--disable-pip", "--require-hashes", "-r", "requirements/runtime.txt")
    return code or _call([BIN / "pip-audit", *command])


def _installed(lock: str) -> int:
    """Make ``.venv`` hold what the lock says; nothing to do where it already does."""
    wanted = _stamp(lock)
    stamp = VENV / f".{lock}"
    if stamp.exists() and stamp.read_text() == wanted and (BIN / "driftguard").exists():
        return 0
    print(f"== setting up .venv from requirements/{lock}.txt", flush=True)
    if not (BIN / "pip").exists() and not _made_venv():
        return 2
    pip: list[str | Path] = [
        BIN / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    code = _call([*pip, "--require-hashes", "-r", f"requirements/{lock}.txt"])
    code = code or _call([*pip, "--no-deps", "--no-build-isolation", "-e", "."])
    if not code:
        stamp.write_text(wanted)
    return code


def _made_venv() -> bool:
    shutil.rmtree(VENV, ignore_errors=True)
    if _call([sys.executable, "-m", "venv", VENV]) == 0:
        return True
    _refuse("Python's venv module does not work here; on Debian: apt-get install python3-venv.")
    return False


def _stamp(lock: str) -> str:
    digest = hashlib.sha256()
    for path in (ROOT / "requirements" / f"{lock}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{sys.version} {digest.hexdigest()}"


def _call(command: Sequence[str | Path]) -> int:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
