"""The file of a rule's tests: what a case means, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftguard.errors import PolicyError
from driftguard.policy.fixtures import (
    Fixture,
    fixtures_path,
    load_fixtures,
    parse_case,
    parse_fixtures,
)

SSH = "{protocol: tcp, from_port: 22, to_port: 22, cidr_blocks: [0.0.0.0/0]}"


def fixture(
    declared: str, live: str, more: str = "", type_name: str = "aws_security_group"
) -> Fixture:
    text = f"""
cases:
  - name: a case
    type: {type_name}
    declared: {declared}
    live: {live}
    expect: []
{more}
"""
    (found,) = parse_fixtures(text.encode(), "x.test.yaml")
    return found


@pytest.mark.parametrize(
    ("declared", "live", "kind", "direction"),
    [
        ("{ingress: []}", f"{{ingress: [{SSH}]}}", "changed", "widened"),
        (f"{{ingress: [{SSH}]}}", "{ingress: []}", "changed", "narrowed"),
        (f"{{ingress: [{SSH}]}}", f"{{ingress: [{SSH}]}}", "unchanged", "neutral"),
        ("{ingress: null}", "{ingress: []}", "unchanged", "neutral"),
        ("{}", "{tags: {a: b}}", "changed", "neutral"),
        ("null", "{}", "unmanaged", "neutral"),
        ("{}", "null", "missing", "neutral"),
    ],
)
def test_the_drift_is_found_as_a_scan_finds_it(declared: str, live: str, kind: str, direction: str):
    drift = fixture(declared, live).case.drift
    assert (kind, direction) == (drift["kind"], drift["direction"])


def test_sides_have_one_spelling():
    case = fixture("{}", "{ingress: [{protocol: all, cidr_blocks: [10.0.0.5/8]}]}").case
    assert case.live is not None
    (rule,) = case.live["ingress"]  # type: ignore[union-attr]
    assert ("-1", "10.0.0.0/8") == (rule["protocol"], rule["peer"])  # type: ignore[index, call-overload]


def test_what_changed_is_told_by_path():
    drift = fixture("{}", "{tags: {a: b}, description: x}").case.drift
    assert {"tags", "description"} >= {*drift["paths"]}  # type: ignore[misc]
    assert "tags" in drift["paths"]  # type: ignore[operator]


def test_what_could_not_be_read_is_no_key_and_no_change():
    case = fixture("{}", f"{{ingress: [{SSH}]}}", "    unread: [ingress]").case
    assert case.live is not None
    assert "ingress" not in case.live
    assert [] == case.drift["paths"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"a": "b"}),
        ("    ctx: {tags: {c: d}}", {"c": "d"}),
        ("    ctx: {tags: {}}", {}),
    ],
)
def test_tags_are_those_of_live_unless_said(more: str, expected: dict[str, str]):
    assert expected == fixture("{tags: {x: z}}", "{tags: {a: b}}", more).case.ctx["tags"]


def test_what_is_not_said_of_the_context_is_not_known():
    assert {} == fixture("{}", "{}").case.ctx["exposure"]


CASE = "cases:\n  - name: a\n    type: aws_vpc\n    declared: {}\n    live: {}\n    expect: []\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "is empty"),
        ("[]", 1, "keys and values"),
        ("cases: 1", 1, "`cases`: expected a list"),
        ("case: []", 1, "unknown key `case`; did you mean `cases`?"),
        (CASE.replace("aws_vpc", "aws_vpcs"), 3, "Did you mean `aws_vpc`?"),
        (CASE.replace("    live: {}\n", ""), 2, "lacks `live`"),
        (CASE.replace("live: {}", "live: 1"), 5, "`cases[0].live`"),
        (CASE.replace("{}", "null"), 2, "one side at least"),
        (CASE.replace("live: {}", "live: {cidr_blok: x}"), 5, "has no attribute `cidr_blok`. Did"),
        (CASE + CASE.removeprefix("cases:\n"), 7, "the case on line 2 has the same name"),
        (CASE.replace("[]", "[{rule: A, verdict: bad}]"), 6, "expected introduced, pre_existing"),
        (CASE.replace("[]", "[{rule: A, verdict: pass, severity: worst}]"), 6, "`cases[0].expect"),
        (
            CASE.replace("[]", "[{rule: A, verdict: pass}, {rule: A, verdict: fixed}]"),
            6,
            "A is expected twice",
        ),
        (CASE + "    ctx: {expose: {}}\n", 7, "unknown key `expose`"),
        (CASE.replace("aws_vpc", "aws_security_group").replace("live: {}", "live: {ingress: 1}"), 2,
         "another shape than Terraform's"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_line(text: str, line: int, words: str):
    with pytest.raises(PolicyError) as raised:
        parse_fixtures(text.encode(), "x.test.yaml")
    assert str(raised.value).startswith(f"x.test.yaml:{line}: ")
    assert words in str(raised.value)


def test_a_value_is_never_quoted():
    secret = "hunter2-hunter2"
    with pytest.raises(PolicyError) as raised:
        parse_fixtures(CASE.replace("live: {}", f"live: {secret}").encode(), "x.test.yaml")
    assert secret not in str(raised.value)


def test_the_tests_lie_beside_the_rules(tmp_path: Path):
    assert Path("rules/ssh.test.yaml") == fixtures_path(Path("rules/ssh.yaml"))
    with pytest.raises(PolicyError, match="There is no file"):
        load_fixtures(tmp_path / "none.test.yaml")


def test_a_lone_case_may_be_json():
    case = parse_case(b'{"type": "aws_vpc", "declared": {}, "live": {"tags": {"a": "b"}}}', "c")
    assert ["tags"] == case.drift["paths"]


def test_a_lone_case_says_nothing_of_what_is_expected():
    with pytest.raises(PolicyError, match="c:1: unknown key `expect`"):
        parse_case(b'{"type": "aws_vpc", "declared": {}, "live": {}, "expect": []}', "c")
