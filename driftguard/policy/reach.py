"""Whom the rules of a security group let in, indexed, so that two sets of them can be compared.

One rule covers another whose peer lies in its own, and whose protocol and ports
do. Looked up by the networks around a peer and by sorted port ranges: a group
of a thousand rules costs some milliseconds, not a million comparisons.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TypeAlias

from driftguard.model import Json

Block: TypeAlias = "dict[str, Json]"
"""One rule, as ``r.ingress`` has it: ``protocol``, ``from_port``, ``to_port``, ``peer``."""
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Peer: TypeAlias = Network | str
Traffic: TypeAlias = tuple[Json, Json, Json]

_ANY = "-1"


class Reach:
    """What rules let in, all together, though no two of them are joined to cover a third."""

    def __init__(self, rules: Iterable[Block]) -> None:
        by_peer: defaultdict[Peer, list[Traffic]] = defaultdict(list)
        for rule in rules:
            by_peer[_peer(rule)].append(_traffic(rule))
        self._by_peer: Mapping[Peer, _Traffics] = {
            peer: _Traffics(found) for peer, found in by_peer.items()
        }
        self._prefixes = sorted(
            {(one.version, one.prefixlen) for one in by_peer if not isinstance(one, str)}
        )

    def covers(self, rule: Block) -> bool:
        """Tell whether one of the rules lets in everything that another does."""
        traffic = _traffic(rule)
        around = (self._by_peer.get(peer) for peer in self._around(_peer(rule)))
        return any(found is not None and found.cover(traffic) for found in around)

    def _around(self, peer: Peer) -> Iterator[Peer]:
        """Yield a peer, and the networks around it that any rule is as wide as."""
        yield peer
        if isinstance(peer, str):
            return
        for version, prefix in self._prefixes:
            if version == peer.version and prefix < peer.prefixlen:
                yield peer.supernet(new_prefix=prefix)


class _Traffics:
    """The protocols and ports that rules with one peer let in."""

    def __init__(self, traffics: Iterable[Traffic]) -> None:
        self._exact = frozenset(traffics)
        self._any = any(protocol == _ANY for protocol, _, _ in self._exact)
        ranges: defaultdict[Json, list[tuple[int, int]]] = defaultdict(list)
        for protocol, first, last in self._exact:
            if _is_range(protocol, first, last):
                ranges[protocol].append((first, last))  # type: ignore[arg-type]  # numbers, as asked
        self._ranges = {protocol: _Ranges(found) for protocol, found in ranges.items()}

    def cover(self, traffic: Traffic) -> bool:
        """Tell whether one of them lets in everything that another does."""
        if self._any or traffic in self._exact:
            return True
        protocol, first, last = traffic
        ranges = self._ranges.get(protocol)
        return ranges is not None and _is_range(*traffic) and ranges.hold(first, last)  # type: ignore[arg-type]  # as above


class _Ranges:
    """Port ranges, sorted by their first port, each with the furthest last one so far."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(ranges)
        self._firsts = [first for first, _ in ordered]
        self._lasts = list(accumulate((last for _, last in ordered), max))

    def hold(self, first: int, last: int) -> bool:
        """Tell whether one of them holds a whole range."""
        at = bisect_right(self._firsts, first)
        return at > 0 and self._lasts[at - 1] >= last


def _is_range(protocol: Json, first: Json, last: Json) -> bool:
    """Tell whether two numbers are ports; of ICMP they are a type and a code."""
    return not str(protocol).startswith("ic") and isinstance(first, int) and isinstance(last, int)


def _traffic(rule: Block) -> Traffic:
    return rule.get("protocol"), rule.get("from_port"), rule.get("to_port")


def _peer(rule: Block) -> Peer:
    text = str(rule.get("peer"))
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return text
