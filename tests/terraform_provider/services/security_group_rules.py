"""Security group rules that are resources of their own, in both generations."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, found
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRING_LIST,
    TAGS,
    Schema,
    computed,
    either,
    optional,
    required,
)
from tests.terraform_provider.services.networks import tag_specification
from tests.terraform_provider.services.security_groups import describe, gathered, permission
from tests.terraform_provider.wire import Values

_LISTS = "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"


class SecurityGroupRule:
    name = "aws_security_group_rule"
    schema: ClassVar[Schema] = {
        **ID,
        **{name: optional(STRING_LIST) for name in _LISTS},
        "description": optional(),
        "from_port": required(NUMBER),
        "protocol": required(),
        "security_group_id": required(),
        "security_group_rule_id": computed(),
        "self": optional(BOOL, default=False),
        "source_security_group_id": either(),
        "to_port": required(NUMBER),
        "type": required(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        group = wanted["security_group_id"]
        source = wanted["source_security_group_id"]
        rule = permission({**wanted, "security_groups": [source] if source else []}, group)
        authorize = getattr(aws.ec2, f"authorize_security_group_{wanted['type']}")
        authorize(GroupId=group, IpPermissions=[rule])
        told = {name: value for name, value in sorted(wanted.items()) if name != "id"}
        return f"sgrule-{int(hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8], 16)}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Find a rule of these ports that holds all of the peers, as the real provider does."""
        group = describe(aws, state["security_group_id"])
        where = "IpPermissions" if state["type"] == "ingress" else "IpPermissionsEgress"
        for rule in gathered(group[where], group["GroupId"]) if group else ():
            if self._is(state, rule):
                return {
                    "description": rule["description"],
                    "security_group_rule_id": "",
                    "source_security_group_id": state["source_security_group_id"],
                }
        return None

    def _is(self, state: Values, rule: Values) -> bool:
        source = state["source_security_group_id"]
        return (
            all(rule[key] == state[key] for key in ("protocol", "from_port", "to_port"))
            and all({*(state[key] or ())} <= {*rule[key]} for key in _LISTS)
            and (not state["self"] or rule["self"])
            and (not source or source in rule["security_groups"])
        )


class _Rule:
    direction = ""
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "cidr_ipv4": optional(),
        "cidr_ipv6": optional(),
        "description": optional(),
        "from_port": optional(NUMBER),
        "ip_protocol": required(),
        "prefix_list_id": optional(),
        "referenced_security_group_id": optional(),
        "security_group_id": required(),
        "security_group_rule_id": computed(),
        "to_port": optional(NUMBER),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        rule = {
            "protocol": wanted["ip_protocol"],
            "from_port": wanted["from_port"],
            "to_port": wanted["to_port"],
            "description": wanted["description"],
            "cidr_blocks": [one for one in (wanted["cidr_ipv4"],) if one],
            "ipv6_cidr_blocks": [one for one in (wanted["cidr_ipv6"],) if one],
            "security_groups": [one for one in (wanted["referenced_security_group_id"],) if one],
        }
        group = wanted["security_group_id"]
        made = getattr(aws.ec2, f"authorize_security_group_{self.direction}")(
            GroupId=group,
            IpPermissions=[permission(rule, group)],
            TagSpecifications=tag_specification("security-group-rule", wanted),
        )
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        id_ = state["id"]
        answer = found(
            lambda: aws.ec2.describe_security_group_rules(SecurityGroupRuleIds=[id_]),
            "InvalidSecurityGroupRuleId.NotFound",
        )
        rules: list[Any] = answer["SecurityGroupRules"] if answer else []
        if not rules:
            return None
        rule = rules[0]
        every = rule["IpProtocol"] == "-1"
        return {
            "arn": aws.arn("ec2", f"security-group-rule/{id_}"),
            "cidr_ipv4": rule.get("CidrIpv4"),
            "cidr_ipv6": rule.get("CidrIpv6"),
            "description": rule.get("Description") or None,
            "from_port": None if every else rule.get("FromPort"),
            "ip_protocol": rule["IpProtocol"],
            "prefix_list_id": rule.get("PrefixListId"),
            "referenced_security_group_id": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            "security_group_id": rule["GroupId"],
            "security_group_rule_id": id_,
            "to_port": None if every else rule.get("ToPort"),
            **aws.tags(by_key(rule.get("Tags"))),
        }


class IngressRule(_Rule):
    name = "aws_vpc_security_group_ingress_rule"
    direction = "ingress"


class EgressRule(_Rule):
    name = "aws_vpc_security_group_egress_rule"
    direction = "egress"


RESOURCES = (SecurityGroupRule(), IngressRule(), EgressRule())
