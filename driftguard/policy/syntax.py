"""A CEL expression taken apart, each part with its place in the text.

The engine compiles and evaluates; it hands out no tree. ``policy eval`` needs
one to show the value of each part, and the mutation test to change one part at
a time. Grammar: https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from driftguard.errors import DriftGuardError

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
"""The calls whose first argument names a variable that only their other arguments know."""
MAX_DEPTH = 40
"""Brackets within brackets; the engine stops at 32."""
MAX_TOKENS = 20_000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\f]+|//[^\n]*)
    |(?P<text>(?:[rR][bB]?|[bB][rR]?)?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
        |\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?
        |[0-9]+(?:[eE][-+]?[0-9]+|[uU])?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>\|\||&&|<=|>=|==|!=|[-+*/%!<>?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_LEVELS: Sequence[tuple[str, frozenset[str]]] = (
    ("or", frozenset({"||"})),
    ("and", frozenset({"&&"})),
    ("relation", frozenset({"<", "<=", ">", ">=", "==", "!=", "in"})),
    ("sum", frozenset({"+", "-"})),
    ("product", frozenset({"*", "/", "%"})),
)
_BINARY: Mapping[str, tuple[int, str]] = MappingProxyType(
    {word: (level, kind) for level, (kind, words) in enumerate(_LEVELS) for word in words}
)
_ENDS: Mapping[str, str] = MappingProxyType({"(": ")", "[": "]", "{": "}"})


class SyntaxNotUnderstood(DriftGuardError):  # noqa: N818  # what it says of the text
    """An expression could not be taken apart; ``offset`` is the character it happened at."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an expression: what it is, and from where to where it stands.

    ``word`` is an operator, a name or a function's name, at ``word_start``.
    The receiver of a method is the first of its ``parts``; ``method`` tells it
    from a function.
    """

    kind: str
    start: int
    end: int
    word: str = ""
    word_start: int = -1
    parts: tuple[Part, ...] = ()
    method: bool = False

    def within(self, source: str) -> str:
        """Return the part's text."""
        return source[self.start : self.end]

    def walk(self) -> Iterator[Part]:
        """Yield the part and all within it, in the order of the text."""
        left = [self]
        while left:  # no recursion: a chain of additions is as deep as it is long
            part = left.pop()
            yield part
            left.extend(reversed(part.parts))


def take_apart(source: str) -> Part:
    """Return the expression's tree. Raises SyntaxNotUnderstood."""
    reader = _Reader(tokens=list(_tokens(source)), size=len(source))
    whole = reader.expression(0)
    reader.done()
    return whole


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def _tokens(source: str) -> Iterator[_Token]:
    place = count = 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        if found is None or found.lastgroup is None:
            raise SyntaxNotUnderstood(f"{source[place]!r} can't stand here.", offset=place)
        if found.lastgroup != "space":
            count += 1
            yield _Token(found.lastgroup, found.group(), place)
        if count > MAX_TOKENS:
            raise SyntaxNotUnderstood(f"It has over {MAX_TOKENS} words.", offset=place)
        place = found.end()


