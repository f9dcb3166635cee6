"""Security group rules: one canonical rule per protocol, port range and single peer.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from driftguard.canonical.freeze import Canonical, Fields
from driftguard.canonical.kinds import Cidr, Integer, SetOf, Text, member_changes
from driftguard.errors import CanonicalError
from driftguard.model import Change

_PROTOCOLS = {
    "6": "tcp",
    "17": "udp",
    "1": "icmp",
    "58": "icmpv6",
    "icmp6": "icmpv6",
    "all": "-1",
    "any": "-1",
    "": "-1",
}
_PORTED = frozenset({"tcp", "udp", "icmp", "icmpv6"})
_ANY_PORT = -1
_MAX_PORT = 65535
_PEERS = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_NUMBER = Integer(nothing=_ANY_PORT)
_CIDR = Cidr()
_WORD = Text(fold=True)
_TEXT = Text()
_MANY = SetOf()


def protocol_of(value: object) -> str:
    """Return the canonical protocol: a name for TCP, UDP and ICMP, -1 for all.

    Raises CanonicalError where it is no text.
    """
    word = str(_WORD.canonical(value) or "")
    return _PROTOCOLS.get(word, word)


def ports_of(protocol: str, start: object, end: object) -> tuple[int, int]:
    """Return the canonical port range, or ICMP type and code; -1 is any."""
    first, last = _number(start), _number(end)
    if protocol not in _PORTED:
        return (_ANY_PORT, _ANY_PORT)
    if protocol in ("tcp", "udp") and (first, last) == (_ANY_PORT, _ANY_PORT):
        return (0, _MAX_PORT)
    return (first, last)


def _number(value: object) -> int:
    number = _NUMBER.canonical(value)
    return number if isinstance(number, int) else _ANY_PORT


def peer_of(value: object) -> str:
    """Return the canonical peer: a network, a prefix list id or a (foreign) group id."""
    text = str(value)
    return str(_CIDR.canonical(text)) if "." in text or ":" in text else text


def _traffic(protocol: object, start: object, end: object) -> tuple[str, int, int]:
    """Return the canonical protocol with its ports."""
    name = protocol_of(protocol)
    return name, *ports_of(name, start, end)


_remembered = functools.lru_cache(maxsize=4096, typed=True)(_traffic)
"""Rules repeat each other; typed, because Python holds True and 1 for equal."""
_PLAIN = frozenset({str, int, type(None)})
_LONGEST = 32
"""Characters of a protocol or a peer that is worth remembering."""
_LONGEST_DESCRIPTION = 255
"""Characters that EC2 allows."""


def _traffic_of(block: Mapping[object, object]) -> tuple[str, int, int]:
    protocol, start, end = block.get("protocol"), block.get("from_port"), block.get("to_port")
    plain = type(start) in _PLAIN and type(end) in _PLAIN and type(protocol) is str
    if plain and len(str(protocol)) <= _LONGEST:
        return _remembered(protocol, start, end)
    return _traffic(protocol, start, end)


def _peers(value: object) -> Iterable[Canonical]:
    if type(value) is list and len(value) == 1 and type(value[0]) is str and value[0]:
        return value  # as nearly all live rules are
    return _MANY.members(_MANY.canonical(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupRules:
    """The rules of one direction, in Terraform's inline shape, as a set of single peers.

    A group's own peers are spelled out before (``self`` becomes its id); a
    group of another account is ``account/sg-…``.
    """

    def canonical(self, value: object) -> Canonical:
        """Return the frozen set of rules; None where there are none."""
        if value is None or value == "":
            return None
        blocks = value if isinstance(value, list | tuple) else [value]
        return self.of(frozenset([rule for block in blocks for rule in _rules(block)]))

    def members(self, canonical: Canonical) -> frozenset[Canonical]:
        """Return the single rules."""
        return canonical if isinstance(canonical, frozenset) else frozenset()

    def of(self, members: frozenset[Canonical]) -> Canonical:
        """Return the canonical value that has these rules."""
        return members or None

    def identity(self, member: Canonical) -> Canonical:
        """Return the rule without its description, which opens and closes nothing."""
        if not isinstance(member, Fields):
            return member
        return Fields(pair for pair in member if pair[0] != "description")

    def changes(self, path: str, declared: Canonical, live: Canonical) -> Iterator[Change]:
        """Yield each rule lost, gained, or described otherwise."""
        return member_changes(self, path, self.members(declared), self.members(live))


def _rule(traffic: tuple[str, int, int], peer: str, description: str) -> Fields:
    protocol, start, end = traffic
    return Fields(
        (
            ("description", description),
            ("from_port", start),
            ("peer", peer_of(peer)),
            ("protocol", protocol),
            ("to_port", end),
        )
    )


_known_rule = functools.lru_cache(maxsize=8192)(_rule)
"""The same rule stands on both sides, and in many groups."""


def _rules(block: object) -> list[Fields]:
    if type(block) is not dict and not isinstance(block, Mapping):
        message = "A security group rule is not an object."
        raise CanonicalError(message)
    traffic = _traffic_of(block)
    description = str(_TEXT.canonical(block.get("description")) or "")
    made = _known_rule if len(description) <= _LONGEST_DESCRIPTION else _rule
    return [
        made(traffic, peer, description)
        if len(peer) <= _LONGEST
        else _rule(traffic, peer, description)
        for name in _PEERS
        if (found := block.get(name)) is not None and found != []
        for peer in map(str, _peers(found))
    ]


RULES = SecurityGroupRules()
