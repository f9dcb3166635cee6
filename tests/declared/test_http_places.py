"""States on web servers, and servers that don't behave."""

from __future__ import annotations

import base64
import gzip
import itertools
import socket
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from driftguard.clock import SystemClock
from driftguard.declared.place import PlaceAccess, PlaceOptions, WebAccess
from driftguard.declared.places import read_places
from driftguard.model import Stack
from driftguard.redact import Redactor
from tests.declared.web_server import Reply, certificate, serving, state

SECRET = "s3cr3t-Tok3n!"
REAL = SystemClock()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Waiting:
    """A clock that runs, and that remembers instead of sleeping."""

    def __init__(self):
        self.slept = []

    def now(self):
        return NOW

    def monotonic(self):
        return REAL.monotonic() + sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in (
        "TF_HTTP_ADDRESS", "TF_HTTP_USERNAME", "TF_HTTP_PASSWORD", "CI_JOB_TOKEN", "CI_API_V4_URL",
        "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy",
        "SSL_CERT_FILE",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock():
    return Waiting()


@pytest.fixture
def read(clock):
    def reading(*places, web=(), **options):
        access = PlaceAccess(web=tuple(web))
        stack = Stack(name="s", places=places)
        limits = PlaceOptions(access=access, **options)
        return read_places([stack], limits, Redactor(), clock)

    return reading


@pytest.fixture
def server():
    with serving(lambda _: Reply(body=state("a"))) as one:
        yield one


def names(found):
    return [one.address.name for one in found.resources]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def problem(found):
    (one,) = found.problems
    assert [] == names(found)
    assert SECRET not in one
    return one


def test_a_state_is_read_from_the_web(server, read):
    found = read(f"{server.url}/env/prod")
    assert (["a"], (), ()) == (names(found), found.problems, found.warnings)
    assert f"{server.url}/env/prod" == found.resources[0].provenance.place
    assert "authorization" not in server.asked[0].headers


def test_credentials_in_an_address_are_used_and_never_told(server, read):
    place = f"http://ci:{SECRET.replace('!', '%21')}@127.0.0.1:{server.port}/x"
    found = read(place)
    assert basic("ci", SECRET) == server.asked[0].headers["authorization"]
    assert f"{server.url}/x" == found.resources[0].provenance.place
    server.answer = lambda _: Reply(status=403)
    assert problem(read(place)).startswith(f"{server.url}/x may not be read: access denied")


@pytest.mark.parametrize(
    "place",
    [
        f"http://{SECRET}@[::1/x", f"https://u:{SECRET}@h:99999/x", f"https://u:{SECRET}@/x",
        f"https://u:{SECRET}@h/a b", f"https://u:{SECRET}@h\\x", f"https://u:{SECRET}@h/\0",
        f"https://u:{SECRET}@{'a' * 300}/", f"https://u:{SECRET}@é..x/", f"https://{SECRET}@:1/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_being_told(place, read):
    assert "not a valid web address" in problem(read(place))


def test_a_query_tells_only_harmless_values(server, read):
    server.answer = lambda asked: Reply(body=state("b" if "sig=2" in asked.path else "a"))
    found = read(*(f"{server.url}/x?version=3&sig={n}{SECRET}" for n in (1, 2)))
    assert ["a", "b"] == names(found)
    assert {f"{server.url}/x?version=3&sig=…"} == {one.provenance.place for one in found.resources}


def test_terraforms_own_variables_are_taken(server, read, monkeypatch):
    monkeypatch.setenv("TF_HTTP_ADDRESS", f"{server.url}/named")
    monkeypatch.setenv("TF_HTTP_USERNAME", "ci")
    monkeypatch.setenv("TF_HTTP_PASSWORD", SECRET)
    with serving(lambda _: Reply(body=state("b"))) as other:
        found = read("http://", f"{server.url}/more", other.url)
    assert ["a", "a", "b"] == names(found)
    assert ["/named", "/more"] == [one.path for one in server.asked]
    assert {basic("ci", SECRET)} == {one.headers["authorization"] for one in server.asked}
    assert "authorization" not in other.asked[0].headers


def test_no_address_at_all_says_what_to_write(read):
    assert "TF_HTTP_ADDRESS is not set" in problem(read("http://"))


def test_gitlab_gets_its_header_from_the_variable_that_the_settings_name(server, read, monkeypatch):
    monkeypatch.setenv("GITLAB_TOKEN", f"{SECRET}\n")
    monkeypatch.setenv("TF_HTTP_PASSWORD", "not this")
    web = WebAccess(
        address=f"{server.url}/api/v4/projects/7/",
        header_variables=(("PRIVATE-TOKEN", "GITLAB_TOKEN"),),
    )
    place = f"{server.url}/api/v4/projects/7/terraform/state/prod"
    assert ["a"] == names(read(place, web=[web]))
    assert SECRET == server.asked[0].headers["private-token"]
    assert "authorization" not in server.asked[0].headers
    read(f"{server.url}/api/v4/projects/77/terraform/state/prod", web=[web])
    read(f"{server.url}/api/v4/projects/7/../8/state", web=[web])
    assert all("private-token" not in one.headers for one in server.asked[1:])


def test_the_longest_entry_of_the_settings_counts(server, read, monkeypatch):
    monkeypatch.setenv("ONE", "1-token")
    monkeypatch.setenv("TWO", "2-token")
    web = [
        WebAccess(address=f"{server.url}/a/", token_variable="TWO"),
        WebAccess(address=server.url, username="u", password_variable="ONE"),
    ]
    read(f"{server.url}/a/x", f"{server.url}/b/x", web=web)
    sent = [one.headers["authorization"] for one in server.asked]
    assert ["Bearer 2-token", basic("u", "1-token")] == sent


@pytest.mark.parametrize(("value", "said"), [("", "is not set"), ("a\nb", "can't be sent")])
def test_a_variable_that_holds_no_secret_is_named(server, read, monkeypatch, value, said):
    monkeypatch.setenv("MY_TOKEN", value)
    web = WebAccess(address=server.url, token_variable="MY_TOKEN")
    told = problem(read(server.url, web=[web]))
    assert said in told
    assert "MY_TOKEN" in told
    assert [] == server.asked


def test_a_job_of_gitlab_needs_no_setting(server, read, monkeypatch):
    monkeypatch.setenv("CI_JOB_TOKEN", SECRET)
    monkeypatch.setenv("CI_API_V4_URL", f"{server.url}/api/v4")
    read(f"{server.url}/api/v4/projects/7/terraform/state/prod", f"{server.url}/other")
    sent = [one.headers.get("authorization") for one in server.asked]
    assert [basic("gitlab-ci-token", SECRET), None] == sent


def test_a_redirect_to_another_origin_goes_without_credentials(server, read, monkeypatch):
    monkeypatch.setenv("TOKEN", SECRET)
    with serving(lambda _: Reply(body=state("b"))) as other:
        server.answer = lambda _: Reply(
            status=302, headers={"Location": f"http://eve:pw@127.0.0.1:{other.port}/state"}
        )
        web = WebAccess(
            address=server.url, token_variable="TOKEN", header_variables=(("X-Own", "TOKEN"),)
        )
        assert ["b"] == names(read(server.url, web=[web]))
    assert f"Bearer {SECRET}" == server.asked[0].headers["authorization"]
    assert SECRET not in str(other.asked)
    assert "authorization" not in other.asked[0].headers


def test_credentials_that_were_left_behind_do_not_come_back(server, read, monkeypatch):
    monkeypatch.setenv("TF_HTTP_PASSWORD", SECRET)
    home = f"{server.url}/stolen"
    with serving(lambda _: Reply(status=307, headers={"Location": home})) as other:
        server.answer = lambda asked: (
            Reply(body=state("a"))
            if asked.path == "/stolen"
            else Reply(status=307, headers={"Location": other.url})
        )
        assert ["a"] == names(read(f"{server.url}/begin"))
    assert [True, False] == ["authorization" in one.headers for one in server.asked]


def test_a_redirect_within_a_server_keeps_them(server, read, monkeypatch):
    monkeypatch.setenv("TF_HTTP_PASSWORD", SECRET)
    server.answer = lambda asked: (
        Reply(body=state("a"))
        if asked.path == "/b"
        else Reply(status=308, headers={"Location": "/b"})
    )
    assert ["a"] == names(read(f"{server.url}/a"))
    assert "authorization" in server.asked[1].headers


def test_redirects_have_an_end(server, read):
    server.answer = lambda _: Reply(status=302, headers={"Location": "/again"})
    assert "redirects more than 5 times" in problem(read(server.url))
    assert 6 == len(server.asked)


@pytest.mark.parametrize(
    "link",
    ["http://169.254.169.254/latest/", "//169.254.1.1/", "http://[::ffff:169.254.169.254]/",
     "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://0.0.0.0/"],
)  # fmt: skip
def test_a_redirect_to_a_metadata_service_is_not_followed(server, read, link):
    server.answer = lambda _: Reply(status=302, headers={"Location": link})
    assert "redirects to a link-local address" in problem(read(server.url))


def test_a_name_that_leads_to_a_metadata_service_is_not_asked(server, read, monkeypatch):
    server.answer = lambda asked: Reply(status=302, headers={"Location": f"{server.url}/b"})
    monkeypatch.setattr(
        "driftguard.declared.web.exchange.is_metadata", lambda host: host == "127.0.0.1"
    )
    assert "redirects to a link-local address" in problem(read(server.url))
    assert 1 == len(server.asked)


@pytest.mark.parametrize("link", ["ftp://h/x", "file:///etc/passwd", "http://h:x/"])
def test_a_redirect_to_elsewhere_than_the_web_is_not_followed(server, read, link):
    server.answer = lambda _: Reply(status=302, headers={"Location": link})
    assert "a redirect's address is not a valid web address" in problem(read(server.url))


def test_a_certificate_nobody_vouches_for_is_refused_and_taken_with_its_file(tmp_path, read):
    pem = certificate(tmp_path)
    with serving(lambda _: Reply(body=state("a")), tls=pem) as server:
        told = problem(read(server.url))
        assert "certificate is not trusted" in told
        assert "ca_file" in told
        web = WebAccess(address=server.url, ca_file=str(pem))
        assert ["a"] == names(read(server.url, web=[web]))
        web = WebAccess(address=server.url, ca_file=str(tmp_path / "none"))
        assert "`ca_file` is missing" in problem(read(server.url, web=[web]))


@pytest.mark.parametrize(
    ("made", "said"), [({"host": "other.example"}, "for another host"), ({"days": -1}, "expired")]
)
def test_a_certificate_for_another_host_or_time_is_refused(tmp_path, read, made, said):
    pem = certificate(tmp_path, **made)
    with serving(lambda _: Reply(body=state("a")), tls=pem) as server:
        web = WebAccess(address=server.url, ca_file=str(pem))
        assert said in problem(read(server.url, web=[web]))
    assert [] == server.asked


def test_a_redirect_does_not_leave_tls(tmp_path, server, read):
    pem = certificate(tmp_path)
    to_plain = Reply(status=302, headers={"Location": server.url})
    with serving(lambda _: to_plain, tls=pem) as secure:
        web = WebAccess(address=secure.url, ca_file=str(pem))
        assert "without TLS" in problem(read(secure.url, web=[web]))
    assert [] == server.asked


def test_plain_http_where_tls_is_spoken_and_the_other_way_round(tmp_path, server, read):
    assert "no secure connection" in problem(read(f"https://127.0.0.1:{server.port}/"))
    with serving(lambda _: Reply(), tls=certificate(tmp_path)) as secure:
        assert "can't be read" in problem(read(f"http://127.0.0.1:{secure.port}/"))


@pytest.mark.parametrize(
    ("status", "said"),
    [(204, "has no state yet"), (400, "answered 400"), (403, "access denied (403)"),
     (404, "does not exist (404)"), (410, "gone"), (501, "answered 501"), (304, "answered 304")],
)  # fmt: skip
def test_each_refusal_has_its_sentence(server, read, clock, status, said):
    server.answer = lambda _: Reply(status=status, body=SECRET.encode() if status > 399 else b"")
    assert said in problem(read(server.url))
    assert ([], 1) == (clock.slept, len(server.asked))


def test_401_tells_whether_credentials_were_sent(server, read, monkeypatch):
    server.answer = lambda _: Reply(status=401)
    assert "none were given" in problem(read(server.url))
    monkeypatch.setenv("TF_HTTP_PASSWORD", SECRET)
    assert "does not accept the credentials" in problem(read(server.url))


@pytest.mark.parametrize(
    ("status", "headers", "slept"),
    [(429, {"Retry-After": "7"}, 7), (503, {}, 1), (500, {"Retry-After": "soon"}, 1),
     (429, {"Retry-After": f"{NOW + timedelta(seconds=9):%a, %d %b %Y %H:%M:%S GMT}"}, 9)],
)  # fmt: skip
def test_what_may_pass_is_tried_again(server, read, clock, status, headers, slept):
    server.answer = lambda _: (
        Reply(status=status, headers=headers) if len(server.asked) == 1 else Reply(body=state("a"))
    )
    assert ["a"] == names(read(server.url))
    assert [slept] == clock.slept


@pytest.mark.parametrize(("status", "said"), [(429, "left alone"), (503, "not available")])
def test_trying_again_has_an_end(server, read, clock, status, said):
    server.answer = lambda _: Reply(status=status)
    assert said in problem(read(server.url))
    assert ([1, 2, 4], 4) == (clock.slept, len(server.asked))


def test_a_server_that_wants_a_long_rest_is_left_alone(server, read, clock):
    server.answer = lambda _: Reply(status=429, headers={"Retry-After": "3600"})
    assert "left alone" in problem(read(server.url))
    assert ([], 1) == (clock.slept, len(server.asked))


def test_waiting_stays_within_the_whole_time(server, read, clock):
    server.answer = lambda _: Reply(status=503, headers={"Retry-After": "20"})
    assert "longer than a state may take" in problem(read(server.url, total_timeout=30.0))
    assert [20] == clock.slept


def test_a_page_to_log_in_is_not_a_state(server, read):
    server.answer = lambda _: Reply(body=b"<!DOCTYPE html><title>Sign in</title>")
    assert "is a web page, probably a login" in problem(read(server.url))


@pytest.mark.parametrize("told", ["1000000", "9" * 4000])
def test_an_answer_that_says_it_is_too_large_is_not_read(server, read, told):
    server.answer = lambda _: Reply(headers={"Content-Length": told}, body=b"{")
    assert "larger than the limit of 1000 bytes" in problem(read(server.url, max_bytes=1000))


def test_an_answer_that_never_ends_is_cut_at_the_limit(server, read):
    def without_end():
        while True:
            yield b"x" * 10_000

    server.answer = lambda _: Reply(pieces=without_end())
    assert "larger than the limit" in problem(read(server.url, max_bytes=100_000))


def test_gzip_is_unpacked(server, read):
    body = gzip.compress(state("a")[:20]) + gzip.compress(state("a")[20:])
    server.answer = lambda _: Reply(headers={"Content-Encoding": "gzip"}, body=body)
    assert ["a"] == names(read(server.url))


def test_a_bomb_of_gzip_stays_small(server, read):
    body = gzip.compress(b" " * 300_000_000, 9)
    server.answer = lambda _: Reply(headers={"Content-Encoding": "gzip"}, body=body)
    tracemalloc.start()
    try:
        assert "larger than the limit" in problem(read(server.url, max_bytes=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "body", "said"),
    [("gzip", gzip.compress(state("a"))[:-9], "broken or cut off"),
     ("gzip", state("a"), "broken or cut off"),
     ("gzip", b"", "broken or cut off"),
     ("br", b"x", "not asked for")],
)  # fmt: skip
def test_what_cannot_be_unpacked_is_told(server, read, encoding, body, said):
    server.answer = lambda _: Reply(headers={"Content-Encoding": encoding}, body=body)
    assert said in problem(read(server.url))


def test_an_answer_that_is_cut_off_is_tried_again_and_told(server, read, clock):
    body = state("a")
    cut = Reply(headers={"Content-Length": str(len(body) + 10)}, body=body)
    server.answer = lambda _: cut
    assert "cut off in the middle" in problem(read(server.url))
    assert [1, 2, 4] == clock.slept
    server.asked.clear()
    server.answer = lambda _: cut if len(server.asked) == 1 else Reply(body=body)
    assert ["a"] == names(read(server.url))


def test_a_length_that_is_too_small_does_not_pass_for_the_whole(server, read):
    body = state("a")
    server.answer = lambda _: Reply(headers={"Content-Length": str(len(body) - 1)}, body=body)
    assert "is cut off" in problem(read(server.url))


@pytest.mark.parametrize("pieces", [[b"5\r\nab"], [b"xyz\r\n"], [b"2\r\n{}\r\n"]])
def test_chunks_that_end_too_early_are_told(server, read, pieces):
    headers = {"Transfer-Encoding": "chunked"}
    server.answer = lambda _: Reply(headers=headers, pieces=pieces)
    assert "can't be read" in problem(read(server.url))


def test_chunks_are_put_together(server, read):
    body = state("a")
    pieces = [b"a\r\n", body[:10], b"\r\n%x\r\n" % len(body[10:]), body[10:], b"\r\n0\r\n\r\n"]
    server.answer = lambda _: Reply(headers={"Transfer-Encoding": "chunked"}, pieces=pieces)
    assert ["a"] == names(read(server.url))


def slow(piece):
    for _ in range(100):
        REAL.sleep(0.05)
        yield piece


@pytest.mark.parametrize(
    "headers", [{"Content-Length": "100"}, {"Transfer-Encoding": "chunked"}, {}]
)
def test_a_body_that_drips_has_an_end(server, read, headers):
    server.answer = lambda _: Reply(headers=headers, pieces=slow(b"1"))
    began = REAL.monotonic()
    told = problem(read(server.url, total_timeout=0.4, read_timeout=0.3))
    assert "longer than a state may take" in told
    assert REAL.monotonic() - began < 2


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_headers_that_drip_have_an_end(server, read, begin):
    server.answer = lambda _: Reply(raw=itertools.chain([begin], slow(b"H")))
    began = REAL.monotonic()
    told = problem(read(server.url, total_timeout=0.4, read_timeout=0.3))
    assert "longer than a state may take" in told
    assert REAL.monotonic() - began < 2


@pytest.mark.parametrize(
    "raw",
    [b"", b"\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\n",
     b"HTTP/9.9 999 x\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
     b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500,
     b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", b"\xff" * 100,
     b"HTTP/1.1 302 F\r\nLocation: http://[/\r\n\r\n",
     b"HTTP/1.1 302 F\r\nLocation: \xff\xfe\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"],
)  # fmt: skip
def test_what_is_not_http_is_one_sentence(server, read, raw):
    server.answer = lambda _: Reply(raw=[raw])
    told = problem(read(server.url))
    assert told.startswith(f"{server.url}/ ")
    assert "\n" not in told


def test_a_server_that_says_nothing_is_told(server, read, clock):
    def silent(_):
        REAL.sleep(0.4)
        return Reply()

    server.answer = silent
    assert "does not answer" in problem(read(server.url, read_timeout=0.05))
    assert [1, 2, 4] == clock.slept


def test_nobody_listens(server, read, clock):
    with serving(lambda _: Reply()) as gone:
        pass
    assert "nothing listens there" in problem(read(gone.url))
    assert [] == clock.slept


def test_a_host_that_nobody_knows(read, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    assert "its host is not known" in problem(read("https://nowhere.invalid/x"))


def test_a_proxy_is_asked_where_the_environment_names_one(server, read, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://me:{SECRET}@127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "inner.example")
    assert ["a"] == names(read("http://states.example/x"))
    assert "http://states.example/x" == server.asked[0].path
    assert basic("me", SECRET) == server.asked[0].headers["proxy-authorization"]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [])
    assert "can't be read" in problem(read("http://inner.example/x"))
    assert 1 == len(server.asked)


def test_secrets_sent_without_tls_are_a_warning(server, read, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    found = read(f"http://ci:{SECRET}@states.example/x")
    assert (["a"], 1) == (names(found), len(found.warnings))
    assert "without TLS" in found.warnings[0]


def test_an_address_given_twice_is_read_once(server, read):
    assert ["a"] == names(read(server.url, f"{server.url}/", f"http://u:p@127.0.0.1:{server.port}"))


def test_one_unreadable_state_hides_no_other(server, read, tmp_path):
    (tmp_path / "f.tfstate").write_bytes(state("file"))
    server.answer = lambda asked: (
        Reply(status=404) if "no" in asked.path else Reply(body=state("a"))
    )
    found = read(
        f"{server.url}/no", "https://[", "hcp://x", "tfe://h", "azurerm://A", "gs://", "ftp://x/y",
        str(tmp_path / "*.tfstate"), f"{server.url}/yes",
    )  # fmt: skip
    assert ["file", "a"] == names(found)
    assert 7 == len(found.problems)


def test_nothing_that_is_logged_holds_a_secret(server, read, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    monkeypatch.setenv("TOKEN", SECRET)
    web = WebAccess(address=server.url, token_variable="TOKEN")
    server.answer = lambda _: Reply(status=401, body=SECRET.encode())
    read(f"http://u:{SECRET}@127.0.0.1:{server.port}/x", web=[web])
    assert SECRET not in caplog.text
