"""IAM policy documents, compared by meaning.

Order, scalar against list, letter case of actions, account id against root
ARN and URL-encoding make no difference; whatever changes who may do what does.
A principal that AWS shows as ``AIDA…`` or ``AROA…`` (its user or role was
deleted) stays as it is and so differs from the ARN that was declared.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from driftguard.canonical.freeze import Canonical, Fields, fields, freeze, thaw
from driftguard.canonical.kinds import one_change
from driftguard.errors import CanonicalError
from driftguard.model import Change

_ROOT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")
_DEFAULT_VERSION = "2008-10-17"
_FOLDED = frozenset({"Action", "NotAction"})
_SETS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_KEYS = {
    name.lower(): name
    for name in (
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    )
}


def parse(document: object) -> Mapping[str, object] | None:
    """Read a policy given as JSON text (URL-encoded or not) or as a mapping."""
    if isinstance(document, str):
        text = document.strip()
        if not text:
            return None
        try:
            document = json.loads(unquote(text) if text.startswith("%7B") else text)
        except (ValueError, RecursionError):
            message = "A policy document is not JSON."
            raise CanonicalError(message) from None
    if document is None or document == {}:
        return None
    if not isinstance(document, Mapping):
        message = "A policy document is not a JSON object."
        raise CanonicalError(message)
    return document


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """An IAM policy: identity, resource or trust policy alike."""

    def canonical(self, value: object) -> Canonical:
        """Return (version, id, statements with their count), or None for no policy."""
        document = parse(value)
        if document is None:
            return None
        statements = Counter(_statement(inner) for inner in _many(document.get("Statement")))
        head = {
            "Version": str(document.get("Version") or _DEFAULT_VERSION),
            "Id": freeze(document.get("Id") or None),
        }
        return (fields(head), frozenset(statements.items()))

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each statement lost, gained, or changed under the same Sid."""
        if not (isinstance(declared, tuple) and isinstance(live, tuple)):
            yield one_change(path, _shown(declared), _shown(live))
            return
        for name in ("Version", "Id"):
            if declared[0].get(name) != live[0].get(name):
                yield one_change(f"{path}.{name}", declared[0].get(name), live[0].get(name))
        yield from _statement_changes(f"{path}.Statement", declared[1], live[1])


def _shown(canonical: Canonical) -> Canonical:
    if not isinstance(canonical, tuple):
        return None
    head, statements = canonical
    listed = sorted((s for s, count in statements for _ in range(count)), key=repr)
    return Fields((*head, ("Statement", tuple(listed))))


def _statement_changes(
    path: str, declared: frozenset[tuple[Fields, int]], live: frozenset[tuple[Fields, int]]
) -> Iterator[Change]:
    before, after = Counter(dict(declared)), Counter(dict(live))
    lost = sorted((before - after).elements(), key=repr)
    gained = sorted((after - before).elements(), key=repr)
    for old in lost:
        sid = old.get("Sid")
        same = [new for new in gained if sid is not None and new.get("Sid") == sid]
        if same:
            gained.remove(same[0])
        yield one_change(_at(path, sid), old, same[0] if same else None)
    for new in gained:
        yield one_change(_at(path, new.get("Sid")), None, new)


def _at(path: str, sid: Canonical) -> str:
    return path if sid is None else f"{path}[{json.dumps(thaw(sid))}]"


def _many(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _statement(value: object) -> Fields:
    if not isinstance(value, Mapping):
        message = "A policy statement is not a JSON object."
        raise CanonicalError(message)
    found: dict[str, Canonical] = {}
    for key, inner in value.items():
        name = _KEYS.get(str(key).lower(), str(key))
        canonical = _element(name, inner)
        if canonical is not None:
            found[name] = canonical
    return fields(found)


def _element(name: str, value: object) -> Canonical:
    if name in _SETS:
        texts = frozenset(str(inner) for inner in _many(value))
        return frozenset(text.lower() for text in texts) if name in _FOLDED else texts
    if name in ("Principal", "NotPrincipal"):
        return _principal(value)
    if name == "Condition":
        return _condition(value)
    if name == "Effect":
        return str(value).title()
    return freeze(value) if value != "" else None


def _principal(value: object) -> Canonical:
    if not isinstance(value, Mapping):
        value = {"AWS": value}
    return fields(
        {
            str(kind): frozenset(_account(str(inner)) for inner in _many(who))
            for kind, who in value.items()
        }
    )


def _account(principal: str) -> str:
    root = _ROOT.fullmatch(principal)
    return root.group(1) if root else principal


def _condition(value: object) -> Canonical:
    if not isinstance(value, Mapping):
        return freeze(value)
    found: dict[str, Canonical] = {}
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            message = "A policy condition is not a JSON object."
            raise CanonicalError(message)
        found[str(operator).lower()] = fields(
            {
                str(key).lower(): frozenset(_condition_text(inner) for inner in _many(values))
                for key, values in keys.items()
            }
        )
    return fields(found) or None


def _condition_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


POLICY = PolicyDocument()
