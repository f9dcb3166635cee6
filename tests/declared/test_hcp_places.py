"""Workspaces of Terraform Enterprise, over a fake of its API."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from driftguard.clock import SystemClock
from driftguard.declared import hcp
from driftguard.declared.place import PlaceAccess, PlaceOptions, WebAccess
from driftguard.declared.places import read_places
from driftguard.model import Stack
from driftguard.redact import Redactor
from tests.declared.web_server import Reply, certificate, serving, state

TOKEN = "abc.atlasv1.s3cr3tS3cr3t"


class Api:
    """Terraform Enterprise: its answers by workspace, and a store that wants no token."""

    def __init__(self, store):
        self.store = store
        self.workspaces = {"prod-a": 200, "prod-b": 200, "dev": 200}
        self.page = 2
        self.closed = set()
        self.link = ""

    def __call__(self, asked):
        url = urlsplit(asked.path)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(status=401)
        if url.path == "/api/v2/organizations/shop/workspaces":
            return self._listing(parse_qs(url.query))
        if found := re.fullmatch(r"/api/v2/organizations/shop/workspaces/([\w-]+)", url.path):
            name = found[1]
            return (
                self._json({"data": {"id": f"ws-{name}"}})
                if name in self.workspaces
                else Reply(status=404)
            )
        if found := re.fullmatch(r"/api/v2/workspaces/ws-([\w-]+)/current-state-version", url.path):
            status = self.workspaces[found[1]]
            link = self.link or f"{self.store}/{found[1]}"
            answer = self._json({"data": {"attributes": {"hosted-state-download-url": link}}})
            return answer if status == 200 else Reply(status=status)
        if found := re.fullmatch(r"/hosted/([\w-]+)", url.path):
            return Reply(status=302, headers={"Location": f"{self.store}/{found[1]}"})
        return Reply(status=404)

    def _listing(self, query):
        begin = (int(query["page[number]"][0]) - 1) * self.page
        names = sorted(self.workspaces)
        following = query["page[number]"][0] if begin + self.page < len(names) else None
        data = [
            {
                "id": f"ws-{name}",
                "attributes": {
                    "name": name,
                    "permissions": {"can-read-state-versions": name not in self.closed},
                },
            }
            for name in names[begin : begin + self.page]
        ]
        page = int(following) + 1 if following else None
        return self._json({"data": data, "meta": {"pagination": {"next-page": page}}})

    def _json(self, value):
        return Reply(body=json.dumps(value).encode())


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    for name in ("TFE_TOKEN", "TFE_ADDRESS", "TFE_HOSTNAME", "TF_TOKEN_app_terraform_io"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TF_TOKEN_127_0_0_1", TOKEN)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def store(pem):
    with serving(lambda asked: Reply(body=state(asked.path[1:])), tls=pem) as one:
        yield one


@pytest.fixture
def server(pem, store):
    with serving(Api(store.url), tls=pem) as one:
        yield one


@pytest.fixture
def read(server, pem):
    def reading(*workspaces, **options):
        web = (WebAccess(address=server.url, ca_file=str(pem)),)
        places = tuple(f"tfe://127.0.0.1:{server.port}/{one}" for one in workspaces)
        limits = PlaceOptions(access=PlaceAccess(web=web), **options)
        return read_places([Stack(name="s", places=places)], limits, Redactor(), SystemClock())

    return reading


def names(found):
    return [one.address.name for one in found.resources]


def test_a_workspace_is_read_and_its_store_never_sees_the_token(read, store, server):
    found = read("shop/prod-a")
    assert (["prod-a"], ()) == (names(found), found.problems)
    assert f"tfe://127.0.0.1:{server.port}/shop/prod-a" == found.resources[0].provenance.place
    assert ["/prod-a"] == [one.path for one in store.asked]
    assert TOKEN not in str(store.asked)


def test_a_link_to_its_own_server_goes_with_the_token_and_on_without_it(read, store, server):
    server.answer.link = f"{server.url}/hosted/dev"
    assert ["dev"] == names(read("shop/dev"))
    assert TOKEN not in str(store.asked)


def test_a_glob_is_read_over_all_pages_in_order(read, server):
    server.answer.workspaces |= {f"prod-{letter}": 200 for letter in "zyxc"}
    assert [f"prod-{letter}" for letter in "abcxyz"] == names(read("shop/prod-*"))
    asked = [one.path for one in server.asked if "wildcard" in one.path]
    assert 4 == len(asked)
    assert "search%5Bwildcard-name%5D=prod-%2A" in asked[0]


def test_a_workspace_never_applied_is_a_warning_in_a_glob_and_a_problem_by_name(read, server):
    server.answer.workspaces["prod-b"] = 404
    found = read("shop/*")
    assert (["dev", "prod-a"], ()) == (names(found), found.problems)
    assert "prod-b has no state yet" in found.warnings[0]
    assert "has no state yet, or the token may not read it" in read("shop/prod-b").problems[0]


def test_a_workspace_that_may_not_be_read_is_a_problem_in_a_glob_too(read, server):
    server.answer.workspaces |= {"prod-b": 404, "dev": 403}
    server.answer.closed = {"prod-b"}
    found = read("shop/*")
    assert ["prod-a"] == names(found)
    first, second = found.problems
    assert "dev may not be read: access denied (403). Grant 'Read state versions'" in first
    assert "prod-b has no state yet, or the token may not read it" in second


def test_a_glob_without_any_state_is_a_problem(read, server):
    server.answer.workspaces = {"dev": 404}
    for pattern in ("shop/nothing-*", "shop/*"):
        assert "no workspace that matches has one" in read(pattern).problems[0]


def test_more_workspaces_than_the_limit_are_refused(read):
    assert "more than 2 workspaces" in read("shop/*", max_states=2).problems[0]


def test_a_listing_that_never_ends_has_an_end(read, server):
    api, count = server.answer, []

    def endless(asked):
        count.append(1)
        meta = {"pagination": {"next-page": len(count) + 1}}
        return api._json({"data": [], "meta": meta})

    server.answer = endless
    assert "more than 100 workspaces" in read("shop/*", max_states=100).problems[0]


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "does not accept the credentials"), (403, "Grant 'Read state versions'"),
     (404, "does not exist, or the token may not see it (404)")],
)  # fmt: skip
def test_each_refusal_has_its_sentence(read, server, status, said):
    server.answer = lambda _: Reply(status=status)
    assert said in read("shop/dev").problems[0]
    assert said in read("shop/d*").problems[0]


def test_429_is_tried_again(read, server):
    api = server.answer
    server.answer = lambda asked: (
        Reply(status=429, headers={"Retry-After": "0"}) if len(server.asked) == 1 else api(asked)
    )
    assert ["dev"] == names(read("shop/dev"))


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {"id": 7}}', b"", b"[" * 100_000,
     b'{"data": {"id": "ws-1", "attributes": {"hosted-state-download-url": 7}}}',
     b'{"data": {"id": "ws-1", "attributes": {"hosted-state-download-url": "http://127.0.0.1/"}}}',
     b'{"data": {"id": "x", "attributes": {"hosted-state-download-url": "https://169.254.169.254/"}}}'],
)  # fmt: skip
def test_what_is_not_the_api_is_one_sentence(read, server, answer):
    server.answer = lambda _: Reply(body=answer)
    for workspace in ("shop/dev", "shop/*"):
        (problem,) = read(workspace).problems
        assert problem.startswith("tfe://127.0.0.1")
        assert "\n" not in problem


@pytest.mark.parametrize(
    "place",
    ["hcp://", "hcp://shop", "hcp://shop/", "hcp://a/b/c", "hcp://*/x", "tfe://h/a", "tfe://h/a/b/c",
     "tfe://user:pw@h/a/b", "hcp://a/b?c", "hcp://../b", "tfe://h:x/a/b", "hcp://a/b%2e"],
)  # fmt: skip
def test_what_names_no_workspace_is_refused(place):
    options = PlaceOptions()
    stack = Stack(name="s", places=(place,))
    (problem,) = read_places([stack], options, Redactor(), SystemClock()).problems
    assert "names no workspace" in problem
    assert "pw" not in problem


def token(host, monkeypatch, **environment):
    from driftguard.declared.hcp_token import token_for  # noqa: PLC0415  # beside its tests

    return token_for(host, environment, "tfe://x")


def test_a_token_is_found_where_terraform_finds_it(tmp_path, monkeypatch):
    folder = tmp_path / ".terraform.d"
    folder.mkdir()
    (folder / "credentials.tfrc.json").write_text(
        json.dumps({"credentials": {"tfe.my-shop.example": {"token": "from login"}}})
    )
    home = {"HOME": str(tmp_path)}
    host = "tfe.my-shop.example"
    own = {"TF_TOKEN_tfe_my__shop_example": "own"}
    assert "from login" == token(host, monkeypatch, **home)
    assert "from login" == token(host, monkeypatch, TFE_TOKEN="hcp", **home)
    assert "tfe" == token(host, monkeypatch, TFE_TOKEN="tfe", TFE_HOSTNAME=host, **home)
    assert "tfe" == token(host, monkeypatch, TFE_TOKEN="tfe", TFE_ADDRESS=f"https://{host}/")
    assert "own" == token(host, monkeypatch, TFE_TOKEN="tfe", TFE_HOSTNAME=host, **own)
    assert "hcp" == token("app.terraform.io", monkeypatch, TFE_TOKEN="hcp")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"credentials": {"127.0.0.1": {"token": 7}}}'])
def test_no_token_says_where_to_put_one(read, monkeypatch, tmp_path, content):
    monkeypatch.delenv("TF_TOKEN_127_0_0_1")
    (tmp_path / ".terraform.d").mkdir()
    (tmp_path / ".terraform.d" / "credentials.tfrc.json").write_text(content)
    (problem,) = read("shop/dev").problems
    assert "Set TF_TOKEN_127_0_0_1, or run: terraform login 127.0.0.1" in problem


def test_hcp_is_terraforms_own_host():
    location = hcp._parsed("hcp://shop/prod")
    assert "https://app.terraform.io/api/v2/x" == str(location.address("x"))
    assert "hcp://shop/prod" == location.name(location.workspace)
