"""States that are none, or are broken."""

from __future__ import annotations

import bz2
import gzip
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from tests.bad_input.case import SECRET, Case, encoded, sound_state
from tests.cli.conftest import state

SOUND = state().encode()
_DOCUMENT = sound_state()
_HEAD = b'{"version": 4, "serial": 1, "lineage": "x", "resources": '


def _zip() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("terraform.tfstate", SOUND)
    return buffer.getvalue()


CONTENTS: Mapping[str, bytes] = {
    "an empty file": b"",
    "blanks only": b" \r\n\t ",
    "a byte order mark only": b"\xef\xbb\xbf",
    "null bytes": b"\x00" * 64,
    "gzip": gzip.compress(SOUND),
    "bzip2": bz2.compress(SOUND),
    "zip": _zip(),
    "UTF-16": SOUND.decode().encode("utf-16"),
    "UTF-32": SOUND.decode().encode("utf-32"),
    "Latin-1": '{"version": 4, "lineage": "é"}'.encode("latin-1"),
    "a byte that is not UTF-8": SOUND.replace(b"1.9.0", b"1.9.\xff"),
    "an encoded surrogate": SOUND.replace(b"1.9.0", b"\xed\xa0\x80"),
    "an HTML page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "an XML error of S3": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    "HTTP headers before the state": b"HTTP/1.1 200 OK\r\n\r\n" + SOUND,
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "a merge conflict": b"<<<<<<< HEAD\n" + SOUND + b"=======\n",
    "HCL": f'resource "aws_vpc" "main" {{ password = "{SECRET}" }}'.encode(),
    "YAML": f"version: 4\npassword: {SECRET}\n".encode(),
    "INI": f"[default]\naws_secret_access_key = {SECRET}\n".encode(),
    "JSON with comments": b"// state\n" + SOUND,
    "JSON with single quotes": SOUND.replace(b'"', b"'"),
    "JSON with a trailing comma": SOUND[:-1] + b",}",
    "two states in one file": SOUND + SOUND,
    "a line after the state": SOUND + b"\nhello",
    "the text null": b"null",
    "true": b"true",
    "a number": b"4",
    "a negative number": b"-4",
    "NaN": b"NaN",
    "a text": encoded(SECRET),
    "a list": b"[]",
    "a list that holds a state": b"[" + SOUND + b"]",
    "an empty object": b"{}",
    "NaN as the serial": SOUND.replace(b'"serial": 3', b'"serial": NaN'),
    "Infinity as the serial": SOUND.replace(b'"serial": 3', b'"serial": -Infinity'),
    "a serial of 5,000 digits": SOUND.replace(b'"serial": 3', b'"serial": ' + b"9" * 5000),
    "unicode digits": SOUND.replace(b'"version": 4', '"version": \u0664'.encode()),
    "a hexadecimal number": SOUND.replace(b'"version": 4', b'"version": 0x4'),
    "a leading zero": SOUND.replace(b'"version": 4', b'"version": 04'),
    "the version twice": SOUND.replace(b'"version": 4', b'"version": 4, "version": 4'),
    "a resource's type twice": _HEAD + b'[{"type": "a", "type": "b"}]}',
    "a control character in a text": SOUND.replace(b"1.9.0", b"1.9\x1b[2J0"),
    "a line break in a text": SOUND.replace(b"1.9.0", b"1.9\n0"),
    "lists nested 100,000 deep": b"[" * 100_000,
    "objects nested 50,000 deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "resources nested deep": _HEAD + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "show -json of a state": b'{"format_version": "1.0", "values": {}}',
    "show -json of a plan": b'{"format_version": "1.2", "resource_changes": []}',
    "a state of OpenTofu, encrypted": b'{"encrypted_data": "x", "encryption_version": "v0"}',
    "what .terraform keeps of a backend": b'{"version": 3, "backend": {"type": "s3"}}',
    "a lock's information": b'{"ID": "1", "Operation": "OperationTypePlan", "Who": "me"}',
    "a CloudFormation template": b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}',
    "an error as JSON": b'{"errors": [{"status": "404", "title": "not found"}]}',
    "no resources": encoded({k: v for k, v in _DOCUMENT.items() if k != "resources"}),
    "no version": encoded({k: v for k, v in _DOCUMENT.items() if k != "version"}),
    "a truncated state": encoded(_DOCUMENT)[:-200],
    "a state cut in a multi-byte character": '{"version": 4, "lineage": "é'.encode()[:-1],
    **{
        f"resources as {name}": encoded(sound_state(resources=value))
        for name, value in {
            "null": None, "an object": {}, "a text": SECRET, "a number": 5, "true": True,
        }.items()
    },
    **{
        f"version {value!r}": encoded(sound_state(version=value))
        for value in (
            None, True, -1, 0, 1, 2, 3, 5, 6, 10, 99, 10**30, "", "4", "four", 4.5, [4], {"v": 4},
        )
    },
}  # fmt: skip


