"""Files of rules that are none, are broken, or hold an expression that can't be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bad_input.case import SECRET, Case

_VIOLATION = "opens_to_world(r.ingress, 22)"
_SOUND = f"""\
rules:
  - id: ACME-SG-001
    title: SSH open
    resource: [aws_security_group]
    violation: {_VIOLATION}
    severity: {{base: high}}
    why: because
"""
_ONE = _SOUND.partition("\n")[2]


def _with(old: str, new: str) -> str:
    assert old in _SOUND
    return _SOUND.replace(old, new)


def _when(expression: str) -> str:
    return _with(_VIOLATION, expression)


TEXTS: Mapping[str, str] = {
    "an empty file": "",
    "a list": _ONE,
    "a word": f"{SECRET}\n",
    "an HTML page": "<!DOCTYPE html><html><body>Sign in</body></html>\n",
    "JSON cut off": '{"rules": [{"id": "A"',
    "two documents": f"{_SOUND}---\n{_SOUND}",
    "a tab for indentation": _with("    title", "\ttitle"),
    "a control character": _with("SSH open", "a\x07b"),
    "an object of Python's": _with("because", "!!python/object/apply:os.system [id]"),
    "an alias inside its own anchor": "rules: &a [*a]\n",
    "a merge key": f"{_SOUND}    <<: {{a: b}}\n",
    "lists nested 20,000 deep": f"rules: {'[' * 20_000}",
    "30,000 values": _with("[aws_security_group]", f"[{'aws_vpc, ' * 30_000}]"),
    "a file of 2 MB": f"{_SOUND}{'# x' * 700_000}\n",
    "a rule as text": f"rules: [{SECRET}]\n",
    "rules as an object": "rules: {a: b}\n",
    "the same key twice": f"{_SOUND}    why: again\n",
    "the same id twice": f"{_SOUND}{_ONE}",
    "an unknown key": f"{_SOUND}    severty: high\n",
    "an id in small letters": _with("ACME-SG-001", "acme-sg-001"),
    "an id with an escape": _with("id: ACME-SG-001", 'id: "\\e[2J"'),
    "no title": _with("    title: SSH open\n", ""),
    "a title of 500 characters": _with("SSH open", "w" * 500),
    "no severity": _with("    severity: {base: high}\n", ""),
    "a severity that is none": _with("base: high", "base: hihg"),
    "a severity as a number": _with("base: high", "base: 4"),
    "an adjuster without a condition": _with("base: high", "base: high, adjust: [{to: low}]"),
    "an adjuster that is broken": _with(
        "base: high", "base: high, adjust: [{to: low, when: '1 +'}]"
    ),
    "an adjuster of unknown evidence": _with(
        "base: high", "base: high, adjust: [{to: low, when: ctx.exposre.x > 0}]"
    ),
    "no reason why": _with("    why: because\n", ""),
    "no type": _with("[aws_security_group]", "[]"),
    "a type that is not read": _with("aws_security_group", "aws_securty_group"),
    "a mode that is none": f"{_SOUND}    remediation: {{mode: always}}\n",
    "no limit": f"{_SOUND}    remediation: {{max_per_cycle: 0}}\n",
    "a deletion that is none": f"{_SOUND}    on_deleted: maybe\n",
    "a rule that nothing violates": _with(f"    violation: {_VIOLATION}\n", ""),
    "a parameter with a hyphen": f"{_SOUND}    parameters: {{a-b: 1}}\n",
    "an unknown parameter": _when("r.name == ctx.parameters.nme"),
    "an expression as a list": _when("[a]"),
    "an expression as a number": _when("1"),
    "an expression cut off": _when("r.ingress.exists(p,"),
    "an expression of 30,000 characters": _when("true" + " || true" * 3_700),
    "parentheses 100 deep": _when("(" * 100 + "true" + ")" * 100),
    "lists 5,000 deep": _when(f"'{'[' * 5000}{']' * 5000} == []'"),
    "an unknown function": _when("opens_to_wrld(r.ingress, 22)"),
    "an unknown variable": _when("resource.name == 'a'"),
    "an unknown attribute": _when("r.ingres == null"),
    "an attribute of another type": _when("r.kms_master_key_id == null"),
    "an unknown part of the drift": _when("drift.knd == 'changed'"),
    "an unknown part of the context": _when("ctx.acount == ''"),
    "a function with too few arguments": _when("covers_port(22)"),
    "a function with a text for a port": _when("opens_to_world(r.ingress, '22')"),
    "an expression that gives a text": _when("'yes'"),
    "an expression that gives a number": _when("1 + 1"),
    "an assignment": _when("r.name = 'a'"),
    "a text that is never closed": _when("'r.name == \"a'"),
    "another language": _when("lambda r - r"),
}

BYTES: Mapping[str, bytes] = {
    "bytes that are not UTF-8": _SOUND.encode().replace(b"because", b"\xff\xfe"),
    "UTF-16": _SOUND.encode("utf-16"),
}

PLACES: Mapping[str, Callable[[Path], object]] = {
    "not there": lambda folder: None,
    "a pipe nobody writes to": lambda folder: os.mkfifo(folder / "r.yaml"),
    "a link to itself": lambda folder: (folder / "r.yaml").symlink_to("r.yaml"),
    "a device without an end": lambda folder: (folder / "r.yaml").symlink_to("/dev/zero"),
}
_CONFIGURATION = """\
version: 1
stacks: [{name: a, state: terraform.tfstate}]
policy: {%s}
"""
SETTINGS: Mapping[str, str] = {
    "an override of a rule that is none": "override: [{rule: DG-AWS-SG-01, severity: low}]",
    "an override of a parameter that is none": "override: [{rule: DG-AWS-SG-001, "
    "parameters: {nothing: 1}}]",
    "a rule switched off without a reason": "disable: [{rule: DG-AWS-SG-001}]",
    "a rule switched off that is none": "disable: [{rule: DG-AWS-SG-01, reason: a}]",
    "a file of exceptions that is not there": "exceptions: nowhere.yaml",
}


def cases() -> Iterator[Case]:
    """Yield all rows of this kind: a scan that is told to rate by such a file."""
    named = _CONFIGURATION % "rules: r.yaml"
    arguments = ("scan", "--config", "c.yaml", "--replay", "recording")
    for name, data in {**{n: t.encode() for n, t in TEXTS.items()}, **BYTES}.items():
        files = {"c.yaml": named.encode(), "r.yaml": data}
        yield Case(kind="rules", name=name, arguments=arguments, files=files)
    for name, prepare in PLACES.items():
        files = {"c.yaml": named.encode()}
        yield Case(kind="rules", name=name, arguments=arguments, files=files, prepare=prepare)
    for name, text in SETTINGS.items():
        files = {"c.yaml": (_CONFIGURATION % text).encode()}
        yield Case(kind="rules", name=name, arguments=arguments, files=files)
