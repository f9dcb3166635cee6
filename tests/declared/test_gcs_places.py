"""States in Google Cloud Storage, over a fake of its JSON API."""

from __future__ import annotations

import base64
import gzip
import json
import sys
import types
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c
import pytest
from google.auth import exceptions as auth_errors

from driftguard.clock import SystemClock
from driftguard.declared.gcs import _failure
from driftguard.declared.place import PlaceOptions
from driftguard.declared.places import read_places
from driftguard.model import Stack
from driftguard.redact import Redactor
from tests.declared.web_server import Reply, serving, state


class Storage:
    """One bucket, `states`; an object is its bytes, or the status that it is refused with."""

    def __init__(self):
        self.objects = {}
        self.encodings = {}
        self.list_status = 200
        self.page = 2
        self.is_corrupt = False

    def __call__(self, asked):
        url = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = unquote(url.path)
        if path == "/storage/v1/b/states/o":
            return self._listing(query)
        name = path.partition("/b/states/o/")[2]
        content = self.objects.get(name, 404)
        if isinstance(content, int):
            return Reply(status=content, body=b'{"error": {"message": "hunter2-s3cr3t"}}')
        if path.startswith("/download/"):
            assert "7" == query["ifGenerationMatch"]
            return self._media(name, content)
        return Reply(
            headers={"Content-Type": "application/json"},
            body=json.dumps(
                {
                    "name": name,
                    "bucket": "states",
                    "size": str(len(content)),
                    "generation": "7",
                    "contentEncoding": self.encodings.get(name),
                }
            ).encode(),
        )

    def _media(self, name, content):
        told = b"something else" if self.is_corrupt else content
        digest = base64.b64encode(google_crc32c.Checksum(told).digest()).decode()
        headers = {"X-Goog-Hash": f"crc32c={digest}"}
        if name in self.encodings:
            headers["Content-Encoding"] = self.encodings[name]
            headers["X-Goog-Stored-Content-Encoding"] = self.encodings[name]
        return Reply(headers=headers, body=content)

    def _listing(self, query):
        if self.list_status != 200:
            return Reply(status=self.list_status, body=b'{"error": {"message": "hunter2-s3cr3t"}}')
        names = sorted(one for one in self.objects if one.startswith(query.get("prefix", "")))
        begin = int(query.get("pageToken", "0"))
        end = begin + self.page
        answer = {"items": [{"name": name} for name in names[begin:end]]}
        answer |= {"nextPageToken": str(end)} if end < len(names) else {}
        headers = {"Content-Type": "application/json"}
        return Reply(headers=headers, body=json.dumps(answer).encode())


@pytest.fixture
def storage(monkeypatch):
    fake = Storage()
    with serving(fake) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        yield fake


def read(*places, **options):
    stack = Stack(name="s", places=places)
    return read_places([stack], PlaceOptions(**options), Redactor(), SystemClock())


def names(found):
    return [one.address.name for one in found.resources]


def test_an_object_is_read(storage):
    storage.objects["env/prod ä?#.state"] = state("a")
    found = read("gs://states/env/prod ä?#.state")
    assert (["a"], ()) == (names(found), found.problems)
    assert "gs://states/env/prod ä?#.state" == found.resources[0].provenance.place


def test_all_states_below_a_prefix_are_read_over_all_pages(storage):
    for key in ("p/default.tfstate", "p/prod.tfstate", "p/default.tflock", "p/q/x.tfstate", "o/y"):
        storage.objects[key] = state(key.replace("/", "-").partition(".")[0])
    assert ["p-default", "p-prod", "p-q-x"] == names(read("gs://states/p/"))
    assert 3 == len(names(read("gs://states")))


def test_a_glob_is_read(storage):
    for key in ("a/prod.tfstate", "b/prod.tfstate", "b/c/prod.tfstate", "a/dev.tfstate"):
        storage.objects[key] = state(key.replace("/", "-").partition(".")[0])
    assert ["a-prod", "b-prod"] == names(read("gs://states/*/prod.tfstate"))
    assert ["a-prod", "b-c-prod", "b-prod"] == names(read("gs://states/**/prod.tfstate"))


def test_each_object_that_cannot_be_read_hides_no_other(storage):
    storage.objects = {"a.tfstate": 403, "b.tfstate": state("b"), "c.tfstate": b"{"}
    found = read("gs://states/", "gs://states/none", "gs://")
    assert ["b"] == names(found)
    denied, cut, absent, empty = found.problems
    assert "gs://states/a.tfstate may not be read: access denied (403). Grant storage.obj" in denied
    assert "cut off" in cut
    assert "gs://states/none does not exist" in absent
    assert "names no bucket" in empty
    assert "hunter2" not in str(found.problems)


@pytest.mark.parametrize(("status", "said"), [(403, "Grant storage.objects.list"), (404, "exist")])
def test_a_listing_that_is_refused_is_told(storage, status, said):
    storage.list_status = status
    assert said in read("gs://states/p/").problems[0]


def test_bounds_are_kept(storage):
    storage.objects = {f"{name}.tfstate": state(name) for name in "abc"}
    assert "larger than the limit" in read("gs://states/a.tfstate", max_bytes=20).problems[0]
    assert "more than 2 states" in read("gs://states/", max_states=2).problems[0]
    assert "longer than a state may take" in read("gs://states/", total_timeout=0.0).problems[0]
    assert "longer than a" in read("gs://states/a.tfstate", total_timeout=0.0).problems[0]
    assert "no *.tfstate below" in read("gs://states/none/").problems[0]
    assert "nothing matches" in read("gs://states/x*").problems[0]


def test_gzip_is_unpacked_within_the_bounds(storage):
    storage.objects = {"a": gzip.compress(state("a")), "bomb": gzip.compress(b" " * 9_000_000)}
    storage.encodings = dict.fromkeys(storage.objects, "gzip")
    assert ["a"] == names(read("gs://states/a"))
    assert "larger than the limit" in read("gs://states/bomb", max_bytes=100_000).problems[0]


def test_content_that_is_not_what_was_stored_is_refused(storage):
    storage.objects["a"] = state("a")
    storage.is_corrupt = True
    found = read("gs://states/a")
    assert [] == names(found)
    assert "did not arrive as it was stored" in found.problems[0]


def test_credentials_that_are_missing_or_refused_are_told():
    missing = _failure(auth_errors.DefaultCredentialsError("s3cr3t"), "gs://b/x")
    assert "there are no Google credentials" in str(missing)
    refused = _failure(auth_errors.RefreshError("s3cr3t"), "gs://b/x")
    assert "does not accept the credentials" in str(refused)
    assert "did not answer (OSError)" in str(_failure(OSError("s3cr3t"), "gs://b/x"))


def test_without_its_library_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.storage", None)
    assert "pip install 'driftguard[gcs]'" in read("gs://states/a").problems[0]


def test_a_library_that_does_not_start_hides_no_other_place(monkeypatch, tmp_path):
    class Broken(types.ModuleType):
        def __getattr__(self, name):
            raise RuntimeError("an incompatible version")

    monkeypatch.setitem(sys.modules, "google.cloud.storage", Broken("google.cloud.storage"))
    (tmp_path / "a.tfstate").write_bytes(state("a"))
    found = read("gs://states/a", str(tmp_path))
    assert ["a"] == names(found)
    assert "does not start (RuntimeError)" in found.problems[0]
