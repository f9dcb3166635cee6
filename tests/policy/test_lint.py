"""Everything that is wrong with files of rules is told at once, each with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftguard.policy.lint import Linted, lint

RULE = """rules:
  - id: ACME-VPC-001
    title: No DNS
    resource: [aws_vpc]
    violation: r.enable_dns_support == false
    severity: {base: high}
    remediation: {how: It is switched on again.}
    references: [ACME 1]
    why: Nothing finds anything.
"""
TESTS = """cases:
  - name: a
    type: aws_vpc
    declared: {}
    live: {}
    expect: [{rule: ACME-VPC-001, verdict: pass}]
"""


def linted(folder: Path, rules: str, tests: str | None = TESTS) -> Linted:
    (folder / "x.yaml").write_text(rules, encoding="utf-8")
    if tests is not None:
        (folder / "x.test.yaml").write_text(tests, encoding="utf-8")
    return lint([folder / "x.yaml"])


def test_a_good_file_has_neither_mistakes_nor_remarks(tmp_path: Path):
    found = linted(tmp_path, RULE)
    assert ((), (), 1) == (found.mistakes, found.remarks, len(found.rules))


@pytest.mark.parametrize(
    ("rules", "tests", "place", "words"),
    [
        (RULE.replace("r.enable_dns_support", "r.enable_dns_suport"), TESTS, "x.yaml:5",
         "Did you mean `enable_dns_support`?"),
        (RULE.replace("aws_vpc", "aws_vpcs"), TESTS, "x.yaml:4", "Did you mean `aws_vpc`?"),
        (RULE.replace("title", "titel"), TESTS, "x.yaml:3", "did you mean `title`?"),
        (RULE, None, "x.yaml:2", "no test of ACME-VPC-001 in x.test.yaml"),
        (RULE, TESTS.replace("ACME-VPC-001", "ACME-VPC-002"), "x.test.yaml:2", "has no rule"),
        (RULE, "cases: 1", "x.test.yaml:1", "expected a list"),
        (RULE + RULE.removeprefix("rules:\n"), TESTS, "x.yaml:10", "already"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, rules: str, tests: str | None, place: str, words: str
):
    told = linted(tmp_path, rules, tests).mistakes
    assert [place] == [place for one in told if place in one and words in one]


def test_every_broken_file_is_told(tmp_path: Path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text("rules: 1", encoding="utf-8")
    found = lint([tmp_path / f"{name}.yaml" for name in ("a", "b", "c")])
    assert 3 == len(found.mistakes)


def test_an_id_stands_once_over_all_files_and_what_ships(tmp_path: Path):
    first = linted(tmp_path, RULE)
    (tmp_path / "y.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "y.test.yaml").write_text(TESTS, encoding="utf-8")
    alone = lint([tmp_path / "y.yaml"], first.rules)
    both = lint([tmp_path / "x.yaml", tmp_path / "y.yaml"])
    assert alone.mistakes == both.mistakes
    assert "the rule ACME-VPC-001 stands in" in alone.mistakes[0]


def test_a_remark_is_no_mistake(tmp_path: Path):
    bare = RULE.replace("    references: [ACME 1]\n", "").replace(
        "how: It is switched on again.", ""
    )
    found = linted(tmp_path, bare)
    assert ((), 2) == (found.mistakes, len(found.remarks))
