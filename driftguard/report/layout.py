"""Lines of a terminal: pieces with a role, folded with a hanging indent.

A piece says what it is (a path, a live value), not how it looks; ``STYLES``
gives each role its colour, and without colours the words alone carry all.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "critical": "bold white on red",
        "high": "bold red",
        "medium": "bold yellow",
        "low": "cyan",
        "info": "dim",
        "address": "bold",
        "declared": "green",
        "live": "red",
        "heading": "bold",
        "quiet": "dim",
        "good": "green",
        "bad": "bold red",
        "": "",
    }
)


class Page:
    """Collects lines, then writes them for one width, with or without colours."""

    def __init__(self, *, width: int, colour: bool) -> None:
        self._width = max(width, _NARROWEST)
        self._buffer = io.StringIO()
        self._console = Console(
            file=self._buffer,
            width=self._width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def line(self, *pieces: tuple[str, str] | str, indent: int = 0, hang: int = 0) -> None:
        """Add one line of (text, role) pieces, folded where it is too long for the width."""
        text = Text()
        for piece in pieces:
            words, role = piece if isinstance(piece, tuple) else (piece, "")
            text.append(words, style=STYLES[role])
        folded = text.wrap(self._console, max(self._width - indent - hang, _NARROWEST // 2))
        for number, part in enumerate(folded):
            part.rstrip()
            margin = indent if number == 0 else indent + hang
            self._console.print(Text(" " * margin) + part, soft_wrap=True)

    def blank(self) -> None:
        """Add an empty line."""
        self._console.print()

    def whole(self, *pieces: tuple[str, str] | str) -> None:
        """Add one line that is never folded: the last line, which scripts cut up."""
        text = Text()
        for piece in pieces:
            words, role = piece if isinstance(piece, tuple) else (piece, "")
            text.append(words, style=STYLES[role])
        self._console.print(text, soft_wrap=True)

    def fits(self, text: str, indent: int) -> bool:
        """Tell whether a text has room on one line."""
        return indent + Text(text).cell_len <= self._width

    def text(self) -> str:
        """Return all lines."""
        return self._buffer.getvalue()


_NARROWEST = 40


def plural(count: int, noun: str) -> str:
    """Return ``1 finding``, ``2 findings``, ``1,200 findings``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def joined(words: Iterable[str]) -> str:
    """Join the words that are there by two spaces."""
    return "  ".join(word for word in words if word)
