"""Expressions: what compiles, what an evaluation gives, and what can't stall or crash it."""

from __future__ import annotations

import concurrent.futures
import time

import pytest

from driftguard.policy import engine
from driftguard.policy.engine import (
    EvaluationError,
    ExpressionError,
    activation,
    compile_expression,
    evaluate,
    names,
    value_of,
)
from driftguard.policy.fixtures import fixtures_path, load_fixtures
from driftguard.policy.judge import Case, judge
from driftguard.policy.load import packs_folder, parse_rules, rule_files, shipped_policy
from driftguard.policy.rules import Policy

RULE = {"protocol": "tcp", "from_port": 22, "to_port": 22, "peer": "0.0.0.0/0", "description": ""}


def holds(source, r=None, ctx=None):
    return evaluate(compile_expression(source), activation(r=r or {}, drift={}, ctx=ctx or {}))


def reason(source, r=None, ctx=None):
    with pytest.raises(EvaluationError) as caught:
        holds(source, r, ctx)
    return caught.value.reason


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("opens_to_world(r.ingress, 22)", True),
        ("items(r.ingress).exists(p, covers_port(p, 22))", True),
        ("items(r.egress).exists(p, true)", False),
        ("r.egress == null", True),
        ("has(r.nothing)", False),
        ("r.?nothing.orValue(3) == 3", True),
        ('r["ingress"].size() == 1', True),
        ("ctx.parameters.port == 22", True),
    ],
)
def test_an_expression_is_true_or_false(source, expected):
    side = {"ingress": [RULE], "egress": None}
    assert expected == holds(source, side, {"parameters": {"port": 22}})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("r.nothing", "`nothing` is not known"),
        ("r.none.x == 1", "a name is read of something that has none, such as null"),
        ("r.text", "it gives string, not true or false"),
        ("1 / 0 == 1", "divide by zero"),
        ("9223372036854775807 + 1 > 0", "overflow"),
        ("covers_port(r.text, 22)", "covers_port: it takes a rule and a port"),
        ("is_public_policy(r.text)", "No matching overloads found : is_public_policy(string)"),
    ],
)
def test_what_is_neither_true_nor_false_is_an_error_with_its_reason(source, said):
    assert said in reason(source, {"text": "x", "none": None})


def test_a_reason_tells_nothing_of_a_value():
    side = {"secret": "hunter2", "map": {}}
    for source in ('r.map[r.secret] == ""', 'duration(r.secret) == duration("1s")'):
        assert "hunter2" not in reason(source, side)


def test_a_token_that_stands_for_a_secret_is_refused_by_what_needs_its_value():
    token = "(sensitive 0123456789abcdef01234567)"
    side = {"ingress": [{**RULE, "peer": token}], "policy": {"Statement": [{"Action": [token]}]}}
    assert "not known" in reason("opens_to_world(r.ingress, 22)", side)
    assert "not known" in reason("is_public_policy(r.policy)", side)


@pytest.mark.parametrize(
    ("source", "line", "column", "suggestion", "said"),
    [
        ("opens_to_wrld(r.x, 22)", 1, 14, "opens_to_world", "nothing is called `opens_to_wrld`"),
        ("true &&\n  rr.x", 2, 5, "r", "nothing is called `rr`"),
        ("r.x.exits(p, true)", 1, 10, "exists", "nothing is called `exits`"),
        ("covers_port(1)", 1, 12, "", "it is called as `covers_port(rule: dyn, port: int)`"),
        ("tag(1, 2) == ''", 1, 4, "", "it is called as `tag("),
        ("1 +", 1, 4, "", "Syntax error"),
        ("1 + 1", 1, 1, "", "it gives int, not true or false"),
        ("r.x.map(a, a)", 1, 1, "", "it gives list"),
        ("", 1, 1, "", "Syntax error"),
        ("true\0", 1, 5, "", "Syntax error"),
        ("'\ud800' == ''", 1, 1, "", "no text"),
        ("r.x == 99999999999999999999", 1, 8, "", "invalid int literal"),
    ],
)
def test_a_mistake_is_told_with_its_place(source, line, column, suggestion, said):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source)
    error = caught.value
    assert said in error.message
    assert (line, column, suggestion) == (error.line, error.column, error.suggestion)


