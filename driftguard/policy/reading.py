"""What an expression reads of its variables, told from its tree."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.syntax import MACROS, Part, written

Chain: TypeAlias = "tuple[str, str]"
"""A variable and a name read of it: ``("r", "ingress")``."""

PARAMETERS: Chain = ("ctx", "parameters")
VARIABLES = ("r", "drift", "ctx")
_SHORT = 64
"""Bytes that stand for themselves."""
_VERSION = 2
"""Of the format: later ones write the same value in several ways."""
_NOTHING = b"-"
_LOOKS_AT = {function.name: function.looks_at for function in FUNCTIONS if function.looks_at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a variable, with the names that are read of it one after another."""

    chain: tuple[str, ...]
    start: int
    """The character at which it begins."""
    looked_at: tuple[str, ...] = ()
    """What is read of it where it is given as a whole to a function that says so."""


def uses(whole: Part) -> list[Use]:
    """Return every use of a variable, in order; what a macro names so is none.

    A call on it (``r.ingress.exists(…)``) ends the chain; ``r["ingress"]`` is
    ``r.ingress``.
    """
    return sorted(_uses(whole), key=lambda one: one.start)


def _uses(whole: Part) -> Iterator[Use]:
    waiting: list[tuple[Part, frozenset[str]]] = [(whole, frozenset())]
    while waiting:
        part, own = waiting.pop()
        chain = _chain(part)
        if chain is not None:
            if chain[0] in VARIABLES and chain[0] not in own:
                yield Use(chain=chain, start=part.start)
        elif part.kind == "call" and _is_given_all(part, own):
            given = part.parts[0]
            yield Use(chain=(given.word,), start=given.start, looked_at=_LOOKS_AT[part.word])
            waiting += [(inner, own) for inner in part.parts[1:]]
        elif part.method and part.word in MACROS and len(part.parts) > 2:  # noqa: PLR2004  # list, name, body
            over, variable, *bodies = part.parts
            waiting.append((over, own))
            waiting += [(body, own | {variable.word}) for body in bodies]
        else:
            waiting += [(inner, own) for inner in part.parts]


def _chain(part: Part) -> tuple[str, ...] | None:
    """Return a name and all that is read of it; None of any other part."""
    words: list[str] = []
    while part.kind in {"select", "index"}:
        if part.kind == "select":
            words.append(part.word)
        elif len(part.parts) == 2 and part.parts[1].kind == "text":  # noqa: PLR2004  # value, key
            words.append(written(part.parts[1].word))
        else:
            return None
        part = part.parts[0]
    return (part.word, *reversed(words)) if part.kind == "name" else None


def _is_given_all(part: Part, own: frozenset[str]) -> bool:
    """Tell whether a function is given a variable as a whole, and looks at some of it alone."""
    if part.word not in _LOOKS_AT or not part.parts or part.method:
        return False
    given = part.parts[0]
    return given.kind == "name" and given.word in VARIABLES and given.word not in own


def reads(found: Iterable[Use]) -> tuple[Chain, ...] | None:
    """Return all that is read of the variables, in order; None where one is used as a whole."""
    chains: set[Chain] = set()
    for one in found:
        names = one.chain[1:2] or one.looked_at
        if not names:
            return None
        chains.update((one.chain[0], name) for name in names)
    return tuple(sorted(chains))


def fingerprint(value: Mapping[str, object], name: str) -> bytes:
    """Return what only equal values have under a name. Raises ValueError where none can be told."""
    if name not in value:
        return _NOTHING
    written = marshal.dumps(value[name], _VERSION)  # type: ignore[arg-type]  # refuses the rest
    if len(written) <= _SHORT:
        return written
    return hashlib.blake2b(written, digest_size=20).digest()
