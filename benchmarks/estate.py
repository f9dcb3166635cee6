"""A made-up estate: what AWS would answer, page by page, and what a state declares of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from driftguard.model import Address, Declared, Provenance, Scope

ACCOUNT = "111111111111"
REGION = "us-east-1"
SCOPE = Scope(account=ACCOUNT, region=REGION)
VPC = "vpc-0123456789abcdef0"
PER_PAGE = 1000
RULES = 5
TAGS = 5
EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/"
DRIFT_EVERY = 100
"""One resource in so many is not as declared."""

Object = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of resource: AWS's answers about it, and how Terraform declares it."""

    type: str
    operation: str
    listed: str
    """The XML element that holds the list."""
    live: Callable[[int], str]
    """Number → the XML of one element."""
    declared: Callable[[int], Object]
    many: int = 1
    """Elements of the list for each resource."""


def _tags(number: int, key: str = "item") -> str:
    pairs = (f"<key>tag{t}</key><value>value-{number}-{t}</value>" for t in range(TAGS))
    return "<tagSet>" + "".join(f"<{key}>{pair}</{key}>" for pair in pairs) + "</tagSet>"


def _declared_tags(number: int) -> Object:
    tags: Object = {f"tag{t}": f"value-{number}-{t}" for t in range(TAGS)}
    if number % DRIFT_EVERY == 0:
        tags["tag1"] = "declared"
    return tags


def group_id(number: int) -> str:
    return f"sg-{number:017x}"


def _network(number: int, rule: int) -> str:
    return f"10.{rule}.{number % 250}.0/24"


def _group(number: int) -> str:
    rules = "".join(
        f"<item><ipProtocol>tcp</ipProtocol><fromPort>{1000 + r}</fromPort>"
        f"<toPort>{1000 + r}</toPort><groups/><ipRanges><item><cidrIp>{_network(number, r)}"
        f"</cidrIp><description>rule {r}</description></item></ipRanges><ipv6Ranges/>"
        "<prefixListIds/></item>"
        for r in range(RULES)
    )
    return (
        f"<item><ownerId>{ACCOUNT}</ownerId><groupId>{group_id(number)}</groupId>"
        f"<groupName>group-{number}</groupName>"
        f"<groupDescription>benchmark group {number}</groupDescription><vpcId>{VPC}</vpcId>"
        f"<ipPermissions>{rules}</ipPermissions><ipPermissionsEgress><item>"
        "<ipProtocol>-1</ipProtocol><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item>"
        "</ipRanges><ipv6Ranges/><prefixListIds/></item></ipPermissionsEgress>"
        f"{_tags(number)}</item>"
    )


def _declared_rule(number: int, rule: int) -> Object:
    port = 9 if number % DRIFT_EVERY == 0 and rule == 2 else 1000 + rule  # noqa: PLR2004
    return {
        "from_port": port,
        "to_port": port,
        "protocol": "tcp",
        "cidr_blocks": [_network(number, rule)],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        "description": f"rule {rule}",
    }


def _declared_group(number: int) -> Object:
    anywhere = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}
    nothing: Object = {"ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": []}
    return {
        "id": group_id(number),
        "name": f"group-{number}",
        "description": f"benchmark group {number}",
        "vpc_id": VPC,
        "owner_id": ACCOUNT,
        "ingress": [_declared_rule(number, rule) for rule in reversed(range(RULES))],
        "egress": [{**nothing, **anywhere, "self": False, "description": ""}],
        "tags": _declared_tags(number),
        "tags_all": _declared_tags(number),
    }


def _rule(position: int) -> str:
    """Return one rule as DescribeSecurityGroupRules shows it; six for each group."""
    number, rule = divmod(position, RULES + 1)
    egress = rule == RULES
    ports = "" if egress else f"<fromPort>{1000 + rule}</fromPort><toPort>{1000 + rule}</toPort>"
    peer = "0.0.0.0/0" if egress else _network(number, rule)
    described = "" if egress else f"<description>rule {rule}</description>"
    return (
        f"<item><securityGroupRuleId>sgr-{position:017x}</securityGroupRuleId>"
        f"<groupId>{group_id(number)}</groupId><groupOwnerId>{ACCOUNT}</groupOwnerId>"
        f"<isEgress>{str(egress).lower()}</isEgress>"
        f"<ipProtocol>{'-1' if egress else 'tcp'}</ipProtocol>{ports}"
        f"<cidrIpv4>{peer}</cidrIpv4>{described}<tagSet/></item>"
    )