@pytest.mark.parametrize(
    "source",
    [
        "true || " * 1_300_000 + "true",
        "'" + "a" * 10_000_000 + "' == ''",
        "(" * 3000 + "true" + ")" * 3000,
        "[" * 3000 + "]" * 3000 + " == []",
        "!" * 5000 + "true",
        "-" * 5000 + "1 == 1",
        "r" + ".a" * 5000,
        "r" + "[0]" * 5000,
        "1" + "+1" * 5000 + " == 1",
        "tag(" * 500 + "1" + ")" * 500,
    ],
)
def test_a_huge_or_deep_expression_is_refused_at_once(source):
    begin = time.process_time()
    with pytest.raises(ExpressionError):
        compile_expression(source)
    assert time.process_time() - begin < 1


NUMBERS = list(range(300))
TEXT = "ab" * 10_000
POLICY = {"Statement": [{"Effect": "Allow", "Action": ["s3:*"]} for _ in range(10_000)]}
PATTERNS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Action": ["s3:" + "*a" * 20 + "b"], "NotResource": ["*a" * 30 + "b"]}
        for _ in range(200)
    ],
}
PUBLIC = [{**RULE, "peer": f"{20 + i % 180}.{i // 180}.0.0/16"} for i in range(2500)]
HOSTILE = {
    "endless": "r.x.all(a, r.x.all(b, r.x.all(c, a + b + c < 0 || true)))",
    "calls in a loop": "r.x.all(a, r.x.all(b, !covers_port({'protocol': 'udp'}, 22)))",
    "a policy in a loop": "r.x.all(a, allows(r.patterns, 's3:get'))",
    "a big policy": "is_public_policy(r.policy)",
    "many networks": "opens_to_world(r.public, 22)",
    "lists made in a loop": "r.x.map(a, r.x.map(b, b)).size() == 1",
    "lists joined in a loop": "r.x.exists(a, r.x.exists(b, (r.x + r.x).size() == 3))",
    "a list built member by member": "r.many.filter(a, true).size() == 0",
    "a list joined for each member": "r.few.exists(a, r.few + r.few == [a])",
    "a text doubled": "[r.text]" + ".map(v, v + v)" * 12 + " == []",
    "a long condition in a loop": "r.x.exists(a, " + "a == 1000 || " * 900 + "false)",
    "a long list in a loop": "r.x.all(a, [" + "1, " * 6000 + "2].exists(b, b == 7))",
    "a text in a loop": "r.x.exists(a, r.text.contains('ba' + string(a)))",
    "a pattern": "r.text.matches('" + "(a?){0,900}" * 15 + "b')",
    "a pattern within a pattern": "r.text.matches('((a{0,10}){0,10}){0,10}b')",
    "a pattern in escapes": r"r.text.matches('(a?)\x7b0,900}(a?)\u007b0,900}(a?)\1730,900}b')",
    "letters of all the world": r"r.text.matches(r'[\pL]{0,900}')",
    "a long pattern": "r.text.matches('" + "(a|b)?" * 2500 + "')",
    "a pattern of the resource": "r.text.matches(r.text)",
    "a member looked for among members": "r.many.exists(a, !(a in r.many))",
}
BIG = {"x": NUMBERS, "text": TEXT, "many": ["ab"] * 3000, "few": NUMBERS * 3, "patterns": PATTERNS}


def spent(source, side):
    compiled = compile_expression(source)
    begin = time.process_time()
    with pytest.raises(EvaluationError) as caught:
        evaluate(compiled, activation(r=side, drift={}, ctx={}))
    return time.process_time() - begin, caught.value.reason


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_whatever_may_take_long_ends_as_an_error_soon(name):
    side = {**BIG, "policy": POLICY} if name == "a big policy" else BIG
    if name == "many networks":
        side = {"public": PUBLIC}
    seconds, why = spent(HOSTILE[name], side)
    assert why in ("it takes too many steps", "the resource is too big for rules")
    assert seconds < 2  # a stall takes minutes; a shared machine may take its time


