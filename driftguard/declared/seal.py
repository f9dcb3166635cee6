"""The way out of a state: every secret is replaced before anything else sees it.

First all secrets of all states are learnt, then each resource is redacted, so
that a copy is found whichever state it stands in. Not everything that is marked
is a secret: Terraform marks whatever a sensitive value flowed into, and plain
SSM parameters and outputs of whole objects carry names. So two kinds are told apart:

- a *secret*: at a path that a schema flags or whose name says so (``password``).
  Replaced there, and its copies everywhere, even inside an id;
- a *marked value*: at any other marked path, or in a sensitive output. Replaced
  there, and its copies too, unless it is (a part of) the name by which a resource
  of these states is found in AWS. At the marked path itself a whole such name or
  an AWS id stays readable for the look-up; the path is in ``Declared.sensitive``,
  and what stands there is never told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from driftguard.declared.scope import ScopeResolver
from driftguard.declared.sensitive import (
    SCHEMA,
    Path,
    dotted,
    is_parameter_for_all,
    is_secret_attribute,
    is_secret_word,
)
from driftguard.declared.state import Instance, ParsedState
from driftguard.model import Address, Declared, Stack, Unknown
from driftguard.redact import Redactor
from driftguard.secret_leaves import MAX_DEPTH, json_document, leaf_text
from driftguard.secret_shapes import AWS_IDENTIFIER, is_harmless

IDENTITIES = ("id", "arn", "identifier", "bucket", "url")
"""Attributes by which resources are found in AWS."""
_CONTAINERS = (dict, list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What may leave: all of it redacted."""

    resources: tuple[Declared, ...]
    owned: tuple[Declared, ...]
    unreadable: tuple[Unknown, ...]


class Seal:
    """Redacts states together. Make one for all states of a read."""

    def __init__(self, states: Sequence[tuple[Stack, ParsedState]], redactor: Redactor) -> None:
        self._states = states
        self._redactor = redactor
        self._names = frozenset(_names(states))
        self._all_names = "\n".join(self._names)
        self._paths: dict[int, tuple[tuple[Path, bool], ...]] = {}

    def sealed(self) -> Sealed:
        """Learn every secret, then return every resource without them."""
        for _, state in self._states:
            self._learn(state)
        found = [(stack, state, self._resolver(stack, state)) for stack, state in self._states]
        return Sealed(
            resources=tuple(
                self._declared(stack, state, resolver, one)
                for stack, state, resolver in found
                for one in state.managed
            ),
            owned=tuple(
                self._declared(stack, state, resolver, one)
                for stack, state, resolver in found
                for one in state.deposed
            ),
            unreadable=tuple(
                replace(one, address=self._redactor.text(one.address))
                for _, state in self._states
                for one in state.unreadable
            ),
        )

    def _resolver(self, stack: Stack, state: ParsedState) -> ScopeResolver:
        return ScopeResolver(stack, (*state.managed, *state.deposed), state.data)

    def _learn(self, state: ParsedState) -> None:
        for one in (*state.managed, *state.deposed, *state.data):
            for path, is_secret in self._secret_paths(one):
                self._learn_value(_at(one.attributes, path), is_secret=is_secret)
        for name, value in state.sensitive_outputs.items():
            self._learn_value(value, is_secret=is_secret_word(name))

    def _secret_paths(self, one: Instance) -> tuple[tuple[Path, bool], ...]:
        """Return an instance's paths; asked for twice, found once. The states keep it alive."""
        found = self._paths.get(id(one))
        if found is None:
            found = self._paths[id(one)] = tuple(_secret_paths(one))
        return found

    def _learn_value(self, value: object, *, is_secret: bool) -> None:
        """Learn a value's leaves; inside an object each key says again what is a secret."""
        for name, leaf in _named_leaves(value):
            if (is_secret_word(name) if name else is_secret) or leaf not in self._all_names:
                self._redactor.learn(leaf)

    def _declared(
        self, stack: Stack, state: ParsedState, resolver: ScopeResolver, one: Instance
    ) -> Declared:
        attributes, sensitive = self._attributes(one)
        identity = attributes.get("id")
        return Declared(
            address=self._address(one.address),
            scope=resolver.scope(one),
            id=identity if isinstance(identity, str) else "",
            attributes=attributes,
            sensitive=sensitive,
            provenance=state.provenance,
            stack=stack.name,
            component=stack.component,
        )

    def _attributes(self, one: Instance) -> tuple[Mapping[str, object], frozenset[str]]:
        attributes: object = one.attributes
        sensitive: set[str] = set()
        for path, is_secret in self._secret_paths(one):
            attributes = self._hidden(attributes, path, is_secret=is_secret)
            sensitive |= {dotted(path)} if path else set(one.attributes)
        redacted = self._redactor.value(attributes)
        return cast("Mapping[str, object]", redacted), frozenset(sensitive)

    def _hidden(self, value: object, path: Path, *, is_secret: bool) -> object:
        """Return a copy of a value with what stands at a path replaced."""
        if not path:
            return self._redactor.hide(value, keep=None if is_secret else self._is_name)
        step, rest = path[0], path[1:]
        if isinstance(value, Mapping) and step in value:
            return {**value, step: self._hidden(value[step], rest, is_secret=is_secret)}
        if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            inner = self._hidden(value[step], rest, is_secret=is_secret)
            return [*value[:step], inner, *value[step + 1 :]]
        if isinstance(value, list | str) and value:  # a set's member, JSON text: all of it
            return self._hidden(value, (), is_secret=is_secret)
        return value

    def _is_name(self, leaf: str) -> bool:
        return leaf in self._names or AWS_IDENTIFIER.fullmatch(leaf) is not None

    def _address(self, address: Address) -> Address:
        """Redact what a configuration can put into an address: keys."""
        module = self._redactor.text(address.module) if address.module else ""
        key = self._redactor.text(address.key) if isinstance(address.key, str) else address.key
        return replace(address, module=module, key=key)


