"""How much work a regular expression is, told from its text before anything runs.

RE2 never goes back, but it pays for every instruction at every character in the
worst case, and counted repetitions multiply instructions.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import functools
import re

_TOKEN = re.compile(
    r"""(?P<letters>\\[pP](?:\{[^}]*\}|.))
    |(?P<quoted>\\Q.*?(?:\\E|$))
    |(?P<escape>\\.)
    |(?P<letters_class>\[\^?\]?(?:\[:[^\]]*:\]|\\[^pP]|[^\]\\])*\\[pP](?:\\.|\[:[^\]]*:\]|[^\]\\])*\])
    |(?P<class>\[\^?\]?(?:\[:[^\]]*:\]|\\.|[^\]\\])*\])
    |(?P<open>\((?:\?(?:P?<[^>]*>|[a-zA-Z-]*:|[a-zA-Z-]+(?=\))))?)
    |(?P<close>\))
    |(?P<times>\{(?P<least>\d+)(?:,(?P<most>\d*))?\})
    |(?P<some>[*+?])
    |(?P<any>.)""",
    re.VERBOSE | re.DOTALL,
)
_WEIGHTS = {"letters": 3000, "letters_class": 3000}
"""Instructions of one character of a kind, for the bytes that it may be written in."""
_CLASS = 2
_MANY_BYTES = 10
"""The same of a class that holds more than ASCII, as ``.`` and ``[^a]`` do."""
_FOLDED = 2
"""Letters are looked for in both cases."""
MOST = 1_000_000
"""Instructions beyond which it makes no difference."""


@functools.lru_cache(maxsize=1024)
def instructions(pattern: str) -> int:
    """Return how many instructions a regular expression becomes, or more."""
    totals = [0]
    last = 0
    for found in _TOKEN.finditer(pattern):
        kind = found.lastgroup or "any"
        if kind == "open":
            totals.append(1)
            last = 0
        elif kind == "close":
            last = totals.pop() if len(totals) > 1 else 1
            totals[-1] += last
        elif kind == "times":
            # Each round that may be left out is a choice, and so an instruction more.
            repeated = last * _repeats(found) + (_repeats(found) if found["most"] else 0)
            totals[-1] += repeated - last
            last = repeated
        elif kind == "some":
            totals[-1] += 1
            last += 1
        else:
            last = _one(kind, found.group())
            totals[-1] += last
        if max(totals[-1], last) > MOST:
            return MOST
    folded = _FOLDED if "(?" in pattern and _FLAG.search(pattern) else 1
    return min(sum(totals) * folded, MOST)


_FLAG = re.compile(r"\(\?[a-zA-Z]*i")


def _repeats(found: re.Match[str]) -> int:
    counts = [int(digits) for digits in (found["least"], found["most"]) if digits]
    return max(1, *(min(count, MOST) for count in counts)) + (found["most"] == "")


def _one(kind: str, text: str) -> int:
    if kind == "quoted":
        return len(text)
    if kind == "class":
        return _CLASS if text.isascii() and text[1] != "^" and "\\" not in text else _MANY_BYTES
    if kind == "escape" and text[1] in "DSWC":
        return _MANY_BYTES
    return _WEIGHTS.get(kind, _MANY_BYTES if text == "." or not text.isascii() else 1)
