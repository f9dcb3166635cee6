from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from driftguard.report.formats import FORMATS, Target, render
from driftguard.report.github import render_summary
from driftguard.report.telling import Telling
from tests.report.hostile import DIGEST, HOSTILE, PLACES
from tests.report.sarif_schema import assert_valid

POWER = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
TELLING = Telling(places=PLACES, width=120)


def _json(text: str) -> None:
    assert text.isascii()
    json.loads(text)


def _sarif(text: str) -> None:
    _json(text)
    document = json.loads(text)
    assert_valid(document)
    for message in _messages(document):
        assert "](" not in message
        assert not re.search(r"(?<!\{)\{[0-9]", message.replace("{{", ""))
    uris = re.findall(r'"uri": "([^"]*)"', text)
    assert uris
    assert all(re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri) for uri in uris)
    assert not any(uri.startswith("/") or ".." in uri.split("/") for uri in uris)


def _messages(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for one in value for found in _messages(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if set(value) == {"text"} else []
    inner = (one for key, one in value.items() if key != "properties")
    return own + [found for one in inner for found in _messages(one)]


def _junit(text: str) -> None:
    suites = JUnitXml.fromstring(text.encode())
    assert len(HOSTILE.findings) == suites.failures
    assert "]]>" not in text


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.comments += 1


def _html(text: str) -> None:
    page = _Page()
    page.feed(text)
    names = [tag for tag, _ in page.tags]
    assert [1, 1, 0, 0] == [names.count(one) for one in ("script", "style", "img", "link")]
    assert {"#findings"} == {held["href"] for _, held in page.tags if "href" in held}
    assert not any(name.startswith("on") or name == "src" for _, held in page.tags for name in held)
    assert not any("style" in held for _, held in page.tags)
    assert 0 == page.comments


def _markdown(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in (*tokens, *inline)}
    assert {"link_open", "image", "em_open", "s_open", "html_inline"}.isdisjoint(kinds)
    assert text.count("\n### ") == sum(
        token.type == "heading_open" and token.tag == "h3" for token in tokens
    )
    for token in inline:
        if token.type == "text":
            assert not re.search(r"[@#]|http|www|:smile", token.content), token.content
    markup = "".join(token.content for token in tokens if token.type == "html_block")
    outside = re.sub(r"<code>[^<]*</code>", "", markup)
    assert set() == set(re.findall(r"<[^>]*>", outside)) - {
        *("<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>")
    }
    assert not re.search(r"[@#]|http|www|&", outside)
    assert markup.count("<details>") == markup.count("</details>")


def _github(text: str) -> None:
    command = re.compile(r"::(error|warning|notice) title=[^:,]*(,file=[^:,]*)?::.*")
    for line in text.splitlines():
        # The older kind of command, ##[…], counts only where the line is none of these.
        assert command.fullmatch(line) or not ("##[" in line or line.lstrip().startswith("::"))
    assert re.findall(r"%(?!25|0A|3A|2C)..", text) == []


def _table(text: str) -> None:
    assert all(line.isprintable() for line in text.split("\n"))


MEDIA: Mapping[str, Callable[[str], None]] = {
    "table": _table,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
    "github": _github,
}


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_has_no_power_in_any_format(name: str):
    text = render(Target(format=name), HOSTILE, TELLING)
    assert all(one.isprintable() for one in text.replace("\n", "")) or name == "html"
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text
    )
    assert text.encode("utf-8")
    MEDIA[name](text)


@pytest.mark.parametrize("name", FORMATS)
def test_no_digest_of_a_secret_is_told_in_any_format(name: str):
    text = render(Target(format=name), HOSTILE, TELLING)
    assert DIGEST not in text
    assert "(sensitive)" in text or name == "github"


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes_in_whatever_order_it_was_found(name: str):
    other = replace(
        HOSTILE,
        findings=HOSTILE.findings[::-1],
        unreadable=HOSTILE.unreadable[::-1],
        unsupported=dict(reversed(HOSTILE.unsupported.items())),
    )
    target = Target(format=name)
    assert render(target, HOSTILE, TELLING) == render(target, other, TELLING)


def test_the_job_summary_is_as_harmless():
    _markdown(render_summary(HOSTILE, TELLING))
