"""A folder of recordings is found, bounded and read as something an enemy may have made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from driftguard.errors import LiveError
from driftguard.live import recorded as folders
from driftguard.live.recorded import MANIFEST
from driftguard.live.replay import ReplayReaders
from tests.live.folders import reader, reason, record


def test_the_one_recording_below_a_folder_is_found(tmp_path: Path) -> None:
    record(tmp_path / "pair" / "api" / "test_x", "ec2.DescribeVpcs_1", {"Vpcs": []})

    assert [] == list(reader(tmp_path / "pair").pages("ec2", "DescribeVpcs", "Vpcs").items)


def test_two_recordings_are_ambiguous(tmp_path: Path) -> None:
    record(tmp_path / "a", "ec2.DescribeVpcs_1", {"Vpcs": []})
    record(tmp_path / "b", "ec2.DescribeVpcs_1", {"Vpcs": []})

    with pytest.raises(LiveError, match=r"holds 2 recordings.*: a, b\."):
        ReplayReaders(tmp_path)


def test_a_folder_without_recordings_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")

    with pytest.raises(LiveError, match="holds no recording"):
        ReplayReaders(tmp_path)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LiveError, match=r"can't be read \(No such file"):
        ReplayReaders(tmp_path / "nowhere")


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")

    with pytest.raises(LiveError, match="not a folder"):
        ReplayReaders(tmp_path / "file")


def test_symlinked_folders_are_not_searched(tmp_path: Path) -> None:
    record(tmp_path / "elsewhere", "ec2.DescribeVpcs_1", {"Vpcs": []})
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(LiveError, match="holds no recording"):
        ReplayReaders(tmp_path / "given")


@pytest.mark.parametrize("manifest", ["[]", "{", '{"format": "other", "version": 1}'])
def test_a_broken_manifest_is_an_error(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)

    with pytest.raises(LiveError, match=r"manifest|broken"):
        ReplayReaders(tmp_path)


def test_a_later_format_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"format": "driftguard-recording", "version": 2}')

    with pytest.raises(LiveError, match="version that made it"):
        ReplayReaders(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b'{"status_code": 200, "data": {"Vpcs": [',
        b"[]",
        b"\xff\xfe",
        b'{"data": {}}',
        b'{"status_code": true, "data": {}}',
        b'{"status_code": 200, "data": []}',
        b"[" * 200_000,
        b'{"status_code": 200, "data": {"Vpcs": ' + b"[" * 90 + b"]" * 90 + b"}}",
        b'{"status_code": 200, "data": {"Vpcs": [{"__class__": "datetime", "year": 99999}]}}',
        b'{"status_code": 200, "data": {"Vpcs": [{"__class__": "datetime", "year": "x"}]}}',
        b'{"status_code": 200, "data": {"Vpcs": [{"__class__": "bytes", "base64": "*"}]}}',
        b'{"status_code": 200, "data": {"Vpcs": ' + b"9" * 5000 + b"}}",
    ],
)
def test_a_malformed_file_is_unread_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ec2.DescribeVpcs_1.json").write_bytes(content)

    assert reason(reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")).startswith(
        "the recording ec2.DescribeVpcs_1.json is malformed: "
    )


@pytest.mark.parametrize("listed", ["text", 3, {"a": 1}])
def test_a_list_that_is_none_is_malformed(tmp_path: Path, listed: object) -> None:
    record(tmp_path, "ec2.DescribeVpcs_1", {"Vpcs": listed})

    assert "malformed: it has no Vpcs" in reason(
        reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")
    )


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    record(tmp_path / "elsewhere", "secret", {"Vpcs": []})
    record(tmp_path / "given", "ec2.DescribeSubnets_1", {"Subnets": []})
    (tmp_path / "given" / "ec2.DescribeVpcs_1.json").symlink_to(
        tmp_path / "elsewhere" / "secret.json"
    )

    assert "leads out of the folder" in reason(
        reader(tmp_path / "given").pages("ec2", "DescribeVpcs", "Vpcs")
    )


def test_a_pipe_does_not_hang_the_scan(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ec2.DescribeVpcs_1.json")

    assert "it is not a file" in reason(reader(tmp_path).call("ec2", "DescribeVpcs"))


def test_a_file_over_the_bound_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FILE_BYTES", 100)
    record(tmp_path, "ec2.DescribeVpcs_1", {"Vpcs": [{"VpcId": "x" * 100}]})

    assert "larger than 100 bytes" in reason(reader(tmp_path).call("ec2", "DescribeVpcs"))


def test_all_files_together_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_TOTAL_BYTES", 150)
    for number in (1, 2):
        record(tmp_path, f"ec2.DescribeVpcs_{number}", {"NextToken": "x" * 50, "Vpcs": []})

    assert "larger than" in reason(reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs"))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FILES", 1)
    for number in (1, 2):
        record(tmp_path, f"ec2.DescribeVpcs_{number}", {})

    with pytest.raises(LiveError, match="more than 1 files"):
        ReplayReaders(tmp_path)


def test_half_characters_are_replaced(tmp_path: Path) -> None:
    record(tmp_path, "ec2.DescribeVpcs_1", {"Vpcs": [{"VpcId": "\ud800", "é\udfff": 1}]})

    pages = reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")

    assert [{"VpcId": "?", "é?": 1}] == list(pages.items)
