"""The program and the small world of the command line's tests."""

from __future__ import annotations

from tests.cli.conftest import run, world

__all__ = ["run", "world"]
