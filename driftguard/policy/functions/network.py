"""Functions about networks, ports and the rules of security groups."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from driftguard.policy.functions.collections import listed
from driftguard.policy.functions.table import Function, RefusedError
from driftguard.policy.steps import spend

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_WORLD_PREFIX = {4: 8, 6: 16}
"""A network this wide is the world, however it was split: 0.0.0.0/1 is half of it."""
_ADDRESSES = {4: 1 << 32, 6: 1 << 125}
"""How many there are; of version 6 only 2000::/3 is given out."""
_ANY_PORT = -1
_LAST_PORT = 65535
_SHARE = 2
"""Peers that cover one part in so many of all addresses, together, are the world."""


def network_of(peer: object) -> Network | None:
    """Return a peer as a network; None where it is a group or a prefix list."""
    text = str(peer)
    if text.startswith("("):
        raise RefusedError("a peer is not known (a secret, or known after apply)")
    if "." not in text and ":" not in text:
        return None
    spend(_READ)
    return _parsed(text) if len(text) <= _LONGEST else None


_READ = 3
"""Steps to read a network."""
_LONGEST = 64
"""Characters of a network worth remembering; none is longer."""


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def is_world_cidr(cidr: object) -> bool:
    """Tell whether a network is the internet, or so much of it that it makes no difference."""
    network = network_of(cidr)
    return network is not None and _is_world(network)


def _is_world(network: Network) -> bool:
    wide = network.prefixlen < _WORLD_PREFIX[network.version]
    return wide and (network.prefixlen == 0 or not network.is_private)


def is_public_cidr(cidr: object) -> bool:
    """Tell whether a network holds addresses of the internet."""
    network = network_of(cidr)
    return network is not None and (_is_world(network) or not network.is_private)


def is_wider_than(cidr: object, ipv4: object, ipv6: object) -> bool:
    """Tell whether a network's prefix is shorter than one, of its version."""
    if not isinstance(ipv4, int) or not isinstance(ipv6, int):
        raise RefusedError("the length of a prefix is a whole number")
    network = network_of(cidr)
    return network is not None and network.prefixlen < (ipv4 if network.version == 4 else ipv6)  # noqa: PLR2004  # IPv4


def covers_port(rule: object, port: object) -> bool:
    """Tell whether one rule of ``r.ingress`` lets TCP traffic in to a port."""
    if not isinstance(rule, Mapping) or not isinstance(port, int):
        raise RefusedError("it takes a rule and a port")
    return covers_range(rule, port, port)


def covers_any_port(rule: object, ports: object) -> bool:
    """Tell whether one rule lets in to any of some ports."""
    return any(covers_port(rule, port) for port in listed(ports))


def covers_range(rule: Mapping[str, object], first: int, last: int) -> bool:
    """Tell whether a rule lets in to any port from ``first`` to ``last``, by TCP or UDP."""
    protocol = rule.get("protocol")
    if protocol == "-1":
        return True
    if isinstance(protocol, str) and protocol.startswith("("):
        raise RefusedError("a protocol is not known (a secret, or known after apply)")
    if protocol not in ("tcp", "udp"):
        return False
    start, end = rule.get("from_port"), rule.get("to_port")
    if not isinstance(start, int) or not isinstance(end, int):
        raise RefusedError("a port is no number")
    return bool(start == _ANY_PORT or (start <= last and first <= end))


def opens_to_world(rules: object, first: object, last: object) -> bool:
    """Tell whether rules, together, let the internet in to any port of a range."""
    if not isinstance(first, int) or not isinstance(last, int):
        raise RefusedError("ports are whole numbers")
    return _is_the_world(_peers(rules, first, last))


def _peers(rules: object, first: int, last: int) -> Iterator[object]:
    """Yield the peers of the rules that let in; of one that can't be told, an unknown peer."""
    for rule in _rules(rules):
        try:
            if covers_range(rule, first, last):
                yield rule.get("peer")
        except RefusedError:  # it hides no other rule
            yield _UNKNOWN_PEER


_UNKNOWN_PEER = "(unknown)"


def opens_wide_to_world(rules: object, ports: object) -> bool:
    """Tell whether rules of at least so many ports each let the internet in, together."""
    if not isinstance(ports, int):
        raise RefusedError("ports are counted in whole numbers")
    return opens_to_world([one for one in _rules(rules) if _count(one) >= ports], 0, _LAST_PORT)


