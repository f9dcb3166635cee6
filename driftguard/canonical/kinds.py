"""The kinds of attribute values: scalars, sets, lists, maps and blocks."""

from __future__ import annotations

import functools
import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, cast, runtime_checkable

from driftguard.canonical.freeze import Canonical, Fields, fields, is_nothing, is_token, thaw
from driftguard.errors import CanonicalError
from driftguard.model import Change, ChangeKind


@runtime_checkable
class Kind(Protocol):
    """How one kind of value is put in canonical form, and how two of them differ."""

    def canonical(self, value: object) -> Canonical:
        """Return the canonical form; None where there is nothing. Raises CanonicalError."""

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield what differs between two unequal canonical values."""


@runtime_checkable
class Members(Protocol):
    """A kind whose values have members that can be owned one by one."""

    def members(self, canonical: Canonical) -> frozenset[Canonical]:
        """Return the members of a canonical value."""

    def of(self, members: frozenset[Canonical]) -> Canonical:
        """Return the canonical value that has these members."""

    def identity(self, member: Canonical) -> Canonical:
        """Return what makes a member the same one although its details changed."""


def one_change(path: str, declared: Canonical, live: Canonical) -> Change:
    """Tell one difference; nothing on a side makes it an addition or a removal."""
    kind = ChangeKind.CHANGED
    if declared is None:
        kind = ChangeKind.ADDED
    elif live is None:
        kind = ChangeKind.REMOVED
    return Change(path=path, kind=kind, declared=thaw(declared), live=thaw(live))


class Scalar:
    """Base of the kinds whose values differ as a whole."""

    __slots__ = ()

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield the one difference."""
        yield one_change(path, declared, live)


def _wrong(expected: str, value: object) -> CanonicalError:
    return CanonicalError(f"Expected {expected}, found {type(value).__name__}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Scalar):
    """A string; the empty string is nothing. ``fold`` for AWS's case-insensitive words."""

    fold: bool = False

    def canonical(self, value: object) -> Canonical:
        """Return the string, or None for nothing."""
        if type(value) is str:  # nearly all are, and a scan has millions
            return (value.lower() if self.fold else value) or None
        if is_nothing(value):
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _wrong("text", value)
        return str(value).lower() if self.fold else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Scalar):
    """A whole number, also spelled as text. ``nothing`` is what absence stands for."""

    nothing: int | None = 0

    def canonical(self, value: object) -> Canonical:
        """Return the int; absence becomes ``nothing``."""
        if is_nothing(value):
            return self.nothing
        if is_token(value):
            return cast("str", value)
        try:
            number = float(value) if isinstance(value, str) else value
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise _wrong("a whole number", value)
            if number != int(number):
                raise _wrong("a whole number", value)
            return int(value) if isinstance(value, str | int) else int(number)
        except (ValueError, OverflowError):
            raise _wrong("a whole number", value) from None


