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
_WEIGHTS = {"letters": 100, "letters_class": 100, "class": 10}
"""Instructions of one character of a kind, for the bytes that it may be written in."""
_DOT = 10
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
            totals[-1] += last * (_repeats(found) - 1)
            last *= _repeats(found)
        elif kind == "some":
            totals[-1] += 1
            last += 1
        else:
            last = _one(kind, found.group())
            totals[-1] += last
        if max(totals[-1], last) > MOST:
            return MOST
    return min(sum(totals), MOST)


def _repeats(found: re.Match[str]) -> int:
    counts = [int(digits) for digits in (found["least"], found["most"]) if digits]
    return max(1, *(min(count, MOST) for count in counts)) + (found["most"] == "")


def _one(kind: str, text: str) -> int:
    if kind == "quoted":
        return len(text)
    return _WEIGHTS.get(kind, _DOT if text == "." else 2)