def test_no_error_of_a_part_hides_that_the_steps_are_spent():
    hidden = "opens_to_world(r.public, 22) || true"
    assert "too many steps" in reason(hidden, {"public": PUBLIC})


def test_a_value_nested_thousands_deep_is_refused():
    deep = {}
    for _ in range(5000):
        deep = {"a": deep}
    assert "nested" in reason("r.deep == r.deep", {"deep": deep})


@pytest.mark.parametrize("value", [2**70, "\ud800", object(), {1: 2}, b"x"])
def test_a_value_that_no_json_holds_is_an_error(value):
    assert reason('r.value == "x"', {"value": value})


GROUP = {"ingress": [{**RULE, "description": "x" * 100, "peer": "10.0.0.0/8"}] * 1000}


@pytest.mark.parametrize(
    "source",
    [
        "opens_to_world(r.ingress, 443)",
        "items(r.ingress).exists(p, covers_port(p, 443))",
        "items(r.ingress).exists(p, p.peer.matches('^[0-9]{12}/sg-'))",
        "items(r.ingress).filter(p, p.protocol == '-1').size() > 0",
        "items(r.ingress).exists(p, p.peer.startsWith('pl-') || p.description.contains('tmp'))",
    ],
)
def test_a_group_of_a_thousand_rules_is_no_trouble(source):
    assert not holds(source, GROUP)


def test_a_thousand_public_networks_are_read_to_the_end():
    many = {"ingress": PUBLIC[:1000], "egress": None}
    policy = shipped_policy()
    for rule in policy.of("aws_security_group"):
        if "ingress" in rule.attributes and rule.violation is not None:
            variables = activation(r=many, drift={}, ctx={})
            assert evaluate(rule.violation, variables.with_parameters(rule.parameters)) in (
                True,
                False,
            )


def test_a_long_text_beside_a_short_one_is_no_reason_to_refuse_a_pattern_on_the_short_one():
    side = {"user_data": "x" * 100_000, "names": ["web"] * 50}
    assert holds("r.names.all(n, n.matches('^[a-z]{1,30}$'))", side)


def test_other_rules_are_judged_though_one_is_endless():
    rules = parse_rules(
        b"""
rules:
  - id: ACME-SG-001
    title: Endless
    resource: [aws_security_group]
    violation: "items(r.ingress).all(a, items(r.ingress).all(b, items(r.ingress).all(c, a != b)))"
    severity: {base: low}
    why: It never ends.
  - id: ACME-SG-002
    title: Open
    resource: [aws_security_group]
    violation: opens_to_world(r.ingress, 22)
    severity: {base: high}
    why: It is scanned.
""",
        "rules.yaml",
    )
    live = {"ingress": [RULE] * 300}
    case = Case(type="aws_security_group", declared={"ingress": None}, live=live, drift={}, ctx={})
    found = {one.rule: one.verdict.value for one in judge(Policy(rules=tuple(rules)), case)}
    assert {"ACME-SG-001": "error", "ACME-SG-002": "introduced"} == found


def test_threads_do_not_spend_each_others_steps():
    compiled = compile_expression("opens_to_world(r.ingress, 443)")
    sides = [{"ingress": [{**RULE, "peer": f"10.0.{i}.0/24"}] * 800} for i in range(40)]
    sides[20] = {"ingress": [{**RULE, "from_port": 443, "to_port": 443}]}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda r: evaluate(compiled, activation(r=r, drift={}, ctx={})), sides)
        )
    assert [n == 20 for n in range(40)] == found


