"""The locks hold what pyproject.toml asks for, each package with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = {
    "runtime": PROJECT["project"]["dependencies"],
    "demo": PROJECT["project"]["optional-dependencies"]["demo"],
    "dev": [
        *PROJECT["dependency-groups"]["dev"],
        *(one for some in PROJECT["project"]["optional-dependencies"].values() for one in some),
    ],
}


def locked(name: str) -> dict[str, str]:
    """Return the locked packages with their block of text."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"(?m)^(\S+)==(.*(?:\n\s+.*)*)", text)
    return {canonicalize_name(package.partition("[")[0]): block for package, block in blocks}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_every_dependency_is_locked_in_a_version_that_fits(name: str):
    """Run `python3 dev.py lock` where this fails."""
    found = locked(name)
    for text in WANTED[name]:
        wanted = Requirement(text)
        if wanted.name == "driftguard":
            continue
        block = found[canonicalize_name(wanted.name)]
        version = re.split(r"[\s;\\]", block.strip(), maxsplit=1)[0]
        assert wanted.specifier.contains(version, prereleases=True), text


@pytest.mark.parametrize("name", sorted(WANTED))
def test_every_locked_package_has_a_hash_and_no_address(name: str):
    found = locked(name)
    assert found
    assert [] == [package for package, block in found.items() if "--hash=sha256:" not in block]
    assert "://" not in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def test_every_dependency_has_a_lower_bound():
    asked = [Requirement(text) for texts in WANTED.values() for text in texts]
    unbound = {one.name for one in asked if ">=" not in str(one.specifier)}
    stubs = {name for name in unbound if name.startswith("types-")}
    assert {"driftguard"} >= unbound - stubs