def _volume(number: int) -> str:
    return (
        f"<item><volumeId>vol-{number:017x}</volumeId><size>8</size><snapshotId/>"
        "<availabilityZone>us-east-1a</availabilityZone><status>available</status>"
        "<createTime>2024-05-01T10:00:00.000Z</createTime><attachmentSet/>"
        "<volumeType>gp3</volumeType><iops>3000</iops><encrypted>true</encrypted>"
        "<kmsKeyId>arn:aws:kms:us-east-1:111111111111:key/0f1e2d3c</kmsKeyId>"
        f"<multiAttachEnabled>false</multiAttachEnabled><throughput>125</throughput>"
        f"{_tags(number)}</item>"
    )


def _declared_volume(number: int) -> Object:
    return {
        "id": f"vol-{number:017x}",
        "availability_zone": "us-east-1a",
        "encrypted": True,
        "final_snapshot": False,
        "iops": 3000,
        "kms_key_id": "arn:aws:kms:us-east-1:111111111111:key/0f1e2d3c",
        "multi_attach_enabled": False,
        "outpost_arn": "",
        "size": 8,
        "snapshot_id": "",
        "tags": _declared_tags(number),
        "throughput": 125,
        "type": "gp3",
    }


def _subnet(number: int) -> str:
    return (
        f"<item><subnetId>subnet-{number:017x}</subnetId>"
        f"<subnetArn>arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-{number:017x}</subnetArn>"
        f"<state>available</state><ownerId>{ACCOUNT}</ownerId><vpcId>{VPC}</vpcId>"
        f"<cidrBlock>10.{number // 256 % 256}.{number % 256}.0/24</cidrBlock>"
        "<ipv6CidrBlockAssociationSet/><assignIpv6AddressOnCreation>false"
        "</assignIpv6AddressOnCreation><availableIpAddressCount>251</availableIpAddressCount>"
        "<availabilityZone>us-east-1a</availabilityZone>"
        "<availabilityZoneId>use1-az1</availabilityZoneId><defaultForAz>false</defaultForAz>"
        "<mapPublicIpOnLaunch>false</mapPublicIpOnLaunch>"
        f"<enableDns64>false</enableDns64><ipv6Native>false</ipv6Native>{_tags(number)}</item>"
    )


def _declared_subnet(number: int) -> Object:
    return {
        "id": f"subnet-{number:017x}",
        "assign_ipv6_address_on_creation": False,
        "availability_zone": "us-east-1a",
        "cidr_block": f"10.{number // 256 % 256}.{number % 256}.0/24",
        "enable_dns64": False,
        "ipv6_native": False,
        "map_public_ip_on_launch": False,
        "tags": _declared_tags(number),
        "vpc_id": VPC,
    }


GROUPS = Kind(
    type="aws_security_group",
    operation="DescribeSecurityGroups",
    listed="securityGroupInfo",
    live=_group,
    declared=_declared_group,
)
GROUP_RULES = Kind(
    type="",
    operation="DescribeSecurityGroupRules",
    listed="securityGroupRuleSet",
    live=_rule,
    declared=lambda _: {},
    many=RULES + 1,
)
VOLUMES = Kind(
    type="aws_ebs_volume",
    operation="DescribeVolumes",
    listed="volumeSet",
    live=_volume,
    declared=_declared_volume,
)
SUBNETS = Kind(
    type="aws_subnet",
    operation="DescribeSubnets",
    listed="subnetSet",
    live=_subnet,
    declared=_declared_subnet,
)
KINDS = (GROUPS, GROUP_RULES, VOLUMES, SUBNETS)

Estate = Mapping[str, int]
"""How many resources of each Terraform type there are."""


def counts(estate: Estate) -> Iterator[tuple[Kind, int]]:
    """Yield each list that AWS answers, with the number of its elements."""
    for kind in KINDS:
        yield kind, kind.many * estate.get(kind.type or GROUPS.type, 0)


def pages(kind: Kind, many: int, *, start: int = 0) -> Iterator[bytes]:
    """Yield AWS's pages of one list."""
    for first in range(0, max(many, 1), PER_PAGE):
        numbers = range(start + first, start + min(first + PER_PAGE, many))
        items = "".join(map(kind.live, numbers))
        token = f"<nextToken>{first // PER_PAGE + 1}</nextToken>" if first + PER_PAGE < many else ""
        yield (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<{kind.operation}Response xmlns="{EC2}"><requestId>r-{first}</requestId>'
            f"<{kind.listed}>{items}</{kind.listed}>{token}</{kind.operation}Response>"
        ).encode()


def declared(estate: Estate) -> Iterator[Declared]:
    """Yield what a state declares of the estate."""
    provenance = Provenance(place="estate.tfstate")
    for kind, many in counts(estate):
        for number in range(many) if kind.type else ():
            attributes = kind.declared(number)
            yield Declared(
                address=Address(type=kind.type, name="bench", key=number),
                scope=SCOPE,
                id=str(attributes["id"]),
                attributes=attributes,
                provenance=provenance,
            )
