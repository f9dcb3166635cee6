"""Files of exceptions that are none, are broken, or say what can't be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bad_input.case import SECRET, Case
from tests.bad_input.configurations import ARABIC

_ONE = """\
  - id: A
    rules: [DG-AWS-SG-001]
    address: aws_security_group.web
    reason: why
    ticket: NET-1
    owner: network
    approver: security
    expires: 2026-12-31
"""
_SOUND = f"exceptions:\n{_ONE}"
_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def _with(old: str, new: str) -> str:
    assert old in _SOUND
    return _SOUND.replace(old, new)


TEXTS: Mapping[str, str] = {
    "an empty file": "",
    "comments only": "# nothing\n",
    "a word": f"{SECRET}\n",
    "a list": _ONE,
    "JSON cut off": '{"exceptions": [{"id": "A"',
    "an open quote": _with("why", '"why'),
    "a tab for indentation": _with("    reason", "\treason"),
    "wrong indentation": _with("    reason", "   reason"),
    "a colon too many": _with("why", "a: b: c"),
    "two documents": f"{_SOUND}---\n{_SOUND}",
    "a control character": _with("why", "a\x07b"),
    "a null byte": _with("why", "a\x00b"),
    "an object of Python's": _with("why", "!!python/object/apply:os.system [id]"),
    "a custom tag": _with("why", f"!vault {SECRET}"),
    "an alias without an anchor": _with("why", "*nothing"),
    "an alias inside its own anchor": "exceptions: &a [*a]\n",
    "a merge key": f"{_SOUND}  - <<: *x\n".replace("- id: A", "- &x\n    id: A"),
    "a billion laughs": f"{_BOMB}exceptions: *i\n",
    "lists nested 50 deep": f"exceptions: {'[' * 50}{']' * 50}\n",
    "lists nested 20,000 deep": f"exceptions: {'[' * 20_000}",
    "30,000 values": _with("[DG-AWS-SG-001]", f"[{'DG-AWS-SG-001, ' * 30_000}]"),
    "a file of 2 MB": f"{_SOUND}{'# x' * 700_000}\n",
    "a thousand and one exceptions": "exceptions:\n"
    + "".join(_ONE.replace("id: A", f"id: A{number}") for number in range(1001)),
    "an HTML page": "<!DOCTYPE html><html><body>Sign in</body></html>\n",
    "a file of rules": "rules: []\n",
    "no exceptions": "version: 1\n",
    "exceptions as text": "exceptions: a\n",
    "exceptions as an object": "exceptions: {a: b}\n",
    "an exception as text": f"exceptions: [{SECRET}]\n",
    "an exception as null": "exceptions: [null]\n",
    "an unknown key beside the list": f"version: 1\n{_SOUND}",
    "an unknown key in an exception": _with("approver", "aprover"),
    "an unknown key that holds a secret": f"{_SOUND}    password: {SECRET}\n",
    "a key of 500 characters": f"{_SOUND}    {'k' * 500}: 1\n",
    "an empty key": f'{_SOUND}    "": 1\n',
    "the same key twice": f"{_SOUND}    reason: again\n",
    "the same list twice": f"{_SOUND}{_SOUND}",
    "a list for a key": f"{_SOUND}    ? [a]\n    : b\n",
    "the same id twice": f"{_SOUND}{_ONE}",
    "no id": _with("  - id: A\n    rules", "  - rules"),
    "an id with a space": _with("id: A", "id: A B"),
    "an id with an escape": _with("id: A", 'id: "\\e[2J"'),
    "an id of 100 characters": _with("id: A", f"id: {'A' * 100}"),
    "an id as a list": _with("id: A", "id: [A]"),
    "no rules": _with("    rules: [DG-AWS-SG-001]\n", ""),
    "an empty list of rules": _with("[DG-AWS-SG-001]", "[]"),
    "every rule": _with("[DG-AWS-SG-001]", '["*"]'),
    "a rule as a number": _with("[DG-AWS-SG-001]", "[1]"),
    "a rule in small letters": _with("DG-AWS-SG-001", "dg-aws-sg-001"),
    "a rule with a glob": _with("DG-AWS-SG-001", "DG-AWS-SG-*"),
    "rules as an object": _with("[DG-AWS-SG-001]", "{DG-AWS-SG-001: yes}"),
    "no address": _with("    address: aws_security_group.web\n", ""),
    "an address that is everything": _with("aws_security_group.web", '"*"'),
    "an address of two stars": _with("aws_security_group.web", '"**"'),
    "an address without a name": _with("aws_security_group.web", "aws_security_group"),
    "an address of an attribute": _with("group.web", "group.web.ingress"),
    "an address with an open key": _with("group.web", "group.web['a"),
    "an address as a list": _with("aws_security_group.web", "[aws_security_group.web]"),
    "an address of 3,000 characters": _with("group.web", f"group.{'w' * 3000}"),
    "an account of eleven digits": f"{_SOUND}    account: 12345678901\n",
    "an account in unicode digits": f"{_SOUND}    account: '{ARABIC * 12}'\n",
    "a region that is none": f"{_SOUND}    region: everywhere\n",
    "a region as a list": f"{_SOUND}    region: [eu-central-1]\n",
    "no reason": _with("    reason: why\n", ""),
    "an empty reason": _with("why", "''"),
    "a reason of spaces": _with("why", "'   '"),
    "a reason of 5,000 characters": _with("why", "w" * 5000),
    "a reason as an object": _with("why", "{a: b}"),
    "no ticket": _with("    ticket: NET-1\n", ""),
    "no owner": _with("    owner: network\n", ""),
    "an owner that is true": _with("network", "true"),
    "no approver": _with("    approver: security\n", ""),
    "no end": _with("    expires: 2026-12-31\n", ""),
    "an end that is null": _with("2026-12-31", ""),
    "an end that is false": _with("2026-12-31", "false"),
    "an end as a list": _with("2026-12-31", "[2026, 12, 31]"),
}

BYTES: Mapping[str, bytes] = {
    "bytes that are not UTF-8": _SOUND.encode().replace(b"why", b"\xff\xfe"),
    "UTF-16": _SOUND.encode("utf-16"),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
}

PLACES: Mapping[str, Callable[[Path], object]] = {
    "not there": lambda folder: None,
    "a folder": lambda folder: (folder / "e.yaml").mkdir(),
    "a pipe nobody writes to": lambda folder: os.mkfifo(folder / "e.yaml"),
    "a link to itself": lambda folder: (folder / "e.yaml").symlink_to("e.yaml"),
    "a device without an end": lambda folder: (folder / "e.yaml").symlink_to("/dev/zero"),
}

ARGUMENTS = ("exception", "list", "--file", "e.yaml")
_TWO = ("a file of rules", "no exceptions", "an unknown key in an exception")
"""What is there and should not be, and what should and is not."""


def cases() -> Iterator[Case]:
    """Yield all rows of this kind."""
    for name, data in {**{n: t.encode() for n, t in TEXTS.items()}, **BYTES}.items():
        yield Case(
            kind="exceptions",
            name=name,
            arguments=ARGUMENTS,
            files={"e.yaml": data},
            sentences=2 if name in _TWO else 1,
        )
    for name, prepare in PLACES.items():
        yield Case(kind="exceptions", name=name, arguments=ARGUMENTS, prepare=prepare)
