from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from driftguard.model import Address, Severity
from driftguard.report import html
from driftguard.report.elements import Html, element
from driftguard.report.html import render
from driftguard.report.telling import Telling
from tests.report.hostile import HOSTILE
from tests.report.reports import CLEAN, DRIFTED, HALF_READ, OPENED, found


def test_text_is_escaped_and_markup_is_a_type():
    made = element("p", "<b> & \u202e", element("b", "x"), title='"<', data_kind="a", hidden=True)
    expected = '<p title="&quot;&lt;" data-kind="a" hidden>&lt;b&gt; &amp; \\u202e<b>x</b></p>'
    assert (expected, True) == (made, isinstance(made, Html))


def test_the_policy_allows_the_one_style_and_the_one_script_and_nothing_else():
    text = render(DRIFTED, Telling())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    held = [re.findall(rf"<{one}>(.*?)</{one}>", text, re.DOTALL) for one in ("style", "script")]
    style, script = (
        base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for (one,) in held
    )
    assert (
        "default-src &#x27;none&#x27;;"
        f" style-src &#x27;sha256-{style}&#x27;; script-src &#x27;sha256-{script}&#x27;;"
        " base-uri &#x27;none&#x27;; form-action &#x27;none&#x27;"
    ) == policy


def test_nothing_is_asked_of_anybody():
    text = render(DRIFTED, Telling())
    assert not re.search(r"https?:|//[a-z]|url\(|@import|\bfetch\b|XMLHttp", text)


class _Outline(HTMLParser):
    """Collects what a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.roles: list[str] = []
        self.labels: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append(tag)
        self.roles.append(held.get("role") or "")
        self.labels += [held["aria-labelledby"] or ""] if "aria-labelledby" in held else []
        self.ids += [held["id"] or ""] if "id" in held else []


def test_a_screen_reader_finds_landmarks_headings_and_a_table():
    outline = _Outline(render(replace(HALF_READ, findings=DRIFTED.findings), Telling()))
    for tag in ("header", "main", "footer", "h1", "table", "caption", "thead", "form"):
        assert 1 == outline.tags.count(tag), tag
    assert 4 == outline.roles.count("columnheader")
    assert 4 == outline.roles.count("row")
    assert 12 == outline.roles.count("cell")
    assert {*outline.labels} <= {*outline.ids}
    assert len(outline.ids) == len({*outline.ids})
    assert outline.tags.count("input") + outline.tags.count("select") == outline.tags.count("label")


def test_without_the_script_all_is_there_and_the_filter_is_not():
    text = render(DRIFTED, Telling())
    assert re.search(r'<form id="filter" hidden ', text)
    assert "sg-0a1b2c3d" in text
    assert "{from_port: 22, peer: 0.0.0.0/0, protocol: tcp, to_port: 22}" in text


def test_a_clean_report_says_so_and_has_no_table():
    text = render(CLEAN, Telling())
    assert "Nothing that was read differs from its declaration." in text
    assert "Complete: 3 declared resources compared." in text
    assert "<table" not in text


def test_ten_thousand_findings_are_written_in_seconds():
    drifts = [
        (replace(OPENED, address=Address(type="aws_vpc", name=f"a{n}")), Severity(n % 5))
        for n in range(10_000)
    ]
    began = time.perf_counter()
    text = render(replace(DRIFTED, findings=found(*drifts)), Telling())
    assert 10_001 == text.count('<tr role="row"')
    assert time.perf_counter() - began < 15
    assert len(text) < 20_000_000


def test_a_page_has_a_bound_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(html, "FINDINGS", 2)
    text = render(DRIFTED, Telling())
    assert 3 == text.count('<tr role="row"')
    assert "… and 1 finding more, none of them worse, in the JSON report" in text


@pytest.fixture
def browser() -> str:
    """A real browser; CI has one, a developer's machine need not."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail("CI has to have chromium: apt-get install chromium")
    pytest.skip("no chromium here")


def _seen(browser: str, page: Path, fragment: str, folder: Path) -> str:
    """Return the page as it is after its script has run."""
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--no-first-run")
    ended = subprocess.run(
        [browser, *flags, f"--user-data-dir={folder}", f"{page.as_uri()}{fragment}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ended.stdout


def test_in_a_browser_the_filter_works_and_hostile_text_does_not(browser: str, tmp_path: Path):
    page = tmp_path / "drift.html"
    report = replace(HOSTILE, findings=(*HOSTILE.findings, *DRIFTED.findings))
    page.write_text(render(report, Telling()), encoding="utf-8")
    seen = _seen(browser, page, "#severity=critical&text=WEB%20sg-0a", tmp_path / "profile")
    assert f">1 of {len(report.findings)} shown<" in seen
    assert '<form id="filter" role="search"' in seen
    counting = seen.partition('class="apart"')[0]
    rows = re.findall(r'<tr role="row" data-severity="(\w+)"[^>]*?( hidden="")?>', counting)
    assert [("critical", "")] == [one for one in rows if not one[1]]
    assert re.search(
        rf"<title>DriftGuard: new since the baseline: {len(report.findings)} findings", seen
    )
    assert seen.count("<script>") == 1
    assert "<img" not in seen