class _Reader:
    """Reads tokens by recursive descent, one method for each kind of thing."""

    def __init__(self, *, tokens: list[_Token], size: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._size = size

    def done(self) -> None:
        if self._next < len(self._tokens):
            raise self._unexpected()

    def expression(self, depth: int) -> Part:
        if depth > MAX_DEPTH:
            message = f"It is nested more than {MAX_DEPTH} levels deep."
            raise SyntaxNotUnderstood(message, offset=self._here())
        condition = self._binary(0, depth)
        mark = self._take("?")
        if mark is None:
            return condition
        first = self._binary(0, depth + 1)
        self._need(":")
        second = self.expression(depth + 1)
        parts = (condition, first, second)
        return _spanning("choice", parts, word="?", word_start=mark.start)

    def _binary(self, least: int, depth: int) -> Part:
        """Read what operators of a level, and of those that bind closer, hold together."""
        left = self._unary(depth)
        while (found := self._operator(least)) is not None:
            level, kind = found
            mark = self._advance()
            right = self._binary(level + 1, depth)
            left = _spanning(kind, (left, right), word=mark.text, word_start=mark.start)
        return left

    def _operator(self, least: int) -> tuple[int, str] | None:
        if self._next >= len(self._tokens):
            return None
        found = _BINARY.get(self._tokens[self._next].text)
        return found if found is not None and found[0] >= least else None

    def _unary(self, depth: int) -> Part:
        mark = self._take("!", "-")
        if mark is None:
            return self._member(depth)
        if depth > MAX_DEPTH:
            raise self._unexpected()
        inner = self._unary(depth + 1)
        kind = "not" if mark.text == "!" else "minus"
        place = mark.start
        return Part(
            kind=kind, start=place, end=inner.end, word=mark.text, word_start=place, parts=(inner,)
        )

    def _member(self, depth: int) -> Part:
        whole = self._primary(depth)
        while (mark := self._take(".", "[", "{")) is not None:
            whole = self._after(whole, mark, depth)
        return whole

    def _after(self, whole: Part, mark: _Token, depth: int) -> Part:
        if mark.text != ".":
            self._take("?")
            inner, end = self._within(_ENDS[mark.text], depth)
            kind = "index" if mark.text == "[" else "message"
            return Part(kind=kind, start=whole.start, end=end, parts=(whole, *inner))
        self._take("?")
        name = self._name()
        if self._take("(") is None:
            end = name.start + len(name.text)
            return Part(
                kind="select",
                start=whole.start,
                end=end,
                word=name.text,
                word_start=name.start,
                parts=(whole,),
            )
        inner, end = self._within(")", depth)
        return Part(
            kind="call",
            start=whole.start,
            end=end,
            word=name.text,
            word_start=name.start,
            parts=(whole, *inner),
            method=True,
        )

    def _primary(self, depth: int) -> Part:
        token = self._advance()
        end = token.start + len(token.text)
        if token.kind in {"text", "number"}:
            return Part(kind=token.kind, start=token.start, end=end, word=token.text)
        if token.kind == "name":
            return self._named(token, end, depth)
        if token.text in _ENDS:
            inner, end = self._within(_ENDS[token.text], depth)
            kind = {"(": "group", "[": "list", "{": "map"}[token.text]
            if kind == "group" and len(inner) != 1:
                raise SyntaxNotUnderstood("A pair of brackets is empty.", offset=token.start)
            return Part(kind=kind, start=token.start, end=end, parts=inner)
        if token.text == ".":
            return self._primary(depth)
        self._next -= 1
        raise self._unexpected()

    def _named(self, token: _Token, end: int, depth: int) -> Part:
        if self._take("(") is not None:
            inner, end = self._within(")", depth)
            kind = "call"
        else:
            inner, kind = (), "word" if token.text in {"true", "false", "null"} else "name"
        return Part(
            kind=kind,
            start=token.start,
            end=end,
            word=token.text,
            word_start=token.start,
            parts=inner,
        )

    def _within(self, closing: str, depth: int) -> tuple[tuple[Part, ...], int]:
        """Read what stands between brackets, keys and values alike, and the closing one."""
        parts: list[Part] = []
        while (mark := self._take(closing)) is None:
            self._take("?")
            parts.append(self.expression(depth + 1))
            between = ("," if closing != "}" else ("," if len(parts) % 2 == 0 else ":"),)
            if self._take(*between) is None and self._text() != closing:
                raise self._unexpected()
        return tuple(parts), mark.start + 1

    def _text(self) -> str:
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def _here(self) -> int:
        return self._tokens[self._next].start if self._next < len(self._tokens) else self._size

    def _advance(self) -> _Token:
        if self._next >= len(self._tokens):
            raise self._unexpected()
        self._next += 1
        return self._tokens[self._next - 1]

    def _take(self, *texts: str) -> _Token | None:
        if self._text() in texts and self._tokens[self._next].kind != "text":
            return self._advance()
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise self._unexpected()

    def _name(self) -> _Token:
        token = self._advance()
        if token.kind != "name":
            self._next -= 1
            raise self._unexpected()
        return token

    def _unexpected(self) -> SyntaxNotUnderstood:
        text = self._text()
        what = f"`{text}` can't stand here." if text else "It ends too early."
        return SyntaxNotUnderstood(what, offset=self._here())


def _spanning(kind: str, parts: tuple[Part, ...], *, word: str, word_start: int) -> Part:
    start, end = parts[0].start, parts[-1].end
    return Part(kind=kind, start=start, end=end, word=word, word_start=word_start, parts=parts)


_LITERAL = re.compile(r"""([rRbB]*)("{3}|'{3}|"|')(.*)\2""", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL
)


def written(word: str) -> str:
    """Return a text as it is meant: an escape may stand for what multiplies a pattern."""
    found = _LITERAL.fullmatch(word)
    if found is None:
        return word
    return found[3] if "r" in found[1].lower() else _ESCAPE.sub(_escaped, found[3])


def _escaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits or found[4]:
        return chr(min(int(digits, 16) if digits else int(found[4], 8), sys.maxunicode))
    return _NAMED.get(found[5], found[5])


_NAMED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
