"""Text of somebody else's making, made harmless for a terminal.

A resource's name, a tag or an error message may hold escape sequences that
clear a screen, line breaks that fake a line of ours, or characters that turn
the reading direction round. All of them are shown as escapes instead.
https://trojansource.codes/
"""

from __future__ import annotations


def neutral(text: str) -> str:
    """Return the text with every character that is not plainly printable escaped.

    That is what Unicode calls other (controls, formats such as U+202E,
    surrogates, private use) and every separator but the space.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escaped(one) for one in text)


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BYTE, _PLANE = 0x100, 0x10000


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code < _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"
