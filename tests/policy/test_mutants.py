"""The mistakes that are made in rules, and that the tests of the shipped rules find them."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftguard.policy.load import packs_folder
from tests.mutants.__main__ import LEAST, main
from tests.mutants.mutate import mutants_of
from tests.mutants.rules import Pack, mutants, packs, survives


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("a && b", "a || b"),
        ("a && b", "a"),
        ("a && b", "b"),
        ("a || b", "a && b"),
        ("!a", "a"),
        ("a == 1", "a != 1"),
        ("a == 1", "a == 2"),
        ("a == 1", "a == 0"),
        ("a < b", "a <= b"),
        ("a >= b", "a < b"),
        ("a in [1, 2]", "a in [1]"),
        ("a in b", "!(a in b)"),
        ("a == 'x'", "a == 'zzx'"),
        ('a == """x"""', 'a == """zzx"""'),
        ("a.matches(r'^x')", "a.matches(r'zz^x')"),
        ("a.startsWith('x')", "a.endsWith('x')"),
        ("items(a).exists(p, p)", "items(a).all(p, p)"),
        ("items(a).exists(p, p)", "(a).exists(p, p)"),
        ("opens_to_world(a, 1)", "!opens_to_world(a, 1)"),
        ("a + b > c", "a - b > c"),
        ("a ? b : c", "a ? c : b"),
        ("a == true", "a == false"),
        ("a", "true"),
        ("a", "false"),
        ("a", "!(a)"),
        ("a || (b && c)", "a || (b)"),
    ],
)
def test_a_mistake_is_made(source: str, mutant: str):
    assert mutant in [one.source for one in mutants_of(source)]


@pytest.mark.parametrize(
    ("source", "never"),
    [
        ("a == '&&'", "a == '||'"),
        ("a // && b\n", "a // || b\n"),
        ("a == 'x1'", "a == 'x2'"),
        ("true", "true"),
    ],
)
def test_what_only_looks_like_code_is_left_alone(source: str, never: str):
    assert never not in [one.source for one in mutants_of(source)]


def test_each_mutant_is_made_once():
    found = [one.source for one in mutants_of("(a && a) || !(a && a)")]
    assert len(set(found)) == len(found)


SHIPPED = tuple(packs([packs_folder()]))


@pytest.mark.parametrize("pack", SHIPPED, ids=lambda pack: pack.name)
def test_a_rule_that_always_or_never_speaks_is_found(pack: Pack):
    assert [] == [
        (rule.id, mutant.what)
        for rule, written in pack.rules
        for mutant in mutants(rule, written)
        if mutant.what.startswith("violation: ")
        and mutant.what.endswith((" always", " never", " the opposite"))
        and survives(mutant.rule, pack.fixtures)
    ]


def test_the_tests_of_the_shipped_rules_find_nearly_every_mistake(
    capsys: pytest.CaptureFixture[str],
):
    """At least 95 % of those in expressions; `python -m tests.mutants` tells the rest."""
    assert 0 == main(["--expressions", "--least", str(LEAST)]), capsys.readouterr().out


def test_rules_with_weak_tests_are_found_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "x.yaml").write_text(
        "rules: [{id: A-1, title: t, resource: [aws_vpc], severity: {base: low}, why: w,"
        " violation: 'size(r.cidr_block) > 5 && size(r.cidr_block) < 50'}]"
    )
    (tmp_path / "x.test.yaml").write_text(
        "cases: [{name: a, type: aws_vpc, declared: {cidr_block: 10.0.0.0/8},"
        " live: {cidr_block: 10.0.0.0/8}, expect: [{rule: A-1, verdict: pre_existing}]}]"
    )
    assert 1 == main([str(tmp_path)])
    told = capsys.readouterr().out
    assert "A-1  violation: `&&` → `||`" in told
    assert "A-1  violation: never" not in told


def test_tests_that_fail_anyway_prove_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "x.yaml").write_text(
        "rules: [{id: A-1, title: t, resource: [aws_vpc], severity: {base: low}, why: w,"
        " violation: 'r.enable_dns_support == false'}]"
    )
    (tmp_path / "x.test.yaml").write_text(
        "cases: [{name: a, type: aws_vpc, declared: {}, live: {enable_dns_support: true},"
        " expect: [{rule: A-1, verdict: introduced}]}]"
    )
    assert 1 == main([str(tmp_path), "--least", "0"])
    assert "A-1: its tests fail as it is" in capsys.readouterr().out
