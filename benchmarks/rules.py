"""Rules over many drifts: how fast they are judged, and what rules for other types cost.

The drifts are those of the shipped rules' own tests, each made another: its own
address, id, name and tags. What rules look at repeats as it does in an estate;
``apart`` is the same where nothing repeats, and nothing is remembered.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import itertools
from collections.abc import Iterator, Sequence

from benchmarks.measure import cpu
from driftguard.policy import engine, judge
from driftguard.policy.fixtures import fixtures_path, load_fixtures
from driftguard.policy.judge import Case
from driftguard.policy.load import packs_folder, parse_rules, rule_files, shipped_policy
from driftguard.policy.rules import Policy, Rule
from driftguard.policy.sides import Side

OTHER_TYPE = "aws_ebs_volume"
"""The type of the extra rules, of which no drift is."""


def drifts(many: int) -> list[Case]:
    """Return drifts of every type that rules are for."""
    seen = [
        fixture.case
        for path in rule_files([packs_folder()])
        for fixture in load_fixtures(fixtures_path(path), ours=True)
        if fixture.case.type != OTHER_TYPE
    ]
    return [_made_another(case, n) for n, case in zip(range(many), itertools.cycle(seen))]


def _made_another(case: Case, number: int) -> Case:
    tags = {**dict(case.ctx.get("tags") or {}), "Name": f"name-{number}"}  # type: ignore[call-overload]
    address = f"{case.type}.made[{number}]"
    return dataclasses.replace(
        case,
        declared=_named(case.declared, number),
        live=_named(case.live, number),
        ctx={**case.ctx, "address": address, "id": f"id-{number}", "tags": tags},
    )


def _named(side: Side | None, number: int) -> Side | None:
    return None if side is None else {**side, "name": f"name-{number}"}


def evaluations(policy: Policy, cases: Sequence[Case]) -> int:
    """Count the evaluations that judging takes."""
    count, evaluate = 0, engine.evaluate

    def counted(expression: engine.Expression, variables: engine.Activation) -> bool:
        nonlocal count
        count += 1
        return evaluate(expression, variables)

    judge.evaluate = counted  # type: ignore[attr-defined]
    try:
        _judge(policy, cases)
    finally:
        judge.evaluate = evaluate  # type: ignore[attr-defined]
    return count


def _judge(policy: Policy, cases: Sequence[Case]) -> None:
    for case in cases:
        judge.judge(policy, case)


def extra_rules(many: int) -> Iterator[Rule]:
    """Return rules for a type that no drift is of."""
    for number in range(many):
        text = (
            f"rules: [{{id: ACME-X-{number}, title: An extra rule, resource: [{OTHER_TYPE}],"
            f" violation: r.size == {number}, severity: {{base: low}}, why: It is measured.}}]"
        )
        yield from parse_rules(text.encode(), "extra.yaml")


def rules(many: int, extra: int) -> dict[str, float]:
    """Judge many drifts by all shipped rules: fresh, with extra rules, and without memory."""
    loading = cpu(shipped_policy, 5)
    cases = drifts(many)
    count = evaluations(shipped_policy(), cases)
    more = tuple(extra_rules(extra))
    gc.collect()
    gc.freeze()
    plain, crowded = [], []
    for _ in range(3):
        plain.append(_seconds(shipped_policy(), cases))
        crowded.append(_seconds(Policy(rules=(*shipped_policy().rules, *more)), cases))
    endless = _endless()
    engine.Expression.answers = lambda *_: {}  # type: ignore[method-assign]
    apart = _seconds(shipped_policy(), cases)
    return {
        "rules": len(shipped_policy().rules),
        "evaluations": count,
        "rate": count / min(plain),
        "apart": count / apart,
        "crowded": min(crowded) / min(plain),
        "loading": loading,
        "endless": endless,
    }


HOSTILE = (
    "r.x.all(a, r.x.all(b, r.x.all(c, a + b + c < 0 || true)))",
    "r.x.all(a, allows(r.policy, 's3:get'))",
    "is_public_policy(r.policy)",
    "opens_to_world(r.rules, 22)",
    "r.x.map(a, r.x.map(b, b)).size() == 1",
    "r.x.exists(a, (r.x + r.x).size() == 3)",
    "r.text.matches('((a{0,10}){0,10}){0,10}b')",
    "r.text.matches('(a?){0,900}(a?){0,900}b')",
)


def _endless() -> float:
    """Return the seconds of the slowest of some expressions that are made to take long."""
    statement = {"Effect": "Deny", "Action": ["*a" * 20 + "b"], "NotResource": ["*a" * 30 + "b"]}
    rule = {"protocol": "tcp", "from_port": 22, "to_port": 22, "description": ""}
    side = {
        "x": list(range(300)),
        "text": "a" * 20_000,
        "policy": {"Version": "2012-10-17", "Statement": [statement] * 1000},
        "rules": [{**rule, "peer": f"{20 + i % 180}.{i // 180}.0.0/16"} for i in range(1000)],
    }
    return max(cpu(lambda: _given_up(source, side)) for source in HOSTILE)  # noqa: B023  # called at once


def _given_up(source: str, side: Side) -> None:
    variables = engine.activation(r=side, drift={}, ctx={})
    with contextlib.suppress(engine.EvaluationError):
        engine.evaluate(engine.compile_expression(source), variables)


def _seconds(policy: Policy, cases: Sequence[Case]) -> float:
    return cpu(lambda: _judge(policy, cases), 1)
