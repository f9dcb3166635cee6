"""States in Azure Blob Storage, over a fake of its REST API."""

from __future__ import annotations

import gzip
import sys
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from azure.core import exceptions

from driftguard.clock import SystemClock
from driftguard.declared.azurerm_failures import failure
from driftguard.declared.place import PlaceOptions
from driftguard.declared.places import read_places
from driftguard.model import Stack
from driftguard.redact import Redactor
from tests.declared.web_server import Reply, serving, state

KEY = "c2VjcmV0LWFjY291bnQta2V5LXMzY3IzdA=="
VARIABLES = (
    "AZURE_STORAGE_CONNECTION_STRING", "ARM_ACCESS_KEY", "AZURE_STORAGE_KEY", "ARM_SAS_TOKEN",
    "AZURE_STORAGE_SAS_TOKEN", "ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET",
)  # fmt: skip


class Blobs:
    """One container, `states`; a blob is its bytes, or the error that it is refused with."""

    def __init__(self):
        self.blobs = {}
        self.encodings = {}
        self.page = 2
        self.refusal = None

    def __call__(self, asked):
        url = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if not asked.headers.get("authorization", "").startswith("SharedKey shop:"):
            return self._error(403, "AuthenticationFailed")
        if self.refusal:
            return self._error(*self.refusal)
        container, _, name = unquote(url.path).removeprefix("/shop/").partition("/")
        if container != "states":
            return self._error(404, "ContainerNotFound")
        if query.get("comp") == "list":
            return self._listing(query)
        content = self.blobs.get(name, (404, "BlobNotFound"))
        if isinstance(content, tuple):
            return self._error(*content)
        return self._part(name, content, asked.headers)

    def _part(self, name, content, headers):
        begin, _, end = headers["x-ms-range"].removeprefix("bytes=").partition("-")
        part = content[int(begin) : int(end) + 1]
        told = {
            "ETag": '"1"',
            "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
            "Content-Range": f"bytes {begin}-{int(begin) + len(part) - 1}/{len(content)}",
            "x-ms-blob-type": "BlockBlob",
        }
        if name in self.encodings:
            told["Content-Encoding"] = self.encodings[name]
        return Reply(status=206, headers=told, body=part)

    def _listing(self, query):
        names = sorted(one for one in self.blobs if one.startswith(query.get("prefix", "")))
        begin = int(query.get("marker", "0"))
        end = begin + self.page
        items = "".join(
            f"<Blob><Name>{escape(name)}</Name><Properties/></Blob>" for name in names[begin:end]
        )
        marker = str(end) if end < len(names) else ""
        body = f"<EnumerationResults><Blobs>{items}</Blobs><NextMarker>{marker}</NextMarker>"
        return Reply(
            headers={"Content-Type": "application/xml"},
            body=f"{body}</EnumerationResults>".encode(),
        )

    def _error(self, status, code):
        body = f"<Error><Code>{code}</Code><Message>hunter2-s3cr3t</Message></Error>".encode()
        headers = {"x-ms-error-code": code, "Content-Type": "application/xml"}
        return Reply(status=status, headers=headers, body=body)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def blobs(monkeypatch):
    fake = Blobs()
    with serving(fake) as server:
        monkeypatch.setenv(
            "AZURE_STORAGE_CONNECTION_STRING",
            f"DefaultEndpointsProtocol=http;AccountName=shop;AccountKey={KEY};"
            f"BlobEndpoint={server.url}/shop;",
        )
        yield fake


def read(*places, **options):
    stack = Stack(name="s", places=places)
    return read_places([stack], PlaceOptions(**options), Redactor(), SystemClock())


def names(found):
    return [one.address.name for one in found.resources]


def test_a_blob_is_read(blobs):
    blobs.blobs["env/prod ä#.state"] = state("a")
    found = read("azurerm://shop/states/env/prod ä#.state")
    assert (["a"], ()) == (names(found), found.problems)
    assert "azurerm://shop/states/env/prod ä#.state" == found.resources[0].provenance.place


def test_all_states_below_a_prefix_and_their_workspaces_are_read_over_all_pages(blobs):
    for key in ("p/a.tfstate", "p/b.tfstateenv:dev", "p/b.tfstate", "p/q/c.tfstate", "p/x", "o/y"):
        blobs.blobs[key] = state(key.replace("/", "-").replace(".", "-").replace(":", "-"))
    assert ["p-a-tfstate", "p-b-tfstate", "p-b-tfstateenv-dev", "p-q-c-tfstate"] == names(
        read("azurerm://shop/states/p/")
    )
    assert 4 == len(names(read("azurerm://shop/states")))


def test_a_glob_is_read(blobs):
    for key in ("a/prod.tfstate", "b/prod.tfstate", "b/c/prod.tfstate", "a/dev.tfstate"):
        blobs.blobs[key] = state(key.replace("/", "-").partition(".")[0])
    assert ["a-prod", "b-prod"] == names(read("azurerm://shop/states/*/prod.tfstate"))