def opens_other_to_world(rules: object, ports: object, most: object) -> bool:
    """Tell whether rules of at most so many ports let the internet in to one not listed."""
    if not isinstance(most, int):
        raise RefusedError("ports are counted in whole numbers")
    listed_ports = frozenset(listed(ports))
    other = [one for one in _rules(rules) if _is_about_another(one, listed_ports, most)]
    return opens_to_world(other, 0, _LAST_PORT)


def _is_about_another(rule: Mapping[str, object], ports: frozenset[object], most: int) -> bool:
    if _count(rule) > most:
        return False
    start, end = rule.get("from_port"), rule.get("to_port")
    if not isinstance(start, int) or not isinstance(end, int):
        return True  # unknown: whoever asks for its ports refuses it
    spend(_count(rule))
    return not ports.issuperset(range(start, end + 1))


def _count(rule: Mapping[str, object]) -> int:
    """Return how many ports a rule is about; all of them where it is about every protocol."""
    start, end = rule.get("from_port"), rule.get("to_port")
    if rule.get("protocol") == "-1" or start == _ANY_PORT:
        return _LAST_PORT + 1
    return end - start + 1 if isinstance(start, int) and isinstance(end, int) else 1


def rules_about(rules: object, ports: object) -> list[object]:
    """Return the rules that are about any of some ports."""
    known, wanted = list(_rules(rules)), listed(ports)
    spend(len(known) * len(wanted) // _CHEAP)
    return [one for one in known if any(covers_port(one, port) for port in wanted)]


def from_part_of_world(rules: object) -> list[object]:
    """Return the rules that let in addresses of the internet, but not all of it."""
    known = list(_rules(rules))
    return [one for one in known if _is_part_of_world(network_of(one.get("peer")))]


def _is_part_of_world(network: Network | None) -> bool:
    return network is not None and not (network.is_private or _is_world(network))


_CHEAP = 10
"""Comparisons of a rule with a port that are worth one step."""


def opens_any_to_world(rules: object, ports: object) -> bool:
    """Tell whether rules, together, let the internet in to any of some ports."""
    known, wanted = list(_rules(rules)), listed(ports)
    if not _may_open_to_world(known):
        return False  # as nearly always: then no port has to be looked at
    spend(len(known) * len(wanted) // _CHEAP)
    return any(opens_to_world(_about(known, port), port, port) for port in wanted)


def _may_open_to_world(rules: Sequence[Mapping[str, object]]) -> bool:
    try:
        return opens_to_world(rules, 0, _LAST_PORT)
    except RefusedError:  # what is not known may be about other ports
        return True


def _about(rules: Sequence[Mapping[str, object]], port: object) -> list[object]:
    return [rule for rule in rules if covers_port(rule, port)]


def _rules(rules: object) -> Iterator[Mapping[str, object]]:
    for rule in listed(rules):
        spend()
        if not isinstance(rule, Mapping):
            raise RefusedError("it takes a list of rules")
        yield rule


def are_the_world(peers: Iterable[object]) -> bool:
    """Tell whether networks, all together, are the internet. Raises RefusedError."""
    return _is_the_world(iter(peers))


def _is_the_world(peers: Iterator[object]) -> bool:
    networks: dict[int, list[Network]] = {4: [], 6: []}
    unknown: RefusedError | None = None
    for peer in peers:
        try:
            network = network_of(peer)
        except RefusedError as error:  # another peer may be enough to tell
            unknown = error
            continue
        if network is None:
            continue
        if _is_world(network):
            return True
        if not network.is_private:
            networks[network.version].append(network)
    if any(_cover(version, found) for version, found in networks.items()):
        return True
    if unknown is not None:
        raise unknown
    return False


_MERGED = 8
"""Steps to sort a network among others and join it with its neighbours."""


def _cover(version: int, networks: Sequence[Network]) -> bool:
    """Tell whether many small networks are most of the internet together."""
    if not networks:
        return False
    spend(_MERGED * len(networks))
    whole = _ADDRESSES[version]
    if sum(one.num_addresses for one in networks) * _SHARE < whole:
        return False  # too few even if none overlapped, and overlaps are slow to find
    merged = ipaddress.collapse_addresses(networks)  # type: ignore[type-var]  # one version
    covered = sum(one.num_addresses for one in merged)
    return covered * _SHARE >= whole


FUNCTIONS = (
    Function(
        name="is_world_cidr",
        parameters=(("cidr", "dyn"),),
        returns="bool",
        doc="Whether a network is the internet: `0.0.0.0/0`, `::/0`, and halves and quarters"
        " of them, which open as much. A group or a prefix list is not.",
        implementation=is_world_cidr,
        example='is_world_cidr("128.0.0.0/1")',
    ),
    Function(
        name="is_public_cidr",
        parameters=(("cidr", "dyn"),),
        returns="bool",
        doc="Whether a network holds addresses of the internet, one or all.",
        implementation=is_public_cidr,
        example='is_public_cidr("8.8.8.8/32")',
    ),
    Function(
        name="is_wider_than",
        parameters=(("cidr", "dyn"), ("ipv4", "int"), ("ipv6", "int")),
        returns="bool",
        doc="Whether a network's prefix is shorter than the length given for its version. A group"
        " or a prefix list has none.",
        implementation=is_wider_than,
        example='is_wider_than("10.0.0.0/8", 16, 48)',
    ),
    Function(
        name="from_part_of_world",
        parameters=(("rules", "list"),),
        returns="list",
        doc="The rules that let in addresses of the internet, one or many, but not all of it.",
        implementation=from_part_of_world,
        example="size(rules_about(from_part_of_world(r.ingress), [22])) > 0",
    ),
    Function(
        name="rules_about",
        parameters=(("rules", "list"), ("ports", "list")),
        returns="list",
        doc="The rules that are about any of some ports, by TCP, UDP or all.",
        implementation=rules_about,
        example='rules_about(r.ingress, [22]).exists(p, p.peer.startsWith("pl-"))',
    ),
    Function(
        name="opens_wide_to_world",
        parameters=(("rules", "list"), ("ports", "int")),
        returns="bool",
        doc="Whether rules of at least so many ports each, all together, let the internet in.",
        implementation=opens_wide_to_world,
        example="opens_wide_to_world(r.ingress, 65535)",
    ),
    Function(
        name="opens_other_to_world",
        parameters=(("rules", "list"), ("ports", "list"), ("most", "int")),
        returns="bool",
        doc="Whether rules of at most so many ports each, all together, let the internet in to a"
        " port that is not listed.",
        implementation=opens_other_to_world,
        example="opens_other_to_world(r.ingress, [80, 443], 100)",
    ),
    Function(
        name="covers_port",
        parameters=(("rule", "dyn"), ("port", "int")),
        returns="bool",
        doc="Whether one rule of `r.ingress` or `r.egress` is about a port, by TCP, UDP or all.",
        implementation=covers_port,
        example="items(r.ingress).exists(p, covers_port(p, 22))",
    ),
    Function(
        name="covers_port",
        parameters=(("rule", "dyn"), ("ports", "list")),
        returns="bool",
        doc="The same for any of some ports.",
        implementation=covers_any_port,
        example="items(r.ingress).exists(p, covers_port(p, [22, 3389]))",
    ),
    Function(
        name="opens_to_world",
        parameters=(("rules", "list"), ("port", "int")),
        returns="bool",
        doc="Whether rules, all together, let the internet in to a port: by one wide network or"
        " by many that cover most of it.",
        implementation=lambda rules, port: opens_to_world(rules, port, port),
        example="opens_to_world(r.ingress, 22)",
    ),
    Function(
        name="opens_to_world",
        parameters=(("rules", "list"), ("first", "int"), ("last", "int")),
        returns="bool",
        doc="The same for any port of a range.",
        implementation=opens_to_world,
        example="opens_to_world(r.ingress, 0, 65535)",
    ),
    Function(
        name="opens_to_world",
        parameters=(("rules", "list"), ("ports", "list")),
        returns="bool",
        doc="The same for any of some ports.",
        implementation=opens_any_to_world,
        example="opens_to_world(r.ingress, [22, 3389])",
    ),
    Function(
        name="opens_to_world",
        parameters=(("rules", "list"),),
        returns="bool",
        doc="The same for any port at all, by TCP or UDP.",
        implementation=lambda rules: opens_to_world(rules, 0, _LAST_PORT),
        example="opens_to_world(r.ingress)",
    ),
)
