"""A new resource type's files, made from ``templates/`` into a checkout of DriftGuard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from driftguard.errors import DriftGuardError, UsageError
from driftguard.live.collections import COLLECTIONS

_TYPE = re.compile(r"aws_[a-z][a-z0-9_]{1,80}")
_COLLECTION = re.compile(r"([a-z][a-z0-9-]{1,30})\.([a-z][a-z0-9_]{1,60})")


def scaffold(name: str, collection: str, into: Path) -> str:
    """Write the files of a new type and return what is left to do by hand.

    Raises UsageError for a name that can't be one, DriftGuardError where there
    is no checkout or where a file is there already; then nothing is written.
    """
    if not _TYPE.fullmatch(name):
        raise UsageError(f"{name} can't be a type.", hint="It is Terraform's name: aws_sqs_queue.")
    parts = _COLLECTION.fullmatch(collection)
    if parts is None:
        message = f"{collection} can't be a collection."
        raise UsageError(message, hint="It is boto3's service and the things: ec2.security_groups.")
    if not (into / "driftguard" / "resources" / "__init__.py").is_file():
        message = f"{into.resolve()} is no checkout of DriftGuard."
        raise DriftGuardError(message, hint="Go there, or name it by --into.")
    written = dict(_files(name, collection, *parts.groups()))
    _refuse_to_overwrite(into, written)
    for path, text in written.items():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return _to_do(name, collection, parts.group(2), written)


def _files(name: str, collection: str, service: str, things: str) -> Iterator[tuple[str, str]]:
    words = {
        "type": name,
        "page": name.removeprefix("aws_"),
        "collection": collection,
        "service": service,
        "things": things,
        "class_name": "".join(word.capitalize() for word in things.split("_")),
    }
    yield f"driftguard/resources/{name}.py", _filled("resource", words)
    yield f"tests/resources/test_{name}.py", _filled("resource_test", words)
    if collection not in COLLECTIONS:
        yield f"driftguard/live/collections/{things}.py", _filled("collection", words)


def _filled(template: str, words: Mapping[str, str]) -> str:
    source = files("driftguard.cli") / "templates" / f"{template}.txt"
    return Template(source.read_text(encoding="utf-8")).substitute(words)


def _refuse_to_overwrite(into: Path, written: Mapping[str, str]) -> None:
    there = [path for path in written if (into / path).exists()]
    if there:
        message = f"{', '.join(there)} is there already; nothing was written."
        raise DriftGuardError(message, hint="Move it away, or give another name.")


def _to_do(name: str, collection: str, things: str, written: Mapping[str, str]) -> str:
    lines = [f"Wrote {path}" for path in written]
    lines += ["", "To do:", f"  1. Add `{name}` to TABLE in driftguard/resources/__init__.py."]
    if collection not in COLLECTIONS:
        lines.append(
            f"  2. Add `{things}` to COLLECTIONS in driftguard/live/collections/__init__.py."
        )
    lines += [
        "  Then fill in what the files mark with ???, and put a real state's attributes",
        "  and a real answer of AWS in the test.",
    ]
    return "\n".join(lines) + "\n"
