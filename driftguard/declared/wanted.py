"""Which of the many names of a store a place means: one, those below a prefix, those of a glob."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from driftguard.declared.file import SUFFIX

_BESIDE = (".backup", ".tflock", ".lock.info")
"""Endings of what lies beside states: old ones and locks."""
_WORKSPACE = f"{SUFFIX}env:"
"""How Terraform's azurerm backend ends a key before a workspace's name.
https://developer.hashicorp.com/terraform/language/backend/azurerm"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a place names. Only ``*`` is special, ``**/`` is any number of folders."""

    name: str

    @property
    def is_one(self) -> bool:
        """Whether it is the name of one state, so that nothing has to be listed."""
        return bool(self.name) and not self.name.endswith("/") and not self.is_glob

    @property
    def is_glob(self) -> bool:
        """Whether it is a pattern."""
        return "*" in self.name

    @property
    def prefix(self) -> str:
        """What every name that is meant begins with."""
        return self.name.partition("*")[0]

    def takes(self, name: str) -> bool:
        """Tell whether a listed name is meant."""
        if not self.is_glob:
            return name.startswith(self.name) and (name.endswith(SUFFIX) or _WORKSPACE in name)
        return not name.endswith(_BESIDE) and matches(name, self.name)


def matches(name: str, pattern: str) -> bool:
    """Tell whether a name fits a pattern, in a time that is bounded by the product of their sizes.

    ``*`` stands for anything within one folder, ``**`` as a folder for any number.
    """
    return _fits(name.split("/"), pattern.split("/"))


def _fits(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    at = taken = 0
    star, resumed = -1, 0
    while at < len(parts):
        if taken < len(patterns) and patterns[taken] == "**":
            star, resumed = taken, at
            taken += 1
        elif taken < len(patterns) and fnmatchcase(parts[at], _only_stars(patterns[taken])):
            at, taken = at + 1, taken + 1
        elif star >= 0:  # let the last ** take one folder more
            resumed += 1
            at, taken = resumed, star + 1
        else:
            return False
    return all(one == "**" for one in patterns[taken:])


def _only_stars(pattern: str) -> str:
    """Take the meaning from the other characters that fnmatch gives one; ``***`` is ``*``."""
    return re.sub(r"([?\[])", r"[\1]", re.sub(r"\*+", "*", pattern))
