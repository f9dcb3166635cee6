"""Sound input, cut at every length and mutated with a seed: no crash, and the sum adds up."""

from __future__ import annotations

import copy
import json
import random  # noqa: TID251  # mutations by a seed: the same in every run
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from driftguard.declared.state import parse_state
from driftguard.errors import DeclaredError, SettingsError
from driftguard.live.recorded import UnusableError, json_object
from driftguard.settings.load import parse_settings
from tests.bad_input.case import SECRET, encoded, sound_state
from tests.bad_input.recordings import GROUPS
from tests.cli.conftest import GROUP, SSH, Run, World, resource, security_group, state
from tests.resources.test_odd_shapes import CASES

SEEDS = range(6)
MUTANTS = 20
CONFIGURATION = f"""\
version: 1
stacks:
  - name: web
    state: ["terraform.tfstate", 's3://bucket/{SECRET}']
    regions: [eu-central-1]
    roles: [{{arn: "arn:aws:iam::111122223333:role/reader", external_id: "{SECRET}"}}]
limits: {{deadline: 60.5, attempts: 3}}
""".encode()
ODD: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 1e400, 10**30, "", "x", "\ud800", "\x1b[2J", "a" * 3_000, "\u0661",
    [], {}, [None], [[]], [{}], {"": None}, {"a": {"b": 1}}, "{", "true", "-1", "arn:", "::/0",
)  # fmt: skip


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # no secret is made of it


def _refused(parse: Callable[[bytes], object], data: bytes, error: type[Exception]) -> list[str]:
    """Return what is said of data that is refused: one sentence, or nothing."""
    try:
        parse(data)
    except error as told:
        return [str(told)]
    return []


def _cut(parse: Callable[[bytes], object], data: bytes, error: type[Exception]) -> int:
    """Parse what is left at each length; return how often that was refused."""
    told = [one for length in range(len(data)) for one in _refused(parse, data[:length], error)]
    assert not [one for one in told if SECRET in one or len(one) > 500]
    return len(told)


def test_a_state_cut_at_any_length_is_refused():
    data = encoded(sound_state(outputs={"key": {"value": SECRET, "sensitive": True}}))
    refused = _cut(lambda cut: parse_state(cut, place="x", max_bytes=10**6), data, DeclaredError)
    assert len(data) == refused


def test_a_configuration_cut_at_any_length_is_read_or_refused():
    assert _cut(lambda cut: parse_settings(cut, "x"), CONFIGURATION, SettingsError) > 200
    assert parse_settings(CONFIGURATION, "x").stacks[0].name == "web"


def test_an_answer_cut_at_any_length_is_refused():
    data = encoded({"status_code": 200, "data": {"SecurityGroups": [SSH]}})
    assert len(data) == _cut(json_object, data, UnusableError)


def _paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        yield from _paths(one, (*path, key))


def _mutated(document: Any, chance: random.Random) -> Any:  # JSON
    """Replace or drop something, anywhere in a document."""
    document = copy.deepcopy(document)
    path = chance.choice([*_paths(document)])
    around = document
    for step in path[:-1]:
        around = around[step]
    if chance.random() < 0.2:
        del around[path[-1]]
    else:
        around[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return document


def _everything() -> Any:  # JSON
    """Return a state with a resource of every type that has an example."""
    group = security_group(ingress=[{"from_port": 22, "cidr_blocks": ["0.0.0.0/0"]}])
    rest = [resource(kind, "odd", declared) for kind, (declared, _) in CASES.items()]
    return json.loads(state(resource("aws_security_group", "web", group), *rest))


def _scanned(run: Run, world: World) -> None:
    ran = run("scan", *world.source, "--format", "json", "--unmanaged")
    assert ran.code in (0, 1, 2), ran.err
    assert "unexpectedly" not in ran.err
    assert "Traceback" not in ran.err
    if ran.out:
        summary = json.loads(ran.out)["summary"]
        parts = ("checked", "unreadable", "unsupported")
        assert summary["declared"] == sum(summary[part] for part in parts)
        assert "Infinity" not in ran.out
    else:
        assert ran.err.startswith("Error: ")
    table = run("scan", *world.source)
    assert table.code in (0, 1, 2)
    assert table.out.replace("\n", "").isprintable()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_state_breaks_nothing_but_what_was_mutated(run: Run, world: World, seed: int):
    chance, sound = _chance(seed), _everything()
    for _ in range(MUTANTS):
        world.state.write_bytes(encoded(_mutated(sound, chance)))
        _scanned(run, world)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_answer_breaks_nothing(run: Run, world: World, seed: int):
    chance = _chance(seed)
    world.answer(SSH)
    path = world.folder / GROUPS
    sound = json.loads(path.read_bytes())
    assert GROUP in json.dumps(sound)
    for _ in range(MUTANTS):
        path.write_bytes(encoded(_mutated(sound, chance)))
        _scanned(run, world)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_configuration_is_read_or_told_in_sentences(seed: int):
    chance = _chance(seed)
    bits = [b"\t", b"&a ", b"*a ", b"!!x ", b"\x00", b"\xff", b": ", b"- ", b"[", b"}", b"'", b"\n"]
    for _ in range(MUTANTS * 5):
        at = chance.randrange(len(CONFIGURATION))
        data = CONFIGURATION[:at] + chance.choice(bits) + CONFIGURATION[at + chance.randrange(3) :]
        for told in _refused(lambda mutant: parse_settings(mutant, "x"), data, SettingsError):
            assert "\x00" not in told
            assert told.startswith("x")
