"""Networks and their security groups."""

from __future__ import annotations

from typing import Any

from tests.terraform_provider.changes.change import Hands, changed, gone, made

_INLINE, _SPLIT, _SINGLE = (f"aws_security_group.{one}" for one in ("inline", "split", "single"))
_RULE, _INGRESS, _EGRESS = (
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
)


def rule(port: int, cidr: str = "0.0.0.0/0") -> dict[str, Any]:
    """Return a TCP rule as EC2 takes it."""
    peer = {"CidrIp": cidr}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [peer]}


def _allow(hands: Hands, group: str, permission: dict[str, Any], way: str = "ingress") -> None:
    authorize = getattr(hands.aws().ec2, f"authorize_security_group_{way}")
    authorize(GroupId=hands.of(group), IpPermissions=[permission])


def _revoke(hands: Hands, group: str, permission: dict[str, Any], way: str = "ingress") -> None:
    revoke = getattr(hands.aws().ec2, f"revoke_security_group_{way}")
    revoke(GroupId=hands.of(group), IpPermissions=[permission])


def _modify(hands: Hands, address: str, group: str, **changes: object) -> None:
    hands.aws().ec2.modify_security_group_rules(
        GroupId=hands.of(group),
        SecurityGroupRules=[
            {"SecurityGroupRuleId": hands.of(address), "SecurityGroupRule": changes}
        ],
    )


def _remove(hands: Hands, address: str, group: str, way: str) -> None:
    revoke = getattr(hands.aws().ec2, f"revoke_security_group_{way}")
    revoke(GroupId=hands.of(group), SecurityGroupRuleIds=[hands.of(address)])


def _tag(hands: Hands, address: str, **tags: str) -> None:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    hands.aws().ec2.create_tags(Resources=[hands.of(address)], Tags=pairs)


def _default_group(hands: Hands) -> None:
    address = "aws_default_security_group.main"
    _allow(hands, address, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})


def _hide_dns(hands: Hands) -> None:
    hands.aws().ec2.modify_vpc_attribute(
        VpcId=hands.of("aws_vpc.main"), EnableDnsHostnames={"Value": False}
    )


def _publish_subnet(hands: Hands) -> None:
    hands.aws().ec2.modify_subnet_attribute(
        SubnetId=hands.of("aws_subnet.main"), MapPublicIpOnLaunch={"Value": True}
    )


def _new_group(hands: Hands) -> None:
    hands.aws().ec2.create_security_group(
        GroupName="by-hand", Description="by hand", VpcId=hands.of("aws_vpc.main")
    )


_ALL = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}

CHANGES = (
    changed("aws_vpc.main", "enable_dns_hostnames", "DNS host names off", _hide_dns),
    changed("aws_vpc.main", "tags", "retagged", lambda h: _tag(h, "aws_vpc.main", Name="other")),
    gone("aws_vpc.gone", lambda h: h.aws().ec2.delete_vpc(VpcId=h.of("aws_vpc.gone"))),
    made("aws_vpc", lambda h: h.aws().ec2.create_vpc(CidrBlock="10.9.0.0/16")),
    changed("aws_subnet.main", "map_public_ip_on_launch", "made public", _publish_subnet),
    changed("aws_default_security_group.main", "ingress", "opened", _default_group),
    changed(_INLINE, "ingress", "SSH opened to the world", lambda h: _allow(h, _INLINE, rule(22))),
    changed(_INLINE, "egress", "rule removed", lambda h: _revoke(h, _INLINE, _ALL, "egress")),
    changed(_INLINE, "tags", "tag added", lambda h: _tag(h, _INLINE, Extra="yes")),
    gone(
        "aws_security_group.gone",
        lambda h: h.aws().ec2.delete_security_group(GroupId=h.of("aws_security_group.gone")),
    ),
    made("aws_security_group", _new_group),
    changed(_SPLIT, "ingress", "RDP opened", lambda h: _allow(h, _SPLIT, rule(3389))),
    gone(f"{_RULE}.gone", lambda h: _revoke(h, _SPLIT, _ALL, "egress")),
    changed(
        f"{_INGRESS}.changed",
        "cidr_ipv4",
        "opened to the world",
        lambda h: _modify(
            h,
            f"{_INGRESS}.changed",
            _SINGLE,
            IpProtocol="tcp",
            FromPort=443,
            ToPort=443,
            CidrIpv4="0.0.0.0/0",
            Description="https",
        ),
    ),
    gone(f"{_INGRESS}.gone", lambda h: _remove(h, f"{_INGRESS}.gone", _SINGLE, "ingress")),
    changed(
        f"{_EGRESS}.changed",
        "cidr_ipv4",
        "opened to the world",
        lambda h: _modify(
            h,
            f"{_EGRESS}.changed",
            _SINGLE,
            IpProtocol="tcp",
            FromPort=443,
            ToPort=443,
            CidrIpv4="0.0.0.0/0",
        ),
    ),
    gone(f"{_EGRESS}.gone", lambda h: _remove(h, f"{_EGRESS}.gone", _SINGLE, "egress")),
)