def test_an_answer_is_remembered_only_for_the_same_values_of_what_is_read(monkeypatch):
    ran = []
    run = engine.Expression.run
    monkeypatch.setattr(engine.Expression, "run", lambda *args: ran.append(1) or run(*args))
    compiled = compile_expression("r.a == ctx.parameters.a && !has(r.b)")
    three, four = {"a": 3}, {"a": 4}

    def ask(r, parameters):
        return evaluate(compiled, activation(r=r, drift={}, ctx={"parameters": parameters}))

    assert ask({"a": 3, "name": "x"}, three)
    assert ask({"a": 3, "name": "y"}, three)
    assert len(ran) == 1
    assert not ask({"a": 3, "b": None}, three)
    assert not ask({"a": 3}, four)
    assert not ask({"a": 4}, three)
    assert not ask({"a": "3"}, three)
    assert ask({"a": 3}, {"a": 3})
    assert len(ran) == 6


def test_true_is_not_remembered_for_one():
    compiled = compile_expression("r.a == true")
    found = [evaluate(compiled, activation(r={"a": a}, drift={}, ctx={})) for a in (True, 1, 1.0)]
    assert [True, False, False] == found


def test_a_refusal_for_size_is_not_remembered_for_a_smaller_resource():
    compiled = compile_expression("r.a == 1")
    with pytest.raises(EvaluationError):
        evaluate(compiled, activation(r={"a": 1, "rest": list(range(60_000))}, drift={}, ctx={}))
    assert evaluate(compiled, activation(r={"a": 1}, drift={}, ctx={}))


def test_memory_changes_no_judgement(monkeypatch):
    policy = shipped_policy()
    cases = [
        fixture.case
        for path in rule_files([packs_folder()])
        for fixture in load_fixtures(fixtures_path(path))
    ]
    first = [judge(policy, case) for case in cases]
    again = [judge(policy, case) for case in reversed(cases)][::-1]
    monkeypatch.setattr(engine.Expression, "answers", lambda *_: {})
    assert first == again == [judge(policy, case) for case in cases]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(engine, "REMEMBERED", 10)
    compiled = compile_expression("r.a >= 0")
    for number in range(100):
        assert evaluate(compiled, activation(r={"a": number}, drift={}, ctx={}))
    assert len(compiled.answers(engine.NO_PARAMETERS)) <= 10


def test_the_parameters_of_a_rule_do_not_reach_another():
    variables = activation(r={}, drift={}, ctx={"account": "1"})
    compiled = compile_expression("ctx.parameters.port == 22")
    assert evaluate(compiled, variables.with_parameters({"port": 22}))
    assert not evaluate(compiled, variables.with_parameters({"port": 23}))
    with pytest.raises(EvaluationError, match="parameters"):
        evaluate(compiled, variables)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("r.ingress.exists(p, p.x)", [("r", "ingress")]),
        ("r.metadata_options.?http_tokens", [("r", "metadata_options", "http_tokens")]),
        ('r["ingress"][0].x', [("r", "ingress")]),
        ("'r.x' == r.y // r.z", [("r", "y")]),
        ("\"\"\"r.x\"\"\" == r'''r.\\y''' + r.z", [("r", "z")]),
        ("[1].exists(r, r.x == ctx.account)", [("ctx", "account")]),
        ("r.x.map(ctx, ctx.y) == ctx.z", [("r", "x"), ("ctx", "z")]),
        ("has(r.x) && x.r.y", [("r", "x")]),
        ("r == drift", [("r",), ("drift",)]),
        ("{r.k: drift.kind}", [("r", "k"), ("drift", "kind")]),
        ("ctx.tags[r.x]", [("ctx", "tags"), ("r", "x")]),
    ],
)
def test_the_names_that_an_expression_reads_are_told(source, expected):
    assert expected == [one.chain for one in names(source)]


def test_a_name_is_told_with_its_place():
    (first, second) = names("true &&\n  r.x == r.y")
    assert (2, 3) == (first.line, first.column)
    assert (2, 10) == (second.line, second.column)


def test_a_part_is_told_whatever_it_gives():
    variables = activation(r={"x": [1, 2]}, drift={}, ctx={})
    assert [2, 3] == value_of("r.x.map(a, a + 1)", variables)
    with pytest.raises(EvaluationError):
        value_of("r.y", variables)
    with pytest.raises(ExpressionError):
        value_of("rr.y", variables)
