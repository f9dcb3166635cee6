"""YAML of somebody else's making: bounded, without surprises, and with line numbers.

Values follow YAML 1.2's core schema, not 1.1's: ``no`` is a word, ``012`` keeps
its zero (an account id may begin with one), a date is text. Anchors and aliases
work within a bound; tags, merge keys and a second document are refused.
https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, cast

import yaml

from driftguard.errors import SettingsError

Path: TypeAlias = "tuple[str | int, ...]"

MAX_NODES = 20_000
"""Values of a document, each alias counted as often as it is used."""
MAX_DEPTH = 40

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?")
_WORDS: Mapping[str, bool | None] = MappingProxyType(
    {"": None, "~": None, "null": None, "true": True, "false": False}
)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document as plain values, and the line (from 1) that each path stands on."""

    value: object
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_document(text: str, place: str, *, ours: bool = False) -> Document:
    """Parse one YAML document. Raises SettingsError, with ``place`` and the line.

    ``ours`` is for files that we ship: libyaml reads them ten times as fast, but
    it recurses without a bound, so it never sees anybody else's.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER if ours else yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        raise _invalid(error, place) from None
    except yaml.YAMLError:
        message = f"{place} holds a control character, which YAML does not allow."
        raise SettingsError(message) from None
    except RecursionError:
        raise _too_deep(place) from None
    walk = _Walk(place=place)
    value = walk.value(root, (), frozenset()) if root is not None else None
    return Document(value=value, lines=MappingProxyType(walk.lines))


def _invalid(error: yaml.MarkedYAMLError, place: str) -> SettingsError:
    mark = error.problem_mark or error.context_mark
    where = f"{place}:{mark.line + 1}" if mark is not None else place
    problem = error.problem or "it can't be parsed"
    if "'\\t'" in problem:
        return SettingsError(f"{where}: a tab can't indent YAML; use spaces.")
    if "but found another document" in problem:
        return SettingsError(f"{where}: a second document begins here; a configuration is one.")
    if "recursive" in problem:
        return SettingsError(f"{where}: an alias stands inside what it stands for.")
    return SettingsError(f"{where}: this is not valid YAML: {problem}.")


def _too_deep(place: str) -> SettingsError:
    return SettingsError(f"{place} is nested more than {MAX_DEPTH} levels deep.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """Turns nodes into values, in document order, counting as it goes."""

    place: str
    lines: dict[Path, int] = field(default_factory=dict)

    def value(self, node: yaml.Node, path: Path, around: frozenset[int]) -> object:
        self._check(node, path, around)
        around |= {id(node)}
        if isinstance(node, yaml.MappingNode):
            return {
                key: self.value(inner, (*path, key), around) for key, inner in self._pairs(node)
            }
        if isinstance(node, yaml.SequenceNode):
            return [
                self.value(inner, (*path, index), around) for index, inner in enumerate(node.value)
            ]
        return _scalar(cast("yaml.ScalarNode", node))

    def _check(self, node: yaml.Node, path: Path, around: frozenset[int]) -> None:
        where = f"{self.place}:{node.start_mark.line + 1}"
        if id(node) in around:
            raise SettingsError(f"{where}: an alias stands inside what it stands for.")
        if len(path) > MAX_DEPTH:
            raise _too_deep(self.place)
        if len(self.lines) >= MAX_NODES:
            message = f"{where}: with its aliases written out it holds over {MAX_NODES} values."
            raise SettingsError(message)
        if node.tag not in _PLAIN_TAGS:
            message = f"{where}: tags such as {node.tag.rsplit(':', 1)[-1]} have no meaning here."
            raise SettingsError(message, hint="Write the value without one.")
        self.lines.setdefault(path, node.start_mark.line + 1)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, inner in node.value:
            where = f"{self.place}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise SettingsError(f"{where}: a key has to be a word.")
            if key.value in seen:
                message = f"{where}: the key `{key.value}` stands here and on line"
                raise SettingsError(f"{message} {seen[key.value]}; keep one.")
            if key.value == "<<":
                raise SettingsError(f"{where}: merge keys (<<) are not understood.")
            seen[key.value] = key.start_mark.line + 1
            yield str(key.value), inner


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style:  # none or, from libyaml, an empty one: written plainly
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
