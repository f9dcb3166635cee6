"""IAM policy documents, compared by meaning.

Order, repetition, scalar against list, letter case of actions and of condition
operators and keys, account id against root ARN, ``"*"`` against ``{"AWS": "*"}``
and URL-encoding make no difference; whatever changes who may do what does.
A principal that AWS shows as ``AIDA…`` or ``AROA…`` (its user or role was
deleted) stays as it is and so differs from the ARN that was declared.
Names that collide once their case is folded keep their own spelling, so that
neither of them can hide behind the other.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import cast
from urllib.parse import unquote

from driftguard.canonical.freeze import Canonical, Fields, fields, freeze, thaw
from driftguard.canonical.kinds import one_change
from driftguard.errors import CanonicalError
from driftguard.model import Change, ChangeKind, Json

_ROOT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")
_DEFAULT_VERSION = "2008-10-17"
_HEAD = {name.lower(): name for name in ("Version", "Id", "Statement")}
_ELEMENTS = {
    name.lower(): name
    for name in (
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    )
}
_ANYBODY = (("AWS", frozenset({"*"})),)
_NOTHING = (None, "")
_SPELLED = frozenset(_ELEMENTS.values())
"""The names as the grammar spells them: among them there is nothing to fold."""
_TEXT_ALONE = frozenset({str})
_OBJECTS = frozenset({dict})
_first = itemgetter(0)
_EFFECTS = {"allow": "Allow", "deny": "Deny"}


def parse(document: object) -> Mapping[str, object] | None:
    """Read a policy given as JSON text (URL-encoded or not) or as a mapping.

    None where there is no policy. Raises CanonicalError for anything else,
    and for text in which an object names a key twice: AWS does not say which
    of the two it honours.
    """
    if isinstance(document, str):
        document = _parsed(document.strip())
    if document is None or document == {}:
        return None
    if not isinstance(document, Mapping):
        message = "A policy document is not a JSON object."
        raise CanonicalError(message)
    return document


def _parsed(text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(
            unquote(text) if text.startswith("%") else text,
            object_pairs_hook=_unique,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        message = "A policy document is not JSON."
        raise CanonicalError(message) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "A policy document names the same key twice."
        raise CanonicalError(message)
    return found


def _no_number(name: str) -> object:
    message = f"A policy document holds {name}, which is not JSON."
    raise CanonicalError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """An IAM policy: identity, resource or trust policy alike."""

    def canonical(self, value: object) -> Canonical:
        """Return the document with its statements as a set; None for no policy."""
        document = parse(value)
        if document is None:
            return None
        named = _named(document, _standing_for(_HEAD))
        statements = frozenset(_statement(inner) for inner in _many(named.pop("Statement", None)))
        version = named.pop("Version", None)
        return fields(
            {
                **{name: freeze(inner) for name, inner in named.items() if inner not in _NOTHING},
                "Version": _DEFAULT_VERSION if version in _NOTHING else _text(version),
                "Statement": statements,
            }
        )

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each statement lost, gained, or changed under the same Sid."""
        if not (isinstance(declared, Fields) and isinstance(live, Fields)):
            yield one_change(path, declared, live)
            return
        before, after = dict(declared), dict(live)
        for name in sorted({*before, *after} - {"Statement"}):
            if before.get(name) != after.get(name):
                yield one_change(f"{path}.{name}", before.get(name), after.get(name))
        lost = _ordered(_statements(declared) - _statements(live))
        gained = _ordered(_statements(live) - _statements(declared))
        yield from _statement_changes(f"{path}.Statement", lost, gained)


def principals(document: object) -> frozenset[tuple[str, str]]:
    """Return everyone a policy names, as (kind, name); one without a principal names ``*``.

    Raises CanonicalError where it is no policy.
    """
    canonical = POLICY.canonical(document)
    found: set[tuple[str, str]] = set()
    for statement in _statements(canonical) if isinstance(canonical, Fields) else ():
        named = statement.get("Principal")
        for kind, names in named if isinstance(named, Fields) else _ANYBODY:
            found.update((kind, name) for name in (names if isinstance(names, frozenset) else ()))
    return frozenset(found)


def _statements(document: Fields) -> frozenset[Fields]:
    found = document.get("Statement")
    assert isinstance(found, frozenset)  # noqa: S101  # canonical() made it
    return found


_Thawed = tuple[Canonical, Json]
"""A statement's Sid, and all of it as it is told."""


def _ordered(statements: Iterable[Fields]) -> list[_Thawed]:
    """Thaw each statement once: to order them by, and to tell them."""
    return sorted(((one.get("Sid"), thaw(one)) for one in statements), key=_spelling)


def _spelling(thawed: _Thawed) -> str:
    return repr(thawed[1])


