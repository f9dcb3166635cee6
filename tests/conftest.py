"""What tests of several packages share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.recorded_company import Recorded, record_company

_PLACES = (Path(__file__).parents[2] / "shared", Path(__file__).parents[3] / "shared")


@pytest.fixture(scope="session")
def corpus():
    """Return the folder of real states and recordings, which is not part of the repository."""
    named = os.environ.get("DRIFTGUARD_CORPUS")
    candidates = [Path(named)] if named else [place / "realdata" for place in _PLACES]
    for candidate in candidates:
        if (candidate / "states").is_dir():
            return candidate
    pytest.skip(f"the corpus of real data is not at {candidates[0]} (DRIFTGUARD_CORPUS names it)")


@pytest.fixture(scope="session")
def recorded_company(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Record a scan of a small company; it takes some seconds, so once for all."""
    return record_company(tmp_path_factory.mktemp("company"))