_TRUE = frozenset({"true", "1", "on", "yes", "enabled", "enable"})
_FALSE = frozenset({"false", "0", "off", "no", "disabled", "disable", "suspended", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Scalar):
    """True or false, in the spellings AWS and Terraform use; absence is ``nothing``."""

    nothing: bool | None = False

    def canonical(self, value: object) -> Canonical:
        """Return the bool; absence becomes ``nothing``."""
        if is_nothing(value):
            return self.nothing
        if is_token(value):
            return cast("str", value)
        if isinstance(value, bool):
            return value
        word = str(value).lower() if isinstance(value, str | int) else "?"
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise _wrong("true or false", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cidr(Scalar):
    """An address block: ``10.0.0.5/24`` is ``10.0.0.0/24``, IPv6 in its shortest form."""

    def canonical(self, value: object) -> Canonical:
        """Return the network's normal form; other text stays as it is."""
        if is_nothing(value):
            return None
        if not isinstance(value, str):
            raise _wrong("an address block", value)
        return _network(value) if len(value) <= _LONGEST_NETWORK else value.lower()


_LONGEST_NETWORK = 128
"""Characters; an address of IPv6 with a scope is shorter, and nothing longer is remembered."""


@functools.lru_cache(maxsize=16_384)
def _network(text: str) -> str:
    """Return a network's normal form. An estate names few networks many times."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn(Scalar):
    """A reference by ARN or by the ARN's last part (KMS keys, roles): compared by that part.

    The account stays in the comparison where both sides would show it: only
    ``short`` references, which AWS itself expands, are cut.
    """

    short: bool = True

    def canonical(self, value: object) -> Canonical:
        """Return the id that the ARN ends in, or the whole text."""
        if is_nothing(value):
            return None
        if not isinstance(value, str):
            raise _wrong("an ARN", value)
        if not (self.short and value.startswith("arn:")):
            return value
        resource = value.split(":", 5)[-1]
        return resource if resource.startswith("alias/") else resource.rsplit("/", 1)[-1]


def _listed(value: object) -> Sequence[object]:
    if is_nothing(value):
        return ()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(value)
    if isinstance(value, str | int | float | bool | Mapping):
        return (value,)
    raise _wrong("a list", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOf:
    """Values without an order, each of one kind; told member by member."""

    kind: Kind = field(default_factory=Text)

    def canonical(self, value: object) -> Canonical:
        """Return the frozen set; None where it is empty."""
        found = (self.kind.canonical(inner) for inner in _listed(value))
        return self.of(frozenset(inner for inner in found if inner is not None))

    def members(self, canonical: Canonical) -> frozenset[Canonical]:
        """Return the members of a canonical value."""
        return canonical if isinstance(canonical, frozenset) else frozenset()

    def of(self, members: frozenset[Canonical]) -> Canonical:
        """Return the canonical value that has these members."""
        return members or None

    def identity(self, member: Canonical) -> Canonical:
        """Return the member: it has no details that could change."""
        return member

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each member lost or gained; one whose identity stayed is changed."""
        return member_changes(self, path, self.members(declared), self.members(live))


def member_changes(
    kind: Members, path: str, declared: frozenset[Canonical], live: frozenset[Canonical]
) -> Iterator[Change]:
    """Yield the differences of two member sets, in a stable order."""
    lost, gained = declared - live, live - declared
    lost_by = {kind.identity(member): member for member in lost}
    gained_by = {kind.identity(member): member for member in gained}
    for identity in _ordered({*lost_by, *gained_by}):
        yield one_change(path, lost_by.get(identity), gained_by.get(identity))


def _ordered(identities: Iterable[Canonical]) -> list[Canonical]:
    return sorted(identities, key=lambda identity: repr(thaw(identity)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """Values whose order means something; told as a whole."""

    kind: Kind = field(default_factory=Text)

    def canonical(self, value: object) -> Canonical:
        """Return the tuple; None where it is empty."""
        return tuple(self.kind.canonical(inner) for inner in _listed(value)) or None

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield the one difference."""
        yield one_change(path, declared, live)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """Named values of one kind; told name by name."""

    kind: Kind = field(default_factory=Text)
    keep_empty: bool = True
    """Whether a name with an empty value is there (a tag) or nothing."""

    def canonical(self, value: object) -> Canonical:
        """Return the frozen mapping; None where it is empty."""
        if value is None or value in ("", [], ()):
            return None
        if not isinstance(value, Mapping):
            raise _wrong("a mapping", value)
        canonical = self.kind.canonical
        found = {str(name): canonical(inner) for name, inner in value.items()}
        kept = {
            name: "" if inner is None else inner
            for name, inner in found.items()
            if inner is not None or self.keep_empty
        }
        return fields(kept) or None

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each name that was lost, gained or has another value."""
        before = dict(declared) if isinstance(declared, Fields) else {}
        after = dict(live) if isinstance(live, Fields) else {}
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield one_change(f"{path}.{name}", before.get(name), after.get(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags(MapOf):
    """Tags, as a mapping or as AWS's list of pairs; ``aws:`` tags are AWS's own.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
    """

    def canonical(self, value: object) -> Canonical:
        """Return the frozen mapping without AWS's own tags."""
        pairs = _tag_pairs(value) if isinstance(value, list | tuple) else value
        if isinstance(pairs, Mapping):
            pairs = {name: text for name, text in pairs.items() if not name.startswith("aws:")}
        return MapOf.canonical(self, pairs)


def _tag_pairs(pairs: Sequence[object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for pair in pairs:
        if not isinstance(pair, Mapping):
            raise _wrong("a tag", pair)
        folded = {str(key).lower().removeprefix("tag"): inner for key, inner in pair.items()}
        found[str(folded.get("key"))] = folded.get("value")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Repeated blocks. ``of`` gives each field's kind; other fields are left out.

    ``key`` names the fields that identify a block, so that a changed detail is
    told as such; ``ordered`` where the order means something.
    """

    fields: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))
    key: tuple[str, ...] = ()
    ordered: bool = False

    def canonical(self, value: object) -> Canonical:
        """Return the blocks as a multiset (or tuple, where ordered); None where empty."""
        blocks = [self._block(inner) for inner in _listed(value)]
        blocks = [block for block in blocks if block]
        if self.ordered:
            return tuple(blocks) or None
        return frozenset(Counter(blocks).items()) or None

    def _block(self, value: object) -> Fields:
        if not isinstance(value, Mapping):
            raise _wrong("a block", value)
        found = {name: kind.canonical(value.get(name)) for name, kind in self.fields.items()}
        return fields({name: inner for name, inner in found.items() if inner is not None})

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each block lost, gained, or changed under the same key."""
        if self.ordered or not self._unique(declared, live):
            yield one_change(path, self._shown(declared), self._shown(live))
            return
        before, after = self._by_key(declared), self._by_key(live)
        for key in _ordered({*before, *after}):
            if before.get(key) != after.get(key):
                yield from self._block_changes(path, before.get(key), after.get(key))

    def _block_changes(self, path: str, before: Canonical, after: Canonical) -> Iterator[Change]:
        if not self.key or before is None or after is None:
            yield one_change(path, before, after)
            return
        old = dict(before) if isinstance(before, Fields) else {}
        new = dict(after) if isinstance(after, Fields) else {}
        where = ",".join(str(old.get(name, "")) for name in self.key)
        for name, kind in self.fields.items():
            if old.get(name) != new.get(name):
                yield from kind.changes(f'{path}["{where}"].{name}', old.get(name), new.get(name))

    def _unique(self, *sides: Canonical) -> bool:
        return all(len(self._by_key(side)) == len(_blocks_of(side)) for side in sides)

    def _by_key(self, canonical: Canonical) -> dict[Canonical, Fields]:
        return {self._identity(block): block for block in _blocks_of(canonical)}

    def _identity(self, block: Fields) -> Canonical:
        return tuple(block.get(name) for name in self.key) if self.key else block

    def _shown(self, canonical: Canonical) -> Canonical:
        if canonical is None:
            return None
        return tuple(_blocks_of(canonical)) if not self.ordered else canonical


def _blocks_of(canonical: Canonical) -> list[Fields]:
    if isinstance(canonical, frozenset):
        blocks = [block for block, count in canonical for _ in range(count)]
        return sorted(blocks, key=repr)
    return list(canonical) if isinstance(canonical, tuple) else []


TAGS = Tags()
TEXT = Text()
WORD = Text(fold=True)
INTEGER = Integer()
BOOLEAN = Boolean()