def _statement_changes(path: str, lost: list[_Thawed], gained: list[_Thawed]) -> Iterator[Change]:
    by_sid: defaultdict[Canonical, list[Json]] = defaultdict(list)
    for sid, new in reversed(gained):
        by_sid[sid].append(new)
    # Without a Sid nothing says that two statements are one, edited.
    unnamed = by_sid.pop(None, [])
    for sid, old in lost:
        same = by_sid[sid].pop() if by_sid.get(sid) else None
        kind = ChangeKind.REMOVED if same is None else ChangeKind.CHANGED
        yield Change(path=_at(path, sid), kind=kind, declared=old, live=same)
    rest: list[_Thawed] = [(None, new) for new in reversed(unnamed)]
    rest += [(sid, new) for sid, named in by_sid.items() for new in named]
    for sid, new in rest:
        yield Change(path=_at(path, sid), kind=ChangeKind.ADDED, declared=None, live=new)


def _at(path: str, sid: Canonical) -> str:
    return path if sid is None else f"{path}[{json.dumps(thaw(sid))}]"


def _many(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _named(mapping: Mapping[str, object], fold: Callable[[str], str]) -> dict[str, object]:
    """Fold the names of a mapping; those that would collide stay as they are."""
    if len(mapping) == 1:
        return {fold(str(name)): inner for name, inner in mapping.items()}
    folded = {str(name): fold(str(name)) for name in mapping}
    times = Counter(folded.values())
    return {
        folded[str(name)] if times[folded[str(name)]] == 1 else str(name): inner
        for name, inner in mapping.items()
    }


def _standing_for(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: names.get(name.lower(), name)


def _statement(value: object) -> Fields:
    if type(value) is not dict and not isinstance(value, Mapping):
        message = "A policy statement is not a JSON object."
        raise CanonicalError(message)
    spelled = value if value.keys() <= _SPELLED else _named(value, _standing_for(_ELEMENTS))
    found = [
        (name, _FORMS.get(name, freeze)(inner))
        for name, inner in spelled.items()
        if not (inner is None or inner == "")
    ]
    return Fields(sorted([pair for pair in found if pair[1] is not None], key=_first))


def _sid(value: object) -> Canonical:
    return value if type(value) is str else freeze(value)


def _texts(value: object) -> frozenset[str]:
    if type(value) is str:
        return frozenset((value,))
    if type(value) is list and _TEXT_ALONE.issuperset(map(type, value)):
        return frozenset(value)
    return frozenset(_text(inner) for inner in _many(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    message = "A policy holds an object or null where text belongs."
    raise CanonicalError(message)


def _actions(value: object) -> Canonical:
    return frozenset(map(str.lower, _texts(value)))


def _effect(value: object) -> Canonical:
    if value in ("Allow", "Deny"):
        return str(value)
    text = _text(value)
    return _EFFECTS.get(text.lower(), text)


def _principal(value: object) -> Canonical:
    if not isinstance(value, Mapping):
        value = {"AWS": value}
    return fields({str(kind): frozenset(map(_account, _texts(who))) for kind, who in value.items()})


def _account(principal: str) -> str:
    root = _ROOT.fullmatch(principal) if principal.endswith(":root") else None
    return root.group(1) if root else principal


def _condition(value: object) -> Canonical:
    """Return the operators with their keys; None where there is no condition at all."""
    found = [(operator, _keys(operator, keys)) for operator, keys in _operators(value).items()]
    return Fields(sorted(found, key=_first)) or None


def _keys(operator: str, keys: Mapping[str, object]) -> Fields:
    named = _named(keys, str.lower).items()
    return Fields(sorted([(key, _values(operator, inner)) for key, inner in named], key=_first))


def _operators(value: object) -> dict[str, Mapping[str, object]]:
    operators = _named(value, str.lower) if isinstance(value, Mapping) else None
    if operators is not None and _OBJECTS.issuperset(map(type, operators.values())):
        return cast("dict[str, Mapping[str, object]]", operators)
    found = {name: keys for name, keys in (operators or {}).items() if isinstance(keys, Mapping)}
    if operators is None or len(found) < len(operators):
        message = "A policy condition is not a JSON object."
        raise CanonicalError(message)
    return found


_BOOLEANS = re.compile(r"(for(any|all)(value|values):)?(bool|null)(ifexists)?")


@functools.lru_cache(maxsize=256)
def _is_boolean(operator: str) -> bool:
    return _BOOLEANS.fullmatch(operator.lower()) is not None


def _values(operator: str, value: object) -> frozenset[str]:
    texts = _texts(value)
    if _is_boolean(operator):
        return frozenset(text.lower() for text in texts)
    return texts


_FORMS: Mapping[str, Callable[[object], Canonical]] = {
    "Action": _actions,
    "NotAction": _actions,
    "Resource": _texts,
    "NotResource": _texts,
    "Principal": _principal,
    "NotPrincipal": _principal,
    "Condition": _condition,
    "Effect": _effect,
    "Sid": _sid,
}

POLICY = PolicyDocument()