def _names(states: Iterable[tuple[Stack, ParsedState]]) -> Iterator[str]:
    for _, state in states:
        for one in (*state.managed, *state.deposed):
            for identity in IDENTITIES:
                value = one.attributes.get(identity)
                if isinstance(value, str) and value:
                    yield value


def _secret_paths(one: Instance) -> Iterator[tuple[Path, bool]]:
    """Yield the paths to replace in an instance, and whether a secret stands there."""
    type_name = one.address.type
    public = is_parameter_for_all(type_name, one.attributes)
    for path in one.marked:
        yield path, not public and _names_secret(type_name, path)
    for name, value in one.attributes.items():
        if _is_secret_attribute(type_name, name):
            if name in SCHEMA.get(type_name, ()) or _may_be_secret(value):
                yield (name,), not public
        elif value and isinstance(value, _CONTAINERS) and _holds_secret_word(value):
            for path in _nested(value, (name,)):
                yield path, False


_is_secret_attribute = lru_cache(maxsize=10_000)(is_secret_attribute)
_is_secret_word = lru_cache(maxsize=10_000)(is_secret_word)


_MOST_NAMES = 64
"""Keys of an object that are worth remembering together."""


def _holds_secret_word(value: object) -> bool:
    """Tell, sooner than all paths are walked, whether any object inside has a secret's name."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        inner: Iterable[object] = ()
        if isinstance(one, dict):
            told = _any_secret_word if len(one) <= _MOST_NAMES else _any_secret_word.__wrapped__
            if told(tuple(one)):
                return True
            inner = one.values()
        elif isinstance(one, list):
            inner = one
        waiting += [each for each in inner if each and type(each) in _CONTAINERS]
    return False


@lru_cache(maxsize=4096)
def _any_secret_word(names: tuple[str, ...]) -> bool:
    return any(map(_is_secret_word, names))


def _names_secret(type_name: str, path: Path) -> bool:
    words = [step for step in path if isinstance(step, str)]
    return bool(words) and (
        _is_secret_attribute(type_name, words[0]) or any(map(_is_secret_word, words))
    )


def _may_be_secret(value: object) -> bool:
    """Tell whether a value under a secret's name can be one: text, or a list of texts."""
    if isinstance(value, str):
        return bool(value) and not is_harmless(value)
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _nested(value: object, path: Path) -> Iterator[Path]:
    """Yield the paths inside blocks and maps whose name says that a secret stands there."""
    if len(path) > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if inner and _is_secret_word(name) and not is_harmless(inner):
                    yield (*path, name)
            elif inner and isinstance(inner, _CONTAINERS):
                yield from _nested(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if inner and isinstance(inner, _CONTAINERS):
                yield from _nested(inner, (*path, number))


def _at(value: object, path: Path) -> object:
    """Return what stands at a path; the last thing there is where it leads nowhere."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            break
    return value


def _named_leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (name, leaf): the key that each leaf stands under, ``""`` outside of objects."""
    if isinstance(value, str):
        document = json_document(value)
        if document is None:
            yield name, value
            return
        value = document
    if depth > MAX_DEPTH or value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _named_leaves(inner, str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _named_leaves(inner, name, depth + 1)
    else:
        yield name, leaf_text(value)
