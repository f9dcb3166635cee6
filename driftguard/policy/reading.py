"""What an expression reads of its variables, told from its tree."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.syntax import MACROS, Part

Chain: TypeAlias = "tuple[str, str]"
"""A variable and a name read of it: ``("r", "ingress")``."""

PARAMETERS: Chain = ("ctx", "parameters")
_VARIABLES = frozenset({"r", "drift", "ctx"})
_SHORT = 64
"""Bytes that stand for themselves."""
_VERSION = 2
"""Of the format: later ones write the same value in several ways."""
_NOTHING = b"-"
_LOOKS_AT = {function.name: function.looks_at for function in FUNCTIONS if function.looks_at}


def reads(whole: Part) -> tuple[Chain, ...] | None:
    """Return all that is read of the variables, in order; None where one is used as a whole."""
    found = list(_reads(whole))
    if None in found:
        return None
    return tuple(sorted({one for one in found if one is not None}))


def _reads(whole: Part) -> Iterator[Chain | None]:
    waiting: list[tuple[Part, frozenset[str]]] = [(whole, frozenset())]
    while waiting:
        part, own = waiting.pop()
        if part.kind == "name":
            if part.word in _VARIABLES - own:
                yield None
        elif part.kind == "select" and _is_variable(part.parts[0], own):
            yield part.parts[0].word, part.word
        elif part.kind == "call" and _is_given_all(part, own):
            yield from ((part.parts[0].word, name) for name in _LOOKS_AT[part.word])
            waiting += [(inner, own) for inner in part.parts[1:]]
        elif part.method and part.word in MACROS and len(part.parts) > 2:  # noqa: PLR2004  # list, name, body
            over, variable, *bodies = part.parts
            waiting.append((over, own))
            waiting += [(body, own | {variable.word}) for body in bodies]
        else:
            waiting += [(inner, own) for inner in part.parts]


def _is_given_all(part: Part, own: frozenset[str]) -> bool:
    """Tell whether a function is given a variable as a whole, and looks at some of it alone."""
    return part.word in _LOOKS_AT and bool(part.parts) and _is_variable(part.parts[0], own)


def _is_variable(part: Part, own: frozenset[str]) -> bool:
    return part.kind == "name" and part.word in _VARIABLES - own


def fingerprint(value: Mapping[str, object], name: str) -> bytes:
    """Return what only equal values have under a name. Raises ValueError where none can be told."""
    if name not in value:
        return _NOTHING
    written = marshal.dumps(value[name], _VERSION)  # type: ignore[arg-type]  # refuses the rest
    if len(written) <= _SHORT:
        return written
    return hashlib.blake2b(written, digest_size=20).digest()
