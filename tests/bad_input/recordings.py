"""Recordings that are none, and answers of AWS that can't be understood."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bad_input.case import SECRET, Case, encoded
from tests.cli.conftest import ACCOUNT, GROUP, REGION

MANIFEST = "recording/driftguard-recording.json"
GROUPS = "recording/ec2.DescribeSecurityGroups_1.json"
_SCOPE = {"account": ACCOUNT, "region": REGION}
_WHOLE: Mapping[str, Any] = {
    "format": "driftguard-recording", "version": 1, "complete": True, "scopes": [_SCOPE],
}  # fmt: skip
_GROUP: Mapping[str, Any] = {
    "GroupId": GROUP, "GroupName": "web", "Description": "web servers", "OwnerId": ACCOUNT,
    "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": [], "Tags": [],
}  # fmt: skip


def _answer(data: object, **more: object) -> bytes:
    asked = {"scope": _SCOPE, "service": "ec2", "operation": "DescribeSecurityGroups", "params": {}}
    return encoded({**asked, "status_code": 200, "data": data, **more})


def _group(**more: object) -> bytes:
    return _answer({"SecurityGroups": [{**_GROUP, **more}]})


def _error(code: object, status: object = 400, message: object = SECRET) -> bytes:
    return _answer({"Error": {"Code": code, "Message": message}}, status_code=status)


_SOUND = _answer({"SecurityGroups": [_GROUP]})

ANSWERS: Mapping[str, bytes] = {
    "empty": b"",
    "cut off": _SOUND[:-30],
    "an HTML page": b"<html><body>502 Bad Gateway</body></html>",
    "XML": b"<?xml version='1.0'?><Response><Errors/></Response>",
    "gzip": gzip.compress(_SOUND),
    "not UTF-8": _SOUND.replace(b"web servers", b"web \xff"),
    "UTF-16 of something else": "hello".encode("utf-16"),
    "null": b"null",
    "a list": b"[]",
    "a text": encoded(SECRET),
    "nested 100,000 deep": b"[" * 100_000,
    "data nested 200 deep": _answer(json.loads('{"a":' * 200 + "1" + "}" * 200)),
    "no status": encoded({"data": {}}),
    "no data": encoded({"status_code": 200}),
    "a status in words": _answer({"SecurityGroups": [_GROUP]}, status_code="200"),
    "a status of true": _answer({"SecurityGroups": [_GROUP]}, status_code=True),
    "data as a list": _answer([_GROUP]),
    "data null": _answer(None),
    "no SecurityGroups": _answer({}),
    "SecurityGroups null": _answer({"SecurityGroups": None}),
    "SecurityGroups an object": _answer({"SecurityGroups": {}}),
    "SecurityGroups a text": _answer({"SecurityGroups": SECRET}),
    "a next page that is not there": _answer({"SecurityGroups": [], "NextToken": "x"}),
    "a date that is none": _answer({"SecurityGroups": [{"__class__": "datetime", "year": 99999}]}),
    "a date in words": _answer({"SecurityGroups": [{"__class__": "datetime", "year": "x"}]}),
    "a date of true": _answer({"SecurityGroups": [{"__class__": "datetime", "year": 1e400}]}),
    "bytes that are none": _answer({"SecurityGroups": [{"__class__": "bytes", "base64": "*"}]}),
    "another scope": _answer({"SecurityGroups": [_GROUP]}, scope={"account": "1", "region": "x"}),
    "a scope in words": _answer({"SecurityGroups": [_GROUP]}, scope="here"),
    "other parameters": _answer({"SecurityGroups": [_GROUP]}, params={"Filters": [1]}),
    "throttled": _error("RequestLimitExceeded", 503),
    "denied": _error("UnauthorizedOperation", 403),
    "expired": _error("ExpiredToken"),
    "an opt-in region": _error("OptInRequired", 401),
    "a server error": _error("InternalError", 500),
    "an error without a code": _error(None),
    "an error with a list for a code": _error(["x"]),
    "an error of status 200": _error("Odd", 200),
    "an error in words": _answer({"Error": SECRET}, status_code=400),
    "an error code with an escape": _error("\x1b[2J"),
    "an error code of 5,000 characters": _error("x" * 5_000),
    "IpPermissions a text": _group(IpPermissions=SECRET),
    "IpPermissions a number": _group(IpPermissions=5),
    "a rule in words": _group(IpPermissions=[SECRET]),
    "a rule with a port in words": _group(
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": SECRET, "ToPort": 5,
                        "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    ),
    "a rule with an infinite port": _group(
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1e400, "ToPort": 5,
                        "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    ),
    "tags in words": _group(Tags=SECRET),
}  # fmt: skip
"""Each leaves the one declared group unreadable: never missing, never clean."""

_Prepare = Callable[[Path], object]


def _instead(make: _Prepare) -> _Prepare:
    def prepare(folder: Path) -> None:
        (folder / GROUPS).unlink()
        make(folder / GROUPS)

    return prepare


NO_FILES: Mapping[str, _Prepare] = {
    "not there": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link out of the folder": lambda path: path.symlink_to("/etc/passwd"),
    "a pipe nobody writes to": os.mkfifo,
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
}

MANIFESTS: Mapping[str, bytes] = {
    "empty": b"",
    "cut off": encoded(_WHOLE)[:-9],
    "a list": b"[]",
    "not UTF-8": b"\xff\xfe",
    "another format": encoded({**_WHOLE, "format": "x"}),
    "no version": encoded({**_WHOLE, "version": None}),
    "a version in words": encoded({**_WHOLE, "version": "1"}),
    "version 2": encoded({**_WHOLE, "version": 2}),
    "nested deep": b'{"a":' * 50_000,
}


def _two(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / "some" / name).mkdir(parents=True)
        (folder / "some" / name / "ec2.DescribeVpcs_1.json").write_text("{}", encoding="utf-8")


FOLDERS: Mapping[str, tuple[str, _Prepare]] = {
    "a folder that is not there": ("nowhere", lambda folder: None),
    "an empty folder": ("new", lambda folder: (folder / "new").mkdir()),
    "a file": ("terraform.tfstate", lambda folder: None),
    "a link to itself": ("loop", lambda folder: (folder / "loop").symlink_to("loop")),
    "a null byte in the name": ("a\0b", lambda folder: None),
    "a name of 300 characters": ("x" * 300, lambda folder: None),
    "two recordings in one folder": ("some", _two),
    "a pipe": ("pipe", lambda folder: os.mkfifo(folder / "pipe")),
}


def cases() -> Iterator[Case]:
    """Yield a case for each answer, each manifest and each folder."""
    for name, data in ANSWERS.items():
        yield Case(kind="answer", name=name, files={GROUPS: data})
    for name, make in NO_FILES.items():
        yield Case(kind="answer", name=name, prepare=_instead(make))
    for name, data in MANIFESTS.items():
        yield Case(kind="recording", name=f"a manifest, {name}", files={MANIFEST: data})
    for name, (folder, prepare) in FOLDERS.items():
        arguments = ("scan", "--state", "terraform.tfstate", "--replay", folder)
        yield Case(kind="recording", name=name, arguments=arguments, prepare=prepare)
