from __future__ import annotations

import pytest

from driftguard.redact import Redactor


@pytest.fixture
def redact() -> Redactor:
    """A redactor with a key of its own."""
    return Redactor(b"k" * 32)
