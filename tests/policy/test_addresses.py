from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.clock import SystemClock
from driftguard.model import Address
from driftguard.policy.addresses import Pattern, parts_of


def matches(pattern: str, address: str) -> bool:
    return Pattern.of(pattern).matches(address, parts_of(address))


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("aws_instance.web", "aws_instance.web"),
        ("aws_instance.*", "aws_instance.web"),
        ("aws_instance.w*b", "aws_instance.wb"),
        ("aws_instance.w*e*b", "aws_instance.w-e-b"),
        ("aws_*.web", "aws_instance.web"),
        ('aws_instance.web["*"]', 'aws_instance.web["a.b"]'),
        ('aws_instance.web["*"]', 'aws_instance.web["a\\"]["]'),
        ('aws_instance.web["a.*"]', 'aws_instance.web["a.b.c"]'),
        ("aws_instance.web[*]", "aws_instance.web[12]"),
        ("aws_instance.web[*]", 'aws_instance.web["a"]'),
        ("module.*.aws_instance.web", "module.app.aws_instance.web"),
        ('module.app["*"].aws_instance.web', 'module.app["x.y"].aws_instance.web'),
        ('aws_instance.web["a*b"]', 'aws_instance.web["a*b"]'),
        ('aws_security_group.unmanaged["*"]', 'aws_security_group.unmanaged["sg-1"]'),
    ],
)
def test_an_address_that_is_meant(pattern: str, address: str):
    assert matches(pattern, address)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("aws_instance.web", "aws_instance.web2"),
        ("aws_instance.web", "module.app.aws_instance.web"),
        ("aws_instance.web", "aws_instance.web[0]"),
        ("aws_instance.*", "module.app.aws_instance.web"),
        ("aws_instance.*", 'aws_instance.web["a"]'),
        ("aws_instance.*", "xaws_instance.web"),
        ("aws_instance.w*", "aws_instance.aw"),
        ("aws_instance.ab*ba", "aws_instance.aba"),
        ("aws_instance.a*b*b", "aws_instance.ab"),
        ("aws_instance.a*x*x*b", "aws_instance.axb"),
        ("module.*.aws_instance.web", "module.a.module.b.aws_instance.web"),
        ("module.*.aws_instance.web", 'module.a["x"].aws_instance.web'),
        ('aws_instance.web["*"]', "aws_instance.web[0]"),
        ('aws_instance.web["a*"]', 'aws_instance.web["b"]'),
        ("aws_instance.w?b", "aws_instance.web"),
        ("aws_instance.*", "not an address"),
        ("aws_instance.*", 'aws_instance.web["'),
    ],
)
def test_an_address_that_is_not_meant(pattern: str, address: str):
    assert not matches(pattern, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "**",
        "aws_instance",
        "aws_instance.",
        ".aws_instance.web",
        "aws_instance..web",
        "aws_instance.web.",
        "aws_instance.web.id",
        "aws_instance[0].web",
        "[0]",
        'aws_instance.web["a',
        'aws_instance.web"a"',
        "aws_instance.web[0][1]",
        "module.app",
        "module.app[0]",
        "module.app[0][1].aws_instance.web",
    ],
)
def test_a_pattern_that_no_address_looks_like_is_refused(text: str):
    with pytest.raises(ValueError, match="expected an address"):
        Pattern.of(text)


NAMES = st.text("abz_-*09", min_size=1, max_size=6)
KEYS = st.none() | st.integers(0, 99) | st.text(max_size=8)


@given(
    modules=st.lists(st.tuples(NAMES, KEYS), max_size=2),
    kind=NAMES,
    name=NAMES,
    key=KEYS,
)
def test_every_address_is_a_pattern_that_means_itself(
    modules: list[tuple[str, object]], kind: str, name: str, key: str | int | None
):
    paths = [
        str(Address(type="module", name=name, key=key))  # type: ignore[arg-type]
        for name, key in modules
    ]
    address = str(Address(module=".".join(paths), type=f"aws_{kind}", name=name, key=key))

    parts = parts_of(address)

    assert parts is not None
    assert address == "".join(parts)
    assert matches(address, address)


def test_a_pattern_of_stars_on_a_long_key_takes_no_time():
    pattern = Pattern.of(f'aws_instance.web["{"a*" * 500}b"]')
    address = f'aws_instance.web["{"a" * 200_000}"]'
    clock = SystemClock()
    began = clock.monotonic()
    assert not pattern.matches(address, parts_of(address))
    assert clock.monotonic() - began < 1
