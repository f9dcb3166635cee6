"""Command lines that can't be carried out, and outputs that can't be written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bad_input.case import GOOD, SECRET, UNKNOWN, USAGE, Case
from tests.bad_input.configurations import ARABIC

_SCAN = ("scan", *GOOD)

WRONG: Mapping[str, tuple[str, ...]] = {
    "an unknown subcommand": ("scna",),
    "an empty subcommand": ("",),
    "a subcommand with an escape": ("\x1b[2J",),
    "an argument too many": ("scan", "x"),
    "an unknown option": ("scan", "--repaly", "x"),
    "an unknown short option": ("scan", "-z"),
    "an option without its value": ("scan", "--state"),
    "a flag with a value": (*_SCAN, "--strict=yes"),
    "nothing declared": ("scan", "--replay", "recording"),
    "explain without an address": ("explain", *GOOD),
    "explain of an empty address": ("explain", *GOOD, ""),
    "explain of two addresses": ("explain", *GOOD, "a.b", "c.d"),
    "iam-policy of nothing": ("iam-policy",),
    "iam-policy for an unknown type": ("iam-policy", "--read", "--type", "aws_nothing"),
    "iam-policy for an empty type": ("iam-policy", "--read", "--type", ""),
    "types of an unknown subcommand": ("types", "shwo"),
    "types show without a name": ("types", "show"),
    "types show of an unknown type": ("types", "show", "aws_s3_buckte"),
    "types new without a collection": ("types", "new", "aws_x"),
    "types new outside the table": ("types", "new", "../../x", "--collection", "ec2.vpcs"),
    "types new with a collection that can't be": ("types", "new", "aws_xy", "--collection", "../x"),
    "schema without a name": ("schema",),
    "schema of something else": ("schema", "state"),
    "demo on a port that can't be": ("demo", "--port", "65536"),
    "demo on a port below zero": ("demo", "--port", "-1"),
    "demo on a port in words": ("demo", "--port", "http"),
    "--record and --replay": (*_SCAN, "--record", "new"),
    "two formats in one file": (*_SCAN, "--format", "json=x", "--format", "sarif=./x"),
    "two formats on the screen": (*_SCAN, "--format", "json", "--format", "sarif"),
    "--external-id without a role": (*_SCAN, "--external-id", "x"),
    "the report and the metrics in one file": (
        *_SCAN, "--output", "x", "--metrics-textfile", "./x",
    ),
    **{
        f"{option} with an empty value": (*_SCAN, option, "")
        for option in (
            "--config", "--state", "--region", "--profile", "--role-arn", "--endpoint-url",
            "--replay", "--deadline", "--include", "--exclude", "--format", "--output",
            "--fail-on", "--record", "--metrics-textfile", "--log-level",
        )
    },
    **{
        f"--deadline {value}": (*_SCAN, f"--deadline={value}")
        for value in ("0", "-0", "-1", "nan", "inf", "-inf", "1e999", "86401", "soon", "5s", "0x5")
    },
    **{
        f"--region {value!r}": (*_SCAN, "--region", value)
        for value in (
            "frankfurt", "eu-central", "eu-central-1a", "EU-CENTRAL-1", " eu-central-1", "*",
            "eu-central-1,us-east-1", "../..", "eu-central-\u0661", "eu-central-1\n", "x" * 5_000,
        )
    },
    **{f"--fail-on {value!r}": (*_SCAN, "--fail-on", value) for value in ("severe", "3", "none")},
    **{
        f"--format {value!r}": (*_SCAN, "--format", value)
        for value in ("xml", "../x", "json,json", "sarif=", "=x")
    },
    **{
        f"--role-arn {value!r}": (*_SCAN, "--role-arn", value)
        for value in (
            "reader", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x",
            f"arn:aws:iam::{ARABIC * 12}:role/x", "arn:aws:iam::111122223333:role/", SECRET,
        )
    },
    **{
        f"--endpoint-url {value!r}": ("scan", "--state", "terraform.tfstate",
                                      "--endpoint-url", value)
        for value in (
            "localhost:5000", "ftp://localhost", "file:///etc/passwd", "http://", "https:///x",
            "http://[::1", "http://a b/", "http://localhost:99999", "http://localhost:port",
            "http://x\x00y", "http://user:" + SECRET + "@localhost:1",
        )
    },
    "--log-level of nonsense": (*_SCAN, "--log-level", "loud"),
    "--log-format of nonsense": (*_SCAN, "--log-format", "xml"),
}  # fmt: skip

_Prepare = Callable[[Path], object]


def _folder(name: str) -> _Prepare:
    return lambda folder: (folder / name).mkdir()


def _at(name: str, make: _Prepare) -> _Prepare:
    return lambda folder: make(folder / name)


def _filled(folder: Path) -> None:
    (folder / "new").mkdir()
    (folder / "new" / "photo.jpg").write_bytes(b"x")


def _loop(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")


BASELINES: Mapping[str, bytes] = {
    "empty": b"",
    "cut off": b'{"schema_version": 1, "findings": [',
    "not UTF-8": b"\xff\xfe",
    "an HTML page": b"<html></html>",
    "a list": b"[]",
    "null": b"null",
    "no findings": b'{"schema_version": 1}',
    "findings as text": b'{"schema_version": 1, "findings": "x"}',
    "a finding as a number": b'{"schema_version": 1, "findings": [5]}',
    "a fingerprint as a list": b'{"schema_version": 1, "findings": [{"fingerprint": []}]}',
    "version 99": b'{"schema_version": 99, "findings": []}',
    "nested deep": b"[" * 100_000,
    "a state": b'{"version": 4, "resources": []}',
}

UNWRITABLE: Mapping[str, tuple[tuple[str, ...], _Prepare]] = {
    "--output into a folder": (("--output", "new"), _folder("new")),
    "--output into the folder itself": (("--output", "."), lambda _: None),
    "--output below a file": (("--output", "terraform.tfstate/x"), lambda _: None),
    "--output in no folder": (("--output", "no/where"), lambda _: None),
    "--output with a null byte": (("--output", "a\0b"), lambda _: None),
    "--output with a name too long": (("--output", "x" * 300), lambda _: None),
    "--output on a link to itself": (("--output", "loop"), _loop),
    "--output on a full disk": (("--output", "/dev/full"), lambda _: None),
    "--metrics-textfile into a folder": (("--metrics-textfile", "new"), _folder("new")),
    "--metrics-textfile in no folder": (("--metrics-textfile", "no/where"), lambda _: None),
    "--metrics-textfile with a null byte": (("--metrics-textfile", "a\0b"), lambda _: None),
}

RECORD: Mapping[str, tuple[str, _Prepare]] = {
    "--record into a folder with photos": ("new", _filled),
    "--record onto a file": ("terraform.tfstate", lambda _: None),
    "--record below a file": ("terraform.tfstate/x", lambda _: None),
    "--record onto a link to itself": ("loop", _loop),
    "--record with a null byte": ("a\0b", lambda _: None),
    "--record onto a pipe": ("pipe", lambda folder: os.mkfifo(folder / "pipe")),
}

PATTERNS = ("aws_nothing", "aws_security_group.web[", "[a-z", "?", "a" * 300, "\x1b[2J", "**x**")


def cases() -> Iterator[Case]:
    """Yield a case for each wrong command line and each place that takes no output."""
    for name, arguments in WRONG.items():
        yield Case(kind="command line", name=name, arguments=arguments, code=USAGE)
    for name, (more, prepare) in UNWRITABLE.items():
        yield Case(kind="output", name=name, arguments=(*_SCAN, *more), prepare=prepare)
    for name, (folder, prepare) in RECORD.items():
        arguments = ("scan", "--state", "terraform.tfstate", "--endpoint-url", "http://127.0.0.1:1")
        yield Case(
            kind="output", name=name, arguments=(*arguments, "--record", folder), prepare=prepare
        )
    for name, data in BASELINES.items():
        yield Case(
            kind="baseline",
            name=name,
            arguments=(*_SCAN, "--baseline", "b.json"),
            files={"b.json": data},
        )
    for name, make in {
        "not there": lambda path: None,
        "a folder": lambda path: path.mkdir(),
        "a pipe nobody writes to": os.mkfifo,
        "a device without an end": lambda path: path.symlink_to("/dev/zero"),
        "a link to itself": lambda path: path.symlink_to(path.name),
    }.items():
        yield Case(
            kind="baseline",
            name=name,
            arguments=(*_SCAN, "--baseline", "b.json"),
            prepare=_at("b.json", make),
        )
    unknown = ("explain", *GOOD, "aws_security_group.wbe")
    yield Case(kind="command line", name="explain of a wrong address", arguments=unknown)
    scaffold = ("types", "new", "aws_xy_z", "--collection", "ec2.things")
    yield Case(kind="command line", name="types new in no checkout", arguments=scaffold)
    misspelt = {"DRIFTGUARD_DEADLINE": "never"}
    yield Case(kind="command line", name="a variable of nonsense", environment=misspelt, code=USAGE)
    for pattern in PATTERNS:
        name = f"--include {pattern[:24]!r} that matches nothing"
        arguments = (*_SCAN, "--format", "json", "--include", pattern)
        yield Case(kind="pattern", name=name, arguments=arguments, code=UNKNOWN, sentences=2)