def _unreadable(folder: Path) -> None:
    """Make reading a file fail, root or not: a link that leads to itself."""
    _replaced(folder, lambda path: path.symlink_to(path.name))


def _replaced(folder: Path, make: Callable[[Path], object]) -> None:
    path = folder / "terraform.tfstate"
    path.unlink()
    make(path)


PLACES: Mapping[str, tuple[str, Callable[[Path], object]]] = {
    "no such file": ("nowhere.tfstate", lambda folder: None),
    "no such folder": ("no/where.tfstate", lambda folder: None),
    "a file taken for a folder": ("terraform.tfstate/x.tfstate", lambda folder: None),
    "an empty name": ("", lambda folder: None),
    "blanks for a name": ("  ", lambda folder: None),
    "a null byte in the name": ("a\0b.tfstate", lambda folder: None),
    "a line break and an escape in the name": ("a\n\x1b[2Jb.tfstate", lambda folder: None),
    "a name of 300 characters": ("x" * 300, lambda folder: None),
    "a name above the root": ("../" * 40 + "nowhere.tfstate", lambda folder: None),
    "a user nobody has": ("~nobody-of-that-name/x.tfstate", lambda folder: None),
    "a glob that matches nothing": ("*.nothing", lambda folder: None),
    "a glob with an open bracket": ("[a-", lambda folder: None),
    "an empty folder": ("empty", lambda folder: (folder / "empty").mkdir()),
    "a link to itself": ("terraform.tfstate", _unreadable),
    "a link to nothing": (
        "terraform.tfstate",
        lambda folder: _replaced(folder, lambda path: path.symlink_to("nothing")),
    ),
    "a pipe nobody writes to": ("terraform.tfstate", lambda folder: _replaced(folder, os.mkfifo)),
    "a device without an end": ("/dev/zero", lambda folder: None),
    "a terminal": ("/dev/tty", lambda folder: None),
    "a scheme that is not known": ("ftp://example.com/x.tfstate", lambda folder: None),
    "no scheme before ://": ("://x", lambda folder: None),
    "an S3 address without a bucket": ("s3://", lambda folder: None),
    "an S3 address without a key": ("s3:///key", lambda folder: None),
    "a bucket that can't be one": ("s3://A_b..c/key", lambda folder: None),
    "a working directory that is not there": ("terraform:nowhere", lambda folder: None),
    "a working directory without a name": ("terraform:", lambda folder: None),
}


def cases() -> Iterator[Case]:
    """Yield a case for each content and each place."""
    for name, data in CONTENTS.items():
        yield Case(kind="state", name=name, files={"terraform.tfstate": data})
    for name, (place, prepare) in PLACES.items():
        arguments = ("scan", "--state", place, "--replay", "recording")
        code = 64 if not place.strip() else 2
        yield Case(kind="place", name=name, arguments=arguments, prepare=prepare, code=code)
    config = b"version: 1\nlimits: {state_size: 1}\n"
    yield Case(
        kind="place",
        name="a state over the limit",
        arguments=("scan", "--config", "c.yaml", "--state", "terraform.tfstate"),
        files={"c.yaml": config, "terraform.tfstate": b" " * (2**20 + 1)},
    )
