"""The rules of a security group: inline in the group, or a resource of their own.

Three styles declare the same thing (``ingress`` blocks, ``aws_security_group_rule``,
``aws_vpc_security_group_*_rule``), and EC2 shows it twice (by value in the group,
by id in DescribeSecurityGroupRules). All five meet in the inline block's shape.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from driftguard.canonical.freeze import Canonical
from driftguard.canonical.rules import RULES
from driftguard.errors import CanonicalError
from driftguard.model import Severity
from driftguard.parts.shapes import an_object, objects
from driftguard.resource_type import Attribute

Raw = Mapping[str, object]
Block = dict[str, object]

COLLECTION = "ec2.security_groups"


def rule_attributes() -> tuple[Attribute, Attribute]:
    """Return the attributes ``ingress`` and ``egress`` of a group."""
    return (
        Attribute(
            name="ingress",
            wire=lambda raw: live_rules(raw, "ingress"),
            needs=("IpPermissions",),
            kind=RULES,
            declared=lambda attributes: inline_rules(attributes, "ingress"),
            part=True,
            by_id=lambda raw: rules_by_id(raw, egress=False),
            severity=Severity.HIGH,
            note="Every rule of the group, whoever declares it; compared per single peer.",
        ),
        Attribute(
            name="egress",
            wire=lambda raw: live_rules(raw, "egress"),
            needs=("IpPermissionsEgress",),
            kind=RULES,
            declared=lambda attributes: inline_rules(attributes, "egress"),
            part=True,
            by_id=lambda raw: rules_by_id(raw, egress=True),
            severity=Severity.MEDIUM,
            note="As ``ingress``, for traffic that leaves.",
        ),
    )


def inline_rules(attributes: Raw, direction: str) -> list[Block]:
    """Return a group's inline rules with ``self`` spelled out as the group's id."""
    blocks = attributes.get(direction) or ()
    own = str(attributes.get("id") or "")
    owner = str(attributes.get("owner_id") or "")
    if not isinstance(blocks, list | tuple):
        raise CanonicalError("Expected a list of rules.")
    return [_spelled_out(block, own, owner) for block in blocks]


def _spelled_out(block: object, own: str, owner: str) -> Block:
    peers = block.get("security_groups") or () if isinstance(block, Mapping) else None
    if not isinstance(block, Mapping) or not isinstance(peers, list | tuple):
        raise CanonicalError("A security group rule is not an object with a list of groups.")
    groups = [group_peer(str(peer), owner) for peer in peers]
    if block.get("self") in (True, "true"):
        groups.append(own)
    return {**block, "security_groups": groups}


def group_peer(peer: str, owner: str) -> str:
    """Drop the account from ``account/sg-…`` where it is the group's own."""
    return peer.removeprefix(f"{owner}/") if owner else peer


def live_rules(raw: Raw, direction: str) -> list[Block]:
    """Return a live group's rules of one direction as inline blocks."""
    key = "IpPermissions" if direction == "ingress" else "IpPermissionsEgress"
    owner = str(raw.get("OwnerId") or "")
    found: list[Block] = []
    for permission in objects(raw.get(key)):
        found.extend(_blocks(permission, owner))
    return found


def _referenced(peer: Raw, owner: str) -> str:
    """Return a peer group's id, or its name where AWS gives no more (its own load balancers)."""
    account = str(peer.get("UserId") or owner)
    group = str(peer.get("GroupId") or peer.get("GroupName") or "")
    return group if account == owner else f"{account}/{group}"


_PEERS: tuple[tuple[str, str, Callable[[Raw, str], object]], ...] = (
    ("IpRanges", "cidr_blocks", lambda peer, _: peer.get("CidrIp")),
    ("Ipv6Ranges", "ipv6_cidr_blocks", lambda peer, _: peer.get("CidrIpv6")),
    ("PrefixListIds", "prefix_list_ids", lambda peer, _: peer.get("PrefixListId")),
    ("UserIdGroupPairs", "security_groups", _referenced),
)


_KNOWN = frozenset({"IpProtocol", "FromPort", "ToPort", *(wire for wire, _, _ in _PEERS)})


def _blocks(permission: Raw, owner: str) -> list[Block]:
    if not permission.keys() <= _KNOWN and any(permission[key] for key in {*permission} - _KNOWN):
        raise CanonicalError("A rule has a peer of a kind that is not known.")
    get = permission.get
    protocol, start, end = get("IpProtocol"), get("FromPort"), get("ToPort")
    return [
        {
            "protocol": protocol,
            "from_port": start,
            "to_port": end,
            name: [read(peer, owner)],
            "description": peer.get("Description"),
        }
        for wire, name, read in _PEERS
        if (peers := get(wire)) is not None and peers != []  # most rules have peers of one kind
        for peer in objects(peers)
    ]


def rules_by_id(raw: Raw, *, egress: bool) -> dict[str, Block]:
    """Return a live group's rules of one direction by their ``sgr-`` id, as inline blocks."""
    owner = str(raw.get("OwnerId") or "")
    return {
        str(rule.get("SecurityGroupRuleId")): block_of(rule, owner)
        for rule in objects(raw.get("Rules"))
        if bool(rule.get("IsEgress")) is egress
    }


def block_of(rule: Raw, group_owner: str) -> Block:
    """Turn one DescribeSecurityGroupRules element into an inline block."""
    referenced = rule.get("ReferencedGroupInfo")
    owner = str(rule.get("GroupOwnerId") or group_owner)
    peers = {
        "cidr_blocks": rule.get("CidrIpv4"),
        "ipv6_cidr_blocks": rule.get("CidrIpv6"),
        "prefix_list_ids": rule.get("PrefixListId"),
        "security_groups": _referenced(an_object(referenced), owner) if referenced else None,
    }
    return {
        "protocol": rule.get("IpProtocol"),
        "from_port": rule.get("FromPort"),
        "to_port": rule.get("ToPort"),
        **{name: [peer] for name, peer in peers.items() if peer},
        "description": rule.get("Description"),
    }


def present(declared: Block, raw: Raw, direction: str) -> frozenset[Canonical]:
    """Return the live rules that a declared block stands for, whatever their description."""
    wanted = {RULES.identity(rule) for rule in RULES.members(RULES.canonical([declared]))}
    live = RULES.members(RULES.canonical(live_rules(raw, direction)))
    return frozenset(rule for rule in live if RULES.identity(rule) in wanted)


def single_block(attributes: Raw, owner: str = "") -> Block:
    """Return ``aws_security_group_rule``'s attributes as one inline block.

    ``owner`` is the account of the group: a peer spelled ``owner/sg-…`` is ``sg-…``.
    """
    groups = [group_peer(str(attributes.get("source_security_group_id") or ""), owner)]
    if attributes.get("self") in (True, "true"):
        groups.append(str(attributes.get("security_group_id") or ""))
    names = ("protocol", "from_port", "to_port", "description")
    lists = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")
    return {
        **{name: attributes.get(name) for name in names},
        **{name: attributes.get(name) or () for name in lists},
        "security_groups": [group for group in dict.fromkeys(groups) if group],
    }
