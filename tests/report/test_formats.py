from __future__ import annotations

import pytest

from driftguard.errors import UsageError
from driftguard.report.formats import FORMATS, Target, parse_targets, render
from driftguard.report.telling import Telling
from tests.report.reports import CLEAN, DRIFTED


def test_a_table_on_the_screen_is_what_is_not_asked_for():
    assert (Target(format="table"),) == parse_targets(())


def test_each_format_goes_to_its_own_file_and_one_to_the_screen():
    assert (
        Target(format="table"),
        Target(format="sarif", file="a=b.sarif"),
        Target(format="html", file="drift.html"),
    ) == parse_targets(("table", "SARIF=a=b.sarif", "html=drift.html"))


def test_output_is_the_file_of_a_single_format():
    assert (Target(format="json", file="x"),) == parse_targets(("json",), "x")
    assert (Target(format="table", file="x"),) == parse_targets((), "x")
    assert (Target(format="json"),) == parse_targets(("json=-",), "-")


@pytest.mark.parametrize(
    ("texts", "output", "sentence"),
    [
        (("xml",), None, "There is no format 'xml'. There are table, json, sarif"),
        (("",), None, "There is no format ''."),
        (("json=",), None, "--format json= names no file."),
        (("json", "table"), None, "Only one format can go to standard output; json and table"),
        (("json=x", "sarif=x"), None, "Two formats would be written to x."),
        (("json", "sarif=x"), "y", "--output goes with a single --format."),
        (("json=x",), "y", "--output and --format json=FILE name two files for one."),
    ],
)
def test_what_can_not_be_carried_out_is_refused(
    texts: tuple[str, ...], output: str | None, sentence: str
):
    with pytest.raises(UsageError) as raised:
        parse_targets(texts, output)
    assert str(raised.value).startswith(sentence)


def test_a_file_is_written_without_colours_and_the_screen_with_them():
    telling = Telling(colour=True, width=60)
    assert "\x1b" in render(Target(format="table"), DRIFTED, telling)
    assert "\x1b" not in render(Target(format="table", file="x"), DRIFTED, telling)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_its_last_line(name: str):
    assert render(Target(format=name), CLEAN, Telling()).endswith("\n")
