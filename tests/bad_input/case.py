"""One row of the bad-input table, and the small world that it breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.conftest import World, resource, security_group, state

UNKNOWN, USAGE = 2, 64
SECRET = "cAnary-7Zq!hunter/2"  # planted, to be looked for in what is told
GOOD = ("--state", "terraform.tfstate", "--replay", "recording")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One broken input: the files beside a sound state and recording, and the command line."""

    kind: str
    name: str
    code: int = UNKNOWN
    arguments: tuple[str, ...] = ("scan", *GOOD)
    files: Mapping[str, bytes] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda folder: None
    """What can't be told as bytes: links, pipes, folders."""
    sentences: int = 1
    """How many; a configuration with three mistakes is told three."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Expect what no shell can pass to be a wrong command line, whatever it is for."""
        if any("\0" in one for one in self.arguments):
            object.__setattr__(self, "code", USAGE)

    def lay_out(self, folder: Path) -> None:
        """Write a sound state and recording, then break what this case breaks."""
        world = World(folder=folder)
        world.declare(resource("aws_security_group", "web", security_group()))
        world.answer()
        for name, data in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        self.prepare(folder)


def sound_state(**more: Any) -> dict[str, Any]:  # JSON
    """Return the sound state's document, with some keys replaced."""
    document = json.loads(state(resource("aws_security_group", "web", security_group())))
    return {**document, **more}


def encoded(document: object) -> bytes:
    """Return a document as the bytes of a file."""
    return json.dumps(document).encode()
