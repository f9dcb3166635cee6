"""Lists that may be null, and blocks whose canonical form counts them."""

from __future__ import annotations

import pytest

from driftguard.canonical.freeze import thaw
from driftguard.canonical.kinds import TEXT, Blocks
from driftguard.policy.functions.collections import blocks
from driftguard.policy.functions.table import RefusedError


def test_blocks_are_given_without_their_counts() -> None:
    """Two blocks alike are one."""
    kind = Blocks(fields={"name": TEXT})

    found = blocks(thaw(kind.canonical([{"name": "a"}, {"name": "a"}])))

    assert found == [{"name": "a"}]


def test_blocks_without_counts_stay_as_they_are() -> None:
    """Ordered blocks have none."""
    kind = Blocks(fields={"name": TEXT}, ordered=True)

    assert blocks(thaw(kind.canonical([{"name": "a"}]))) == [{"name": "a"}]


def test_no_blocks_are_none() -> None:
    """An absent list is null."""
    assert blocks(None) == []


def test_a_text_is_no_list_of_blocks() -> None:
    """Neither is a secret's stand-in."""
    with pytest.raises(RefusedError, match="a list or null"):
        blocks("(sensitive 0123456789abcdef01234567)")
