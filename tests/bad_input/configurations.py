"""Configuration files that are none, are broken, or say what can't be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bad_input.case import SECRET, Case

ARABIC = "\u0661"
"""The digit one, as Arabic writes it; Python calls it a digit."""
_STACK = "version: 1\nstacks:\n  - name: a\n    state: terraform.tfstate\n"
_BOMB = "version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

TEXTS: Mapping[str, str] = {
    "an empty file": "",
    "comments only": "# nothing\n",
    "null": "null\n",
    "a word": f"{SECRET}\n",
    "a number": "7\n",
    "a list": "- version: 1\n",
    "JSON cut off": '{"version": 1, "stacks": [',
    "an open quote": 'version: 1\nterraform: "x\n',
    "an open bracket": "version: 1\ninclude: [a, b\n",
    "a tab for indentation": "version: 1\nlimits:\n\tdeadline: 5\n",
    "wrong indentation": "version: 1\n  stacks: []\n",
    "a colon too many": "version: 1: 2\n",
    "two documents": f"{_STACK}---\n{_STACK}",
    "a control character": "version: 1\nterraform: a\x07b\n",
    "a null byte": "version: 1\nterraform: a\x00b\n",
    "an unknown directive": "%FOO bar\n--- \nversion: 1\n",
    "YAML 2.0": "%YAML 2.0\n---\nversion: 1\n",
    "an unknown tag": "version: !!python/object/apply:os.system [id]\n",
    "a binary tag": "version: 1\nterraform: !!binary aGVsbG8=\n",
    "a custom tag": f"version: 1\nterraform: !vault {SECRET}\n",
    "an alias without an anchor": "version: 1\nstacks: *nothing\n",
    "an alias inside its own anchor": "version: 1\nstacks: &a [*a]\n",
    "a merge key": "version: 1\nx: &x {strict: true}\ndefaults:\n  <<: *x\n",
    "a billion laughs": _BOMB,
    "lists nested 50 deep": "version: 1\nstacks: " + "[" * 50 + "]" * 50 + "\n",
    "lists nested 20,000 deep": "version: 1\nstacks: " + "[" * 20_000,
    "the same key twice": "version: 1\nversion: 1\n",
    "a list for a key": "version: 1\n? [a]\n: b\n",
    "an HTML page": "<!DOCTYPE html><html><body>Sign in</body></html>\n",
    "a Terraform file": f'provider "aws" {{\n  secret_key = "{SECRET}"\n}}\n',
    "no stacks": "version: 1\n",
    "stacks null": "version: 1\nstacks:\n",
    "no version": "stacks: []\n",
    "version 2": "version: 2\n",
    "version as text": "version: 'one'\n",
    "version true": "version: true\n",
    "version 1.5": "version: 1.5\n",
    "version as a unicode digit": "version: \u0661\n",
    "an unknown key": f"{_STACK}regions: [eu-central-1]\n",
    "an unknown key that holds a secret": f"{_STACK}password: {SECRET}\n",
    "a key like the name of a type of ours": f"{_STACK}Role: 1\n",
    "a key with a bracket": f"{_STACK}a[0]: 1\n",
    "a key of 5,000 characters": f"{_STACK}{'k' * 500}: 1\n",
    "a key with an escape": f'{_STACK}"\\e[2J": 1\n',
    "an empty key": f'{_STACK}"": 1\n',
    "stacks as text": "version: 1\nstacks: a\n",
    "stacks as an object": "version: 1\nstacks: {a: b}\n",
    "a stack as text": "version: 1\nstacks: [a]\n",
    "a stack without a name": "version: 1\nstacks: [{state: x}]\n",
    "a stack without a state": "version: 1\nstacks: [{name: x}]\n",
    "a stack with an empty name": "version: 1\nstacks: [{name: '', state: x}]\n",
    "a stack with an empty state": "version: 1\nstacks: [{name: a, state: ''}]\n",
    "a stack with no states": "version: 1\nstacks: [{name: a, state: []}]\n",
    "a stack's state as a number": "version: 1\nstacks: [{name: a, state: [1]}]\n",
    "a stack's name as a list": "version: 1\nstacks: [{name: [a], state: x}]\n",
    "two stacks of one name": f"{_STACK}  - name: a\n    state: other.tfstate\n",
    "an account of eleven digits": f"{_STACK}    account: 12345678901\n",
    "an account in unicode digits": f"{_STACK}    account: '{ARABIC * 12}'\n",
    "an account as text": f"{_STACK}    account: production\n",
    "the same account twice": (
        f"{_STACK}accounts: [{{account: '111122223333'}}, {{account: '111122223333'}}]\n"
    ),
    "two ways to one account": (
        f"{_STACK}    roles: [{{arn: 'arn:aws:iam::111122223333:role/a'}}]\n"
        "accounts: [{account: '111122223333', profile: b}]\n"
    ),
    "a region that can't be one": f"{_STACK}    regions: [frankfurt]\n",
    "an empty region": f"{_STACK}    regions: ['']\n",
    "a zone for a region": f"{_STACK}    regions: [eu-central-1a]\n",
    "a role that is no ARN": f"{_STACK}    roles: [{{arn: reader}}]\n",
    "a user's ARN for a role": (
        f"{_STACK}    roles: [{{arn: 'arn:aws:iam::111122223333:user/a'}}]\n"
    ),
    "a session name with a blank": (
        f"{_STACK}    roles: [{{arn: 'arn:aws:iam::111122223333:role/a', session_name: a b}}]\n"
    ),
    "an endpoint that is no address": f"{_STACK}endpoint_url: localhost\n",
    "an empty pattern": f"{_STACK}exclude: ['']\n",
    "a severity that is none": f"{_STACK}fail_on: severe\n",
    "strict as text": f"{_STACK}strict: perhaps\n",
    **{
        f"a deadline of {value}": f"{_STACK}limits: {{deadline: {value}}}\n"
        for value in ("0", "-1", ".nan", ".inf", "1e99", "'soon'", "[5]", "86401", "")
    },
    "half an attempt": f"{_STACK}limits: {{attempts: 1.5}}\n",
    "no attempts": f"{_STACK}limits: {{attempts: 0}}\n",
    "129 threads": f"{_STACK}limits: {{parallel: 129}}\n",
    "a state size without an end": f"{_STACK}limits: {{state_size: 1000000000000000000000}}\n",
    "limits as a list": f"{_STACK}limits: [1]\n",
    "limits null": f"{_STACK}limits:\n",
}  # fmt: skip

BYTES: Mapping[str, bytes] = {
    "not UTF-8": b"version: 1\nterraform: \xff\xfe\n",
    "UTF-16": _STACK.encode("utf-16"),
    "over 256 KiB": b"version: 1 #" + b"x" * 300_000,
    "30,000 keys": b"version: 1\n" + b"".join(b"k%d: 1\n" % one for one in range(30_000)),
}

FILES: Mapping[str, Callable[[Path], object]] = {
    "no such file": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe nobody writes to": os.mkfifo,
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
}


def _case(name: str, data: bytes | None, prepare: Callable[[Path], object] | None = None) -> Case:
    return Case(
        kind="configuration",
        name=name,
        arguments=("scan", "--config", "c.yaml", "--replay", "recording"),
        files={} if data is None else {"c.yaml": data},
        prepare=lambda folder: prepare(folder / "c.yaml") if prepare else None,
    )


def cases() -> Iterator[Case]:
    """Yield a case for each text, each bytes and each thing that is no file."""
    for name, text in TEXTS.items():
        yield _case(name, text.encode())
    for name, data in BYTES.items():
        yield _case(name, data)
    for name, prepare in FILES.items():
        yield _case(name, None, prepare)
