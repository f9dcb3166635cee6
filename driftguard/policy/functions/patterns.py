"""Patterns of IAM policies: ``*`` is any text, ``?`` any one character.

Linear in time but for two patterns against each other, where the product of
their lengths is paid for in steps: no pattern stalls a cycle.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re

from driftguard.policy.steps import spend

ANY = "*"
_WILD = re.compile(r"[*?]")
_CHEAP = 64
"""Characters that a step pays for."""


def is_wild(text: str) -> bool:
    """Tell whether a text has a wildcard."""
    return _WILD.search(text) is not None


def is_everything(pattern: str) -> bool:
    """Tell whether a pattern leaves no action and no ARN out: ``*``, ``**`` or ``*:*``."""
    return ANY in pattern and not pattern.replace(ANY, "").strip(":")


def covers(pattern: str, asked: str) -> bool:
    """Tell whether a pattern matches a text, or all that another pattern matches."""
    spend(1 + (len(pattern) + len(asked)) // _CHEAP)
    if pattern == asked or is_everything(pattern):
        return True
    return is_wild(pattern) and _greedy(pattern, asked)


def _greedy(pattern: str, asked: str) -> bool:
    """Match, remembering only the last ``*``: that one alone ever has to grow."""
    at = place = 0
    star, mark = -1, 0
    spent = len(asked)
    while place < len(asked):
        spent -= 1
        if spent < 0:
            spend()
            spent = _CHEAP
        if at < len(pattern) and pattern[at] == ANY:
            star, mark = at, place
            at += 1
        elif at < len(pattern) and _same(pattern[at], asked[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return not pattern[at:].strip(ANY)


def _same(one: str, asked: str) -> bool:
    """Tell whether a character is matched; an asked ``*`` stands for texts of any length."""
    return one == asked or (one == "?" and asked != ANY)


def overlaps(one: str, other: str) -> bool:
    """Tell whether any text matches both of two patterns."""
    if not is_wild(other):
        return covers(one, other)
    if not is_wild(one):
        return covers(other, one)
    spend(1 + len(one) * len(other) // _CHEAP)
    row = _first_row(other)
    for char in one:
        row = _next_row(row, char, other)
    return row[-1]


def _first_row(other: str) -> list[bool]:
    """Return which beginnings of a pattern match the empty text."""
    return [not other[:length].strip(ANY) for length in range(len(other) + 1)]


def _next_row(row: list[bool], char: str, other: str) -> list[bool]:
    following = [row[0] and char == ANY]
    for place, met in enumerate(other, start=1):
        if ANY in (char, met):
            fits = row[place] or following[place - 1]
        else:
            fits = row[place - 1] and (char == met or "?" in (char, met))
        following.append(fits)
    return following
