"""Which addresses a scan is about: ``--include`` and ``--exclude``.

A pattern is matched against the whole address, or against the type alone
(``aws_iam_*``). Only ``*`` and ``?`` are special: brackets belong to addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from driftguard.model import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Take what an include pattern names (all, where there is none) and no exclude pattern does."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, address: Address) -> bool:
        """Tell whether the scan is about this address."""
        if self.include and not _matches(address, self.include):
            return False
        return not _matches(address, self.exclude)

    def may_take(self, resource_type: str) -> bool:
        """Tell whether an unmanaged object of a type could be taken at all."""
        if any(_compiled(pattern).fullmatch(resource_type) for pattern in self.exclude):
            return False
        start = f"{resource_type}.unmanaged"
        return not self.include or any(
            _compiled(pattern).fullmatch(resource_type) or _may_start(pattern, start)
            for pattern in self.include
        )


def _matches(address: Address, patterns: Iterable[str]) -> bool:
    text = str(address)
    return any(
        _compiled(pattern).fullmatch(text) or _compiled(pattern).fullmatch(address.type)
        for pattern in patterns
    )


def _may_start(pattern: str, start: str) -> bool:
    """Tell whether a pattern could match some text that begins with ``start``."""
    fixed = re.split(r"[*?]", pattern, maxsplit=1)[0]
    return fixed.startswith(start) or (fixed != pattern and start.startswith(fixed))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a pattern; what follows a ``*`` is found once, so that matching stays linear."""
    first, *rest = (re.escape(fixed).replace(r"\?", ".") for fixed in pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{fixed})" for fixed in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)