def test_each_blob_that_cannot_be_read_hides_no_other(blobs):
    blobs.blobs = {
        "a.tfstate": (403, "AuthorizationPermissionMismatch"),
        "b.tfstate": state("b"),
        "c.tfstate": b"{",
        "d.tfstate": (409, "BlobArchived"),
    }
    found = read("azurerm://shop/states/", "azurerm://shop/states/x", "azurerm://shop/none/x")
    assert ["b"] == names(found)
    for said, problem in zip(
        ["a.tfstate may not be read: access denied (403). Grant the role Storage Blob Data Reader",
         "cut off", "is archived", "states/x does not exist", "in a container that does not exist"],
        found.problems,
        strict=True,
    ):  # fmt: skip
        assert said in problem
        assert "hunter2" not in problem


def test_bounds_are_kept(blobs):
    where = "azurerm://shop/states/"
    blobs.blobs = {f"{name}.tfstate": state(name) for name in "abc"}
    assert "larger than the limit" in read(f"{where}a.tfstate", max_bytes=20).problems[0]
    assert "more than 2 states" in read(where, max_states=2).problems[0]
    assert "longer than a state may take" in read(where, total_timeout=0.0).problems[0]
    assert "longer than a" in read(f"{where}a.tfstate", total_timeout=0.0).problems[0]
    assert "no *.tfstate below" in read(f"{where}none/").problems[0]


def test_gzip_is_unpacked_within_the_bounds(blobs):
    where = "azurerm://shop/states/"
    blobs.blobs = {"a": gzip.compress(state("a")), "bomb": gzip.compress(b" " * 9_000_000)}
    blobs.encodings = dict.fromkeys(blobs.blobs, "gzip")
    assert ["a"] == names(read(f"{where}a"))
    assert "larger than the limit" in read(f"{where}bomb", max_bytes=100_000).problems[0]


@pytest.mark.parametrize(
    "place",
    ["azurerm://", "azurerm://shop", "azurerm://shop/", "azurerm://sh.evil.example/c/k",
     "azurerm://SHOP/c/k", "azurerm://sh#op/c/k", "azurerm://u:pw@shop/c/k"],
)  # fmt: skip
def test_what_names_no_account_is_refused(place):
    (problem,) = read(place).problems
    assert "names no storage account and container" in problem
    assert "pw" not in problem


def test_a_key_that_is_none_is_told(monkeypatch):
    monkeypatch.setenv("ARM_ACCESS_KEY", "not base64 s3cr3t")
    (problem,) = read("azurerm://shop/states/a").problems
    assert "can't be read" in problem
    assert "s3cr3t" not in problem


@pytest.mark.parametrize(
    ("error", "said"),
    [(exceptions.ClientAuthenticationError("s3cr3t"), "no credentials for Azure that work"),
     (exceptions.ServiceRequestError("s3cr3t"), "did not answer (ServiceRequestError)"),
     (ValueError("s3cr3t"), "connection string is not valid")],
)  # fmt: skip
def test_each_failure_has_its_sentence(error, said):
    told = str(failure(error, "azurerm://shop/states/a"))
    assert said in told
    assert "s3cr3t" not in told


@pytest.mark.parametrize(
    ("variables", "kind"),
    [({"ARM_ACCESS_KEY": KEY}, "SharedKeyCredentialPolicy"),
     ({"ARM_SAS_TOKEN": "?sv=1&sig=x"}, "AzureSasCredential"),
     ({f"ARM_{one}": "0-0" for one in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")},
      "ClientSecretCredential"),
     ({}, "DefaultAzureCredential")],
)  # fmt: skip
def test_credentials_are_taken_from_terraforms_variables(variables, kind):
    from driftguard.declared.azurerm import _service  # noqa: PLC0415  # beside its test

    with _service("shop", {**variables, "ARM_ENVIRONMENT": "china"}, PlaceOptions()) as service:
        assert kind == type(service.credential).__name__
        assert service.url.startswith("https://shop.blob.core.chinacloudapi.cn/")


def test_no_credentials_at_all_are_told_once_and_at_once(monkeypatch):
    asked = []

    class Nothing:
        def get_token(self, *scopes, **_):
            asked.append(scopes)
            raise exceptions.ClientAuthenticationError("s3cr3t")

    monkeypatch.setattr("driftguard.declared.azurerm._credential", lambda *_: Nothing())
    (problem,) = read("azurerm://shop/states/a").problems
    assert "no credentials for Azure that work" in problem
    assert [("https://storage.azure.com/.default",)] == asked


def test_without_its_library_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.storage.blob", None)
    assert "pip install 'driftguard[azure]'" in read("azurerm://shop/states/a").problems[0]
