"""Lists that may be null, and blocks whose canonical form counts them."""

from __future__ import annotations

import pytest

from driftguard.canonical.freeze import thaw
from driftguard.canonical.kinds import TEXT, Blocks
from driftguard.policy.functions.collections import blocks, has_tag, is_one_of, tag_of
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


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tags.Backup", "Backup"),
        ("volume_tags.Backup", "Backup"),
        ("root_block_device.tags.a.b", "a.b"),
        ("hashtags.x", ""),
        ("name", ""),
    ],
)
def test_a_path_is_of_a_tag(path: str, expected: str) -> None:
    """Whatever block the tags are of."""
    assert expected == tag_of(path)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Data_Class", True), ("data class", True), ("backup-plan", True), ("class", False)],
)
def test_a_word_is_one_of_some_in_any_spelling(word: str, expected: bool) -> None:
    """Capitals and separators aside; a star is a beginning."""
    assert expected is is_one_of(word, ["data-class", "Backup*"])


def test_a_tag_of_some_name_has_some_value() -> None:
    """In any spelling; both have to be of the same tag."""
    tags = {"Data-Class": "Restricted", "Name": "public"}

    assert has_tag(tags, ["dataclass"], ["restricted"]) is True
    assert has_tag(tags, ["dataclass"], ["public"]) is False
    assert has_tag(None, ["dataclass"], ["restricted"]) is False
    with pytest.raises(RefusedError):
        has_tag([], ["dataclass"], ["restricted"])
