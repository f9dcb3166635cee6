"""Secrets stop here: what leaves the parser holds keyed digests in their place.

Three ways to know a secret. By path: the state marks it, :meth:`Redactor.mark`
replaces it whole. By value: what was marked once is replaced wherever else it
appears. By shape: ``secret_shapes.py``. A digest keeps differences visible (the
same secret gives the same token) and can't be turned back, its key being random.

The limits of "by value", so that a marked ``true`` doesn't blacken a report:

- a copy that is a whole string or number is found from 6 characters on;
- a copy inside a longer string from 8 characters on, 16 where it is letters only
  (a marked user name ``postgres`` is also an engine, a database and half an ARN);
- values of AWS's own vocabulary are never looked for (``secret_shapes.is_ordinary``).

What falls below a limit is still replaced at the path where it is marked. Copies
are found as they are, trimmed, in base64, URL-encoded and escaped for JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import is_
from typing import TypeAlias

from driftguard.model import TOKEN_PATTERN
from driftguard.secret_leaves import (
    MAX_DEPTH,
    json_document,
    json_text,
    leaf_text,
    leaves,
    spellings,
)
from driftguard.secret_shapes import (
    is_harmless,
    is_ordinary,
    is_secret_name,
    may_hold_shape,
    secret_spans,
)

SHORTEST_COPY = 6
"""Characters from which a copy is found where it is the whole of a value."""
SHORTEST_WITHIN = 8
"""Characters from which a copy is found inside a longer string."""
SHORTEST_WORD_WITHIN = 16
"""The same for a copy made of letters only."""

_TOKEN = re.compile(TOKEN_PATTERN)
_PASSES = 8
_REMEMBERED = 50_000
_REMEMBERED_LENGTH = 200
_NUMBERS = frozenset({int, bool, float})
_TOO_DEEP = "nested too deep"
_SAY_NOTHING = frozenset({bool, type(None)})
_SHORT_NUMBERS = range(10 ** (SHORTEST_COPY - 1))
"""Numbers of too few digits to be found as copies, so that nobody has to look."""
_MOST_NAMES = 64
"""Keys of a mapping that are worth remembering together."""
_LISTS = (list, tuple, set, frozenset)
_CONTAINERS = (dict, *_LISTS, Mapping)
_NAMED_VALUES = (("value", ("name", "key")), ("Value", ("Name", "Key")))
_NAMED_KEYS = frozenset({"value", "Value"})

Keep: TypeAlias = "Callable[[str], bool]"
"""Whether a leaf of a marked value stays readable."""


class Redactor:
    """Replaces secrets by tokens, ``(sensitive <24 hex>)``. Safe to share between threads.

    ``key`` makes the digests; random for each process unless given, so that
    nobody can try out passwords against a report.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._remembered: dict[str, str] = {}
        self._clean: set[str] = set()
        self._plain: dict[tuple[object, ...], bool] = {}
        self._names: dict[str, tuple[str, bool]] = {}

    @property
    def knowledge(self) -> int:
        """How much it knows: as long as that is the same, the same value comes out the same."""
        return len(self._known)

    def learn(self, value: object) -> None:
        """Register every leaf of a secret value, so that its copies are replaced too."""
        for leaf in leaves(value):
            self._leaf(leaf, learn=True)

    def mark(self, value: object) -> object:
        """Replace every leaf of a secret value, and learn them.

        None, ``""`` and empty containers say nothing and stay. JSON text that
        holds an object or a list is marked leaf by leaf and stays JSON text.
        """
        return self._mark(value, 0, learn=True)

    def hide(self, value: object, *, keep: Keep | None = None) -> object:
        """Replace every leaf as :meth:`mark` does, without looking for copies from now on.

        For values that are marked but are known to be names. ``keep`` tells
        which leaves stay readable (what a resource is found by).
        """
        return self._mark(value, 0, learn=False, keep=keep)

    def value(self, value: object) -> object:
        """Replace known and secret-shaped strings inside any JSON-like value.

        What holds none is returned as it is, not as a copy.
        """
        return self._value(value, 0)

    def text(self, text: str) -> str:
        """Replace known and secret-shaped parts of a text."""
        clean, cache = self._clean, self._remembered
        if text in clean:
            return text
        if (found := cache.get(text)) is not None:
            return found
        redacted = self._redact(text)
        if redacted == text:
            redacted = text  # the very one, so that whoever holds it is known to be unchanged
        if len(text) <= _REMEMBERED_LENGTH:
            if len(cache) + len(clean) >= _REMEMBERED:
                cache.clear()
                clean.clear()
            if redacted is text and "(sensitive " not in text:
                clean.add(text)
            else:
                cache[text] = redacted
        return redacted

    def contains_secret(self, value: object) -> bool:
        """Tell whether a token stands anywhere in a value, keys included."""
        waiting = [value]
        while waiting:
            one = waiting.pop()
            inner: Iterable[object] = (one,)
            if isinstance(one, _LISTS):
                inner = one
            elif isinstance(one, dict) or isinstance(one, Mapping):  # noqa: SIM101  # dearer
                inner = (*one, *one.values())
            for each in inner:  # told apart here, at once: it is asked of everything
                if isinstance(each, str):
                    if "(sensitive " in each and _TOKEN.search(each):
                        return True
                elif type(each) not in _NUMBERS and each and isinstance(each, _CONTAINERS):
                    waiting.append(each)
        return False

    def _token(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"(sensitive {digest.hexdigest()[:24]})"

    def _leaf(self, leaf: str, *, learn: bool) -> str:
        """Return the leaf's token; make it known where it is fit to be looked for.

        A leaf that holds an already known secret is digested with that one
        replaced, so that it equals its twin that was redacted before.
        """
        if (known := self._known.get(leaf)) is not None:
            return known
        inner = self._pieces(leaf)
        token = inner if _TOKEN.fullmatch(inner) else self._token(inner)
        fit = len(leaf) >= SHORTEST_COPY and not _TOKEN.search(leaf) and not is_ordinary(leaf)
        if learn and fit:
            self._remember(leaf, token)
        return token

    def _remember(self, leaf: str, token: str) -> None:
        with self._lock:
            for needle in spellings(leaf):
                if len(needle) < SHORTEST_COPY or needle in self._known:
                    continue
                self._known[needle] = token
                if _is_found_within(needle):
                    start = needle[:SHORTEST_WITHIN]
                    others = (*self._starts.get(start, ()), needle)
                    self._starts[start] = tuple(sorted(others, key=len, reverse=True))
            # New ones, not clear(): a thread that reads now may still write what
            # it found with less knowledge, and does so to the old ones.
            self._remembered, self._clean, self._names, self._plain = {}, set(), {}, {}

    def _mark(self, value: object, depth: int, *, learn: bool, keep: Keep | None = None) -> object:
        if depth > MAX_DEPTH:
            return self._token(_TOO_DEEP)
        if isinstance(value, Mapping):
            return {
                self._key_text(key): self._mark(inner, depth + 1, learn=learn, keep=keep)
                for key, inner in value.items()
            }
        if isinstance(value, _LISTS):
            return [self._mark(inner, depth + 1, learn=learn, keep=keep) for inner in value]
        document = json_document(value) if isinstance(value, str) else None
        if document:
            return json_text(self._mark(document, depth + 1, learn=learn, keep=keep))
        if value is None or value == "" or document is not None:
            return value
        text = leaf_text(value)
        return value if keep is not None and keep(text) else self._leaf(text, learn=learn)

    def _value(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            return self.text(value)
        if type(value) in _SAY_NOTHING:
            return value
        if depth > MAX_DEPTH:
            value = self._token(_TOO_DEEP)
        if type(value) is dict and self._is_plain(value):
            return self._plain_mapping(value, depth)
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, _LISTS):
            return self._list(value, depth)
        return self._other(value)

    def _list(
        self, value: list[object] | tuple[object, ...] | set[object] | frozenset[object], depth: int
    ) -> object:
        redacted = [self._value(inner, depth + 1) for inner in value]
        unchanged = type(value) is list and all(map(is_, redacted, value))
        return value if unchanged else redacted

    def _is_plain(self, value: dict[object, object]) -> bool:
        """Tell whether the keys are clean and none of them makes a secret of its value."""
        if len(value) > _MOST_NAMES:
            return False
        plain, names = self._plain, tuple(value)
        if (found := plain.get(names)) is None:
            found = all(type(name) is str and self._named(name) == (name, False) for name in names)
            found = found and _NAMED_KEYS.isdisjoint(names)
            if len(plain) >= _REMEMBERED // _MOST_NAMES:
                plain.clear()
            plain[names] = found
        return found

    def _plain_mapping(self, value: dict[object, object], depth: int) -> dict[object, object]:
        """Redact the values alone; this is where most of a state passes."""
        redacted, clean = value, self._clean
        for key, inner in value.items():
            kind = type(inner)
            if kind is str:
                if inner in clean:
                    continue
                new: object = self.text(inner)  # type: ignore[arg-type]  # it is a str
            elif kind in _SAY_NOTHING or (kind is int and inner in _SHORT_NUMBERS):
                continue
            else:
                new = self._value(inner, depth + 1)
            if new is not inner:
                if redacted is value:
                    redacted = dict(value)
                redacted[key] = new
        return redacted

    def _other(self, value: object) -> object:
        """Redact a number, or what boto3 answers beside JSON: bytes, times."""
        text = leaf_text(value)
        redacted = self.text(text) if isinstance(value, bytes) else self._known.get(text, text)
        return value if redacted == text else redacted

    def _mapping(self, value: Mapping[object, object], depth: int) -> dict[str, object]:
        redacted: dict[str, object] = {}
        held = _named_value(value)
        for key, inner in value.items():
            text, is_secret = self._named(key)
            if not isinstance(inner, str):
                redacted[text] = self._value(inner, depth + 1)
            elif (is_secret or key == held) and inner and not is_harmless(inner):
                # Not learnt: a name alone is too weak a sign to look for copies by.
                redacted[text] = self._mark(inner, depth, learn=False)
            else:
                redacted[text] = self.text(inner)
        return redacted

    def _named(self, key: object) -> tuple[str, bool]:
        """Return a key redacted, and whether its value is secret by that name."""
        names = self._names
        name = key if isinstance(key, str) else str(key)
        if (found := names.get(name)) is None:
            if len(names) >= _REMEMBERED:
                names.clear()
            found = names[name] = self._key_text(name), is_secret_name(name)
        return found

    def _key_text(self, key: object) -> str:
        return self.text(key if isinstance(key, str) else str(key))

    def _redact(self, text: str) -> str:
        """Redact until nothing changes: what a token parts may show a shape of its own."""
        if (known := self._known.get(text)) is not None:
            return known
        if not self._starts and not may_hold_shape(text):
            return text  # as most: nothing could be found in it
        for _ in range(_PASSES):
            before, text = text, self._pieces(self._inside_json(text))
            if text == before:
                return text
        return self._token(text)

    def _inside_json(self, text: str) -> str:
        """Redact JSON text by its structure, where names tell what is secret."""
        if text[:1] not in "{[" or not may_hold_shape(text):
            return text
        document = json_document(text)
        if not document:
            return text
        redacted = self._value(document, 1)
        return text if redacted == document else json_text(redacted)

    def _pieces(self, text: str) -> str:
        """Redact what lies between the tokens of a text; tokens themselves are left alone."""
        if "(sensitive " not in text:
            return self._piece(text)
        pieces, end = [], 0
        for token in _TOKEN.finditer(text):
            pieces += [self._piece(text[end : token.start()]), token.group()]
            end = token.end()
        return "".join((*pieces, self._piece(text[end:])))

    def _piece(self, text: str) -> str:
        spans = list(self._known_spans(text))
        if may_hold_shape(text):
            spans += secret_spans(text)
        return self._replace(text, spans) if spans else text

    def _known_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where known secrets stand: one lookup for each position, whatever their number."""
        starts, width = self._starts, SHORTEST_WITHIN
        windows = [text[at : at + width] for at in range(len(text) - width + 1)] if starts else ()
        if not windows or starts.keys().isdisjoint(windows):
            return
        for at, window in enumerate(windows):
            for needle in starts.get(window, ()):
                if text.startswith(needle, at):
                    yield at, at + len(needle)
                    break

    def _replace(self, text: str, spans: list[tuple[int, int]]) -> str:
        """Put a token for each span; spans that overlap become one."""
        pieces, done = [], 0
        for start, end in _joined(sorted(spans)):
            secret = text[start:end]
            pieces += [text[done:start], self._known.get(secret) or self._token(secret)]
            done = end
        return "".join((*pieces, text[done:]))


def shown(value: object) -> object:
    """Make a redacted value fit for telling: tokens lose their digest.

    So the same input gives the same bytes, whatever the process's key.
    """
    if isinstance(value, str):
        return _TOKEN.sub("(sensitive)", value) if "(sensitive " in value else value
    if isinstance(value, Mapping):
        return {shown(key): shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shown(inner) for inner in value]
    return value


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start >= end:
            yield start, end
            start, end = next_start, next_end
        else:
            end = max(end, next_end)
    yield start, end


def _named_value(value: Mapping[object, object]) -> str:
    """Return the key of the value in ``{"Name": "DB_PASSWORD", "Value": …}``, if it is one."""
    for held, names in _NAMED_VALUES:
        if held in value:
            for name in names:
                said = value.get(name)
                if isinstance(said, str) and is_secret_name(said):
                    return held
    return ""


def _is_found_within(needle: str) -> bool:
    return len(needle) >= (SHORTEST_WORD_WITHIN if needle.isalpha() else SHORTEST_WITHIN)
