"""The statements of an IAM policy, read from its canonical form.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import functools
import marshal
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from driftguard.canonical.freeze import is_token, thaw
from driftguard.canonical.policy import POLICY
from driftguard.errors import CanonicalError
from driftguard.policy.functions.patterns import covers, overlaps
from driftguard.policy.functions.table import RefusedError
from driftguard.policy.steps import spend

Condition: TypeAlias = "Mapping[str, Mapping[str, tuple[str, ...]]]"
"""Operator → key → values; operators and keys are lower case."""

_AFTER_APPLY = "(known after apply)"
_BYTES = 64
"""Bytes that a step pays for."""
_MOST = 100_000
"""Bytes of a policy that is worth remembering; none of AWS's is as long."""
_PER_VALUE = 2
"""Steps for each value of a policy: it is read and brought to one form."""
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_WITH_VARIABLES = "2012-10-17"
_ELEMENTS = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)
_FOLDED = frozenset(map(str.lower, _ELEMENTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What an element of a statement names; with ``but``, everything else (``NotAction``)."""

    patterns: tuple[str, ...]
    but: bool = False

    def cover(self, asked: str) -> bool:
        """Tell whether a text is named, or all that a pattern stands for."""
        if self.but:
            return not any(overlaps(one, asked) for one in self.patterns)
        return any(covers(one, asked) for one in self.patterns)

    def include(self, other: Names) -> bool:
        """Tell whether all that another element names is named here too."""
        if not other.but:
            return all(self.cover(one) for one in other.patterns)
        if not self.but:
            return self.cover("*")
        return all(any(covers(theirs, ours) for theirs in other.patterns) for ours in self.patterns)


EVERYTHING = Names(patterns=("*",))
_NOTHING = Names(patterns=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement."""

    allows: bool
    actions: Names = EVERYTHING
    resources: Names = EVERYTHING
    """Everything where it names none, as a trust policy does not."""
    named: tuple[tuple[str, str], ...] | None = None
    """The principals that it names, each with its kind; None in a policy of an identity."""
    but_named: bool = False
    """Whether it is for all principals but the named ones."""
    condition: Condition = field(default_factory=dict)


def statements(policy: object) -> tuple[Statement, ...]:
    """Return the statements of a policy; none of null. Raises RefusedError for anything else."""
    try:
        written = marshal.dumps(policy, 2)  # type: ignore[arg-type]  # refuses the rest
    except ValueError:
        return _read(policy)
    spend(1 + len(written) // _BYTES)
    return _remembered(written) if len(written) < _MOST else _read(policy)


@functools.lru_cache(maxsize=512)
def _remembered(written: bytes) -> tuple[Statement, ...]:
    """Read a policy once for all the rules that ask of it."""
    return _read(marshal.loads(written))  # noqa: S302  # written a moment ago, by us


def _read(policy: object) -> tuple[Statement, ...]:
    found = document(policy)
    variables = found.get("Version") == _WITH_VARIABLES
    return tuple(_statement(one, variables=variables) for one in _objects(found.get("Statement")))


def document(policy: object) -> Mapping[str, object]:
    """Return a policy in its canonical form, every element a list. Raises RefusedError."""
    _weigh(policy)
    try:
        found = thaw(POLICY.canonical(policy))
    except CanonicalError as error:
        raise RefusedError(error.message.rstrip(".")) from None
    return found if isinstance(found, dict) else {}


def _weigh(value: object) -> None:
    """Pay for every value of a policy, and refuse one that is not known."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            spend(_PER_VALUE + len(one) // 64)
            if one == _AFTER_APPLY or is_token(one):
                raise RefusedError("a part of the policy is not known (a secret, or after apply)")
        elif isinstance(one, Mapping):
            waiting += [*one.values()]
            spend(len(one))
        elif isinstance(one, list | tuple):
            spend(len(one))
            waiting += one


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    return (one for one in _values(value) if isinstance(one, Mapping))


def _values(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in _values(value))


def _statement(one: Mapping[str, object], *, variables: bool) -> Statement:
    if any(name not in _ELEMENTS and name.lower() in _FOLDED for name in one):
        raise RefusedError("a statement of the policy names an element twice")
    allows = one.get("Effect") != "Deny"
    but_named = "NotPrincipal" in one
    who = one.get("NotPrincipal" if but_named else "Principal")
    condition = one.get("Condition")
    resources = _names(one, "Resource", EVERYTHING)
    # What a variable may stand for, an Allow may allow and a Deny may leave out.
    if variables and allows != resources.but:
        texts = tuple(_VARIABLE.sub("*", text) for text in resources.patterns)
        resources = Names(patterns=texts, but=resources.but)
    return Statement(
        allows=allows,
        actions=_names(one, "Action", _NOTHING),
        resources=resources,
        named=tuple(_principals(who)) if isinstance(who, Mapping) else None,
        but_named=but_named,
        condition=_condition(condition) if isinstance(condition, Mapping) else {},
    )


def _names(one: Mapping[str, object], element: str, nothing: Names) -> Names:
    """Return what an element names, or its opposite leaves out; else what naming none means."""
    for name, but in ((element, False), (f"Not{element}", True)):
        if name in one:
            return Names(patterns=_texts(one[name]), but=but)
    return nothing


def _principals(who: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    return ((str(kind), name) for kind, names in who.items() for name in _texts(names))


def _condition(found: Mapping[str, object]) -> Condition:
    return {
        operator: {str(key): _texts(values) for key, values in keys.items()}
        for operator, keys in found.items()
        if isinstance(keys, Mapping)
    }
