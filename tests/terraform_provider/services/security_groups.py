"""Security groups with inline rules, ordinary ones and a VPC's default one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found, pairs
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRING,
    STRING_LIST,
    STRINGS,
    TAGS,
    Schema,
    computed,
    either,
    optional,
)
from tests.terraform_provider.services.networks import tag_specification
from tests.terraform_provider.wire import Values

RULES: Any = (
    "set",
    (
        "object",
        {
            "cidr_blocks": STRING_LIST,
            "description": STRING,
            "from_port": NUMBER,
            "ipv6_cidr_blocks": STRING_LIST,
            "prefix_list_ids": STRING_LIST,
            "protocol": STRING,
            "security_groups": STRINGS,
            "self": BOOL,
            "to_port": NUMBER,
        },
    ),
)


def permission(rule: Values, group: str) -> Values:
    """Return a rule of Terraform's as EC2 takes it."""
    text = {"Description": rule["description"]} if rule.get("description") else {}
    peers = [*(rule.get("security_groups") or ()), *([group] if rule.get("self") else ())]
    made: Values = {
        "IpProtocol": rule["protocol"],
        "IpRanges": [{"CidrIp": one, **text} for one in rule.get("cidr_blocks") or ()],
        "Ipv6Ranges": [{"CidrIpv6": one, **text} for one in rule.get("ipv6_cidr_blocks") or ()],
        "UserIdGroupPairs": [{"GroupId": one, **text} for one in peers],
    }
    if rule["protocol"] != "-1":
        made |= {"FromPort": int(rule["from_port"]), "ToPort": int(rule["to_port"])}
    return {key: value for key, value in made.items() if value != []}


def gathered(permissions: Iterable[Values], group: str) -> list[Values]:
    """Return EC2's permissions as Terraform's rules: one for each ports and description."""
    rules: dict[tuple[object, ...], Values] = {}
    for one in permissions:
        for key, where in _PEERS.items():
            for peer in one.get(where) or ():
                _add(_rule(rules, one, peer.get("Description") or ""), key, peer, group)
    return list(rules.values())


_PEERS = {
    "CidrIp": "IpRanges",
    "CidrIpv6": "Ipv6Ranges",
    "PrefixListId": "PrefixListIds",
    "GroupId": "UserIdGroupPairs",
}
_FIELDS = {
    "CidrIp": "cidr_blocks",
    "CidrIpv6": "ipv6_cidr_blocks",
    "PrefixListId": "prefix_list_ids",
    "GroupId": "security_groups",
}


def _rule(rules: dict[tuple[object, ...], Values], one: Values, text: str) -> Values:
    ports = one.get("FromPort") or 0, one.get("ToPort") or 0
    empty = {field: [] for field in _FIELDS.values()}
    return rules.setdefault(
        (one["IpProtocol"], *ports, text),
        {
            **{field: list(none) for field, none in empty.items()},
            "description": text,
            "from_port": ports[0],
            "to_port": ports[1],
            "protocol": one["IpProtocol"],
            "self": False,
        },
    )


def _add(rule: Values, key: str, peer: Values, group: str) -> None:
    if peer[key] == group:
        rule["self"] = True
    else:
        rule[_FIELDS[key]].append(peer[key])


def describe(aws: Aws, id_: str) -> Any:
    """Return a group, or None."""
    answer = found(
        lambda: aws.ec2.describe_security_groups(GroupIds=[id_]), "InvalidGroup.NotFound"
    )
    return answer and answer["SecurityGroups"][0]


class SecurityGroup:
    name = "aws_security_group"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "description": optional(default="Managed by Terraform"),
        "egress": either(RULES),
        "ingress": either(RULES),
        "name": either(),
        "name_prefix": either(),
        "owner_id": computed(),
        "revoke_rules_on_delete": optional(BOOL, default=False),
        "vpc_id": either(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        vpc = {"VpcId": wanted["vpc_id"]} if wanted["vpc_id"] else {}
        made = aws.ec2.create_security_group(
            GroupName=wanted["name"],
            Description=wanted["description"],
            TagSpecifications=tag_specification("security-group", wanted),
            **vpc,
        )
        self.put(aws, str(made["GroupId"]), wanted)
        return str(made["GroupId"])

    def put(self, aws: Aws, id_: str, wanted: Values) -> None:
        """Replace all rules: AWS's own "everything may leave" too, as the real provider does."""
        has = describe(aws, id_)
        for key, where in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
            if has[where]:
                revoke = getattr(aws.ec2, f"revoke_security_group_{key}")
                revoke(GroupId=id_, IpPermissions=has[where])
            if wanted[key]:
                rules = [permission(rule, id_) for rule in wanted[key]]
                getattr(aws.ec2, f"authorize_security_group_{key}")(
                    GroupId=id_, IpPermissions=rules
                )

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        group = describe(aws, id_)
        return group and {
            "arn": aws.arn("ec2", f"security-group/{id_}"),
            "description": group["Description"],
            "egress": gathered(group["IpPermissionsEgress"], id_),
            "ingress": gathered(group["IpPermissions"], id_),
            "name": group["GroupName"],
            "name_prefix": "",
            "owner_id": group["OwnerId"],
            "vpc_id": group.get("VpcId", ""),
            **aws.tags(by_key(group.get("Tags"))),
        }


class DefaultSecurityGroup(SecurityGroup):
    name = "aws_default_security_group"
    schema: ClassVar[Schema] = {
        **SecurityGroup.schema,
        "description": computed(),
        "name": computed(),
        "name_prefix": computed(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        """Adopt the group that the VPC came with."""
        filters = {"vpc-id": wanted["vpc_id"], "group-name": "default"}
        group = aws.ec2.describe_security_groups(
            Filters=[{"Name": name, "Values": [value]} for name, value in filters.items()]
        )["SecurityGroups"][0]
        self.put(aws, group["GroupId"], wanted)
        if wanted["tags_all"]:
            aws.ec2.create_tags(Resources=[group["GroupId"]], Tags=pairs(wanted["tags_all"]))
        return str(group["GroupId"])


RESOURCES = (SecurityGroup(), DefaultSecurityGroup())
