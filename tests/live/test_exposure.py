from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from driftguard.live.actions import iam_action
from driftguard.live.collections import COLLECTIONS
from driftguard.live.collections.network_interfaces import MOST_FILTERED
from driftguard.live.digests import replayed
from driftguard.live.exposure import NEEDS, Exposures, Subject, gather_exposure
from driftguard.live.look import look
from driftguard.live.reader import Pages, Reader
from driftguard.live.recording import Recorder
from driftguard.live.replay import ReplayReaders
from driftguard.model import Scope, Unreadable
from driftguard.redact import Redactor
from tests.canned_reader import CannedReader
from tests.live.clocks import FakeClock
from tests.moto_reader import ACCOUNT, REGION, MotoReader, client

SCOPE = Scope(account=ACCOUNT, region=REGION)
LOOK = functools.partial(look, parallel=1)


@dataclass(kw_only=True)
class Through:
    """Readers of one scope; another one can't be asked."""

    inner: Any
    scopes: list[Scope] = field(default_factory=list)
    searches_unmanaged = True

    def reader(self, scope: Scope) -> Reader | Unreadable:
        self.scopes.append(scope)
        if scope.region != REGION:
            return Unreadable(reason="access denied: grant sts:AssumeRole to the identity")
        reader: Reader = self.inner
        return reader

    def default_account(self) -> str:
        return ACCOUNT


def group(object_id: str, scope: Scope = SCOPE) -> Subject:
    return ("aws_security_group", scope, object_id)


def instance(object_id: str) -> Subject:
    return ("aws_instance", SCOPE, object_id)


def gathered(*subjects: Subject, reader: Any = None) -> Exposures:
    return gather_exposure(subjects, Through(inner=reader or MotoReader()), look=LOOK)


@dataclass(frozen=True, kw_only=True)
class Network:
    """A VPC whose main table leads nowhere, with a public and a private subnet."""

    vpc: str
    public: str
    private: str
    public_table: str
    gateway: str

    def group(self, name: str) -> str:
        made = client("ec2").create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
        return str(made["GroupId"])

    def interface(self, subnet: str, *groups: str) -> str:
        made = client("ec2").create_network_interface(SubnetId=subnet, Groups=[*groups])
        return str(made["NetworkInterface"]["NetworkInterfaceId"])

    def instance(self, subnet: str, *groups: str) -> tuple[str, str]:
        """Return the ids of an instance and of its interface."""
        made = client("ec2").run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "Groups": [*groups]}],
        )["Instances"][0]
        interface = made["NetworkInterfaces"][0]["NetworkInterfaceId"]
        return str(made["InstanceId"]), str(interface)

    def elastic_address(self, interface: str) -> None:
        address = client("ec2").allocate_address(Domain="vpc")
        client("ec2").associate_address(
            AllocationId=address["AllocationId"], NetworkInterfaceId=interface
        )


@pytest.fixture
def network() -> Iterator[Network]:
    with mock_aws():
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
            for number in (1, 2)
        ]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
        yield Network(
            vpc=vpc,
            public=subnets[0],
            private=subnets[1],
            public_table=table,
            gateway=gateway,
        )


def test_a_group_on_a_public_instance_is_exposed(network: Network):
    web = network.group("web")
    _, interface = network.instance(network.public, web)
    network.elastic_address(interface)

    found = gathered(group(web))

    expected = {"attached_enis": 1, "public_ips": 1, "attached_instances": 1, "subnet_public": True}
    assert expected == found.of(group(web))
    assert () == found.warnings


def test_a_group_that_nothing_has_is_known_to_be_attached_to_nothing(network: Network):
    web = network.group("web")

    expected = {
        "attached_enis": 0,
        "public_ips": 0,
        "attached_instances": 0,
        "subnet_public": False,
    }
    assert expected == gathered(group(web)).of(group(web))


def test_interfaces_in_a_private_subnet_are_not_public(network: Network):
    web = network.group("web")
    network.interface(network.private, web)
    network.interface(network.private, web)

    expected = {
        "attached_enis": 2,
        "public_ips": 0,
        "attached_instances": 0,
        "subnet_public": False,
    }
    assert expected == gathered(group(web)).of(group(web))


def test_one_interface_in_a_public_subnet_is_enough(network: Network):
    web = network.group("web")
    network.interface(network.private, web)
    network.interface(network.public, web)

    assert gathered(group(web)).of(group(web))["subnet_public"] is True


def test_a_subnet_without_a_table_of_its_own_has_the_main_table(network: Network):
    web = network.group("web")
    network.interface(network.private, web)
    main = client("ec2").describe_route_tables(
        Filters=[
            {"Name": "association.main", "Values": ["true"]},
            {"Name": "vpc-id", "Values": [network.vpc]},
        ]
    )["RouteTables"][0]["RouteTableId"]
    client("ec2").create_route(
        RouteTableId=main, DestinationIpv6CidrBlock="::/0", GatewayId=network.gateway
    )

    assert gathered(group(web)).of(group(web))["subnet_public"] is True


def test_an_instance_is_exposed_by_its_interfaces(network: Network):
    web = network.group("web")
    one, interface = network.instance(network.public, web)
    other, _ = network.instance(network.private, web)
    network.elastic_address(interface)

    found = gathered(instance(one), instance(other))

    assert {"attached_enis": 1, "public_ips": 1, "subnet_public": True} == found.of(instance(one))
    expected = {"attached_enis": 1, "public_ips": 0, "subnet_public": False}
    assert expected == found.of(instance(other))


def test_a_database_is_exposed_by_its_subnets(network: Network):
    rds = client("rds")
    subnets = [network.public, network.private]
    rds.create_db_subnet_group(
        DBSubnetGroupName="both", DBSubnetGroupDescription="both", SubnetIds=subnets
    )
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        DBSubnetGroupName="both",
        PubliclyAccessible=True,
    )
    subject = ("aws_db_instance", SCOPE, "orders")

    assert {"publicly_accessible": True, "subnet_public": True} == gathered(subject).of(subject)


def test_a_database_that_is_gone_is_no_evidence(network: Network):
    subject = ("aws_db_instance", SCOPE, "gone")
    assert {} == gathered(subject).of(subject)


def test_the_calls_are_the_same_few_for_one_drift_and_for_many(network: Network):
    groups = [network.group(f"g{number}") for number in range(30)]
    reader = MotoReader()

    found = gathered(*map(group, groups), instance("i-0123456789abcdef0"), reader=reader)

    assert 31 == len(found.facts)
    calls = {"ec2.DescribeNetworkInterfaces": 2, "ec2.DescribeRouteTables": 1}
    assert calls == dict(reader.calls)


@dataclass(kw_only=True)
class Asked(CannedReader):
    """A canned reader that remembers its parameters."""

    params: list[Mapping[str, object]] = field(default_factory=list)

    def pages(self, service: str, operation: str, key: str, params: Any = None) -> Pages:
        if operation == "DescribeNetworkInterfaces":
            self.params.append(params)
        return super().pages(service, operation, key, params)


def test_few_groups_are_filtered_by_aws_and_many_are_not():
    few, many = MOST_FILTERED, MOST_FILTERED + 1
    for count, expected in ((few, [few]), (many, [0])):
        reader = Asked(answers=answers())
        gathered(*(group(f"sg-{number:04}") for number in range(count)), reader=reader)
        asked: list[Any] = [one.get("Filters") for one in reader.params]
        assert expected == [len(one[0]["Values"]) if one else 0 for one in asked]


def test_nothing_is_asked_where_no_type_has_exposure():
    readers = Through(inner=CannedReader(answers={}))
    bucket = ("aws_s3_bucket", SCOPE, "logs")

    found = gather_exposure([bucket, group("")], readers, look=LOOK)

    assert Exposures() == found
    assert [] == readers.scopes


ENI = {
    "NetworkInterfaceId": "eni-1",
    "Groups": [{"GroupId": "sg-1"}],
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
}
TABLE = {
    "RouteTableId": "rtb-1",
    "VpcId": "vpc-1",
    "Associations": [{"Main": True}],
    "Routes": [{"GatewayId": "igw-1", "State": "active", "DestinationCidrBlock": "0.0.0.0/0"}],
}


def answers(interface: object = ENI, table: object = TABLE) -> dict[str, Any]:
    interfaces = interface if isinstance(interface, Unreadable) else [interface]
    tables = table if isinstance(table, Unreadable) else [table]
    return {"ec2.DescribeNetworkInterfaces": interfaces, "ec2.DescribeRouteTables": tables}


def canned(interface: object = ENI, table: object = TABLE) -> Exposures:
    return gathered(group("sg-1"), reader=CannedReader(answers=answers(interface, table)))


@pytest.mark.parametrize(
    ("addresses", "count"),
    [
        ({}, 0),
        ({"Association": {"PublicIp": "203.0.113.5"}}, 1),
        (
            {
                "Association": {"PublicIp": "203.0.113.5"},
                "PrivateIpAddresses": [
                    {"Association": {"PublicIp": "203.0.113.5"}},
                    {"Association": {"PublicIp": "203.0.113.6"}},
                    {"PrivateIpAddress": "10.0.0.9"},
                ],
            },
            2,
        ),
        ({"Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]}, 1),
        ({"Ipv6Addresses": [{"Ipv6Address": "fd00::1"}]}, 0),
        ({"Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:1::/80"}]}, 1),
        ({"Association": {"CarrierIp": "203.0.113.7"}}, 0),
    ],
)
def test_public_addresses_are_counted_once_each(addresses: dict[str, object], count: int):
    assert count == canned({**ENI, **addresses}).of(group("sg-1"))["public_ips"]


@pytest.mark.parametrize(
    "route",
    [
        {"GatewayId": "local", "State": "active"},
        {"GatewayId": "igw-1", "State": "blackhole"},
        {"GatewayId": "vgw-1", "State": "active"},
        {"NatGatewayId": "nat-1", "State": "active"},
        {"EgressOnlyInternetGatewayId": "eigw-1", "State": "active"},
    ],
)
def test_only_a_route_to_a_present_internet_gateway_makes_a_subnet_public(route: dict[str, object]):
    facts = canned(table={**TABLE, "Routes": [route]}).of(group("sg-1"))
    assert facts["subnet_public"] is False


def denied(operation: str) -> Unreadable:
    action = iam_action("ec2", operation)
    return Unreadable(reason=f"access denied: grant {action} to the identity that scans")


def test_denied_interfaces_leave_no_key_and_name_the_action():
    found = canned(interface=denied("DescribeNetworkInterfaces"))

    assert {} == found.of(group("sg-1"))
    (warning,) = found.warnings
    assert "grant ec2:DescribeNetworkInterfaces" in warning
    assert warning.startswith(f"The exposure of 1 resource in {SCOPE} is not fully known")


def test_denied_route_tables_leave_the_rest():
    found = canned(table=denied("DescribeRouteTables"))

    expected = {"attached_enis": 1, "public_ips": 0, "attached_instances": 0}
    assert expected == found.of(group("sg-1"))
    assert "grant ec2:DescribeRouteTables" in found.warnings[0]


def test_a_subnet_whose_tables_are_not_shown_is_unknown():
    found = canned(table={**TABLE, "VpcId": "vpc-2"})

    assert "subnet_public" not in found.of(group("sg-1"))
    assert "no route table" in found.warnings[0]


def test_a_list_that_breaks_off_is_no_count():
    @dataclass(kw_only=True)
    class BreaksOff(CannedReader):
        def pages(self, service: str, operation: str, key: str, params: Any = None) -> Pages:
            throttled = Unreadable(reason="AWS throttled it", retryable=True)
            found = super().pages(service, operation, key, params)
            return Pages(items=found.items, failure=throttled)

    found = gathered(group("sg-1"), reader=BreaksOff(answers=answers()))

    assert {} == found.of(group("sg-1"))
    assert "AWS throttled it" in found.warnings[0]


def test_a_scope_that_cannot_be_asked_spoils_no_other():
    elsewhere = group("sg-1", Scope(account=ACCOUNT, region="us-east-1"))

    found = gathered(group("sg-1"), elsewhere, reader=CannedReader(answers=answers()))

    assert 1 == found.of(group("sg-1"))["attached_enis"]
    assert {} == found.of(elsewhere)
    assert "grant sts:AssumeRole" in found.warnings[0]


@pytest.mark.parametrize(
    "broken",
    [
        {"Groups": "sg-1"},
        {"Groups": [7]},
        {"SubnetId": None, "Attachment": "x"},
        {"Ipv6Addresses": [{"Ipv6Address": "not one"}]},
        {"PrivateIpAddresses": 3},
    ],
)
def test_an_answer_of_another_shape_is_unknown(broken: dict[str, object]):
    found = canned({**ENI, **broken})

    assert {} == found.of(group("sg-1"))
    assert "could not be understood" in found.warnings[0]


def test_an_interface_without_an_id_is_unknown():
    found = canned({"Groups": []})

    assert {} == found.of(group("sg-1"))
    assert 1 == len(found.warnings)


def test_what_comes_after_the_deadline_is_unknown():
    gate, clock = threading.Event(), FakeClock()

    @dataclass(kw_only=True)
    class Hangs(CannedReader):
        def pages(self, service: str, operation: str, key: str, params: Any = None) -> Pages:
            clock.sleep(10)
            gate.wait(5)
            return super().pages(service, operation, key, params)

    late = functools.partial(look, deadline=5.0, clock=clock)
    readers = Through(inner=Hangs(answers=answers()))
    found = gather_exposure([group("sg-1")], readers, look=late)
    gate.set()

    assert {} == found.of(group("sg-1"))
    assert "deadline of 5 s" in found.warnings[0]


def test_many_resources_lost_for_one_reason_are_one_sentence():
    reader = CannedReader(answers=answers(interface=denied("DescribeNetworkInterfaces")))

    found = gathered(*(group(f"sg-{number}") for number in range(5)), reader=reader)

    assert ["5 resources"] == [warning[16:27] for warning in found.warnings]


def test_a_name_like_a_groups_id_does_not_speak_for_the_group():
    database = ("aws_db_instance", SCOPE, "sg-1")
    reader = CannedReader(
        answers={
            **answers(),
            "rds.DescribeDBInstances": [
                {"DBInstanceIdentifier": "sg-1", "PubliclyAccessible": False}
            ],
        }
    )

    found = gathered(group("sg-1"), database, reader=reader)

    assert found.of(group("sg-1"))["subnet_public"] is True
    assert {"publicly_accessible": False} == found.of(database)


@pytest.mark.parametrize(
    "kind",
    [
        "aws_security_group_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    ],
)
def test_a_rule_is_exposed_by_its_group(kind: str):
    subject = (kind, SCOPE, "sg-1")
    reader = CannedReader(answers=answers())
    assert 1 == gathered(subject, reader=reader).of(subject)["attached_enis"]


def test_everything_needed_is_a_collection():
    assert {name for needed in NEEDS.values() for name in needed} <= COLLECTIONS.keys()


@dataclass(kw_only=True)
class Recorded:
    """A reader that records the whole list of each bulk call, as the AWS reader does."""

    inner: MotoReader
    recorder: Recorder
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def scope(self) -> Scope:
        return self.inner.scope

    @property
    def partition(self) -> str:
        return "aws"

    def pages(self, service: str, operation: str, key: str, params: Any = None) -> Pages:
        found = self.inner.pages(service, operation, key, params or {})
        data = {key: list(found.items)}
        self.recorder.answer(self.scope, service, operation, params or {}, 200, data)
        return found


def test_a_replay_finds_the_same_exposure(network: Network, tmp_path: Path):
    web = network.group("web")
    network.elastic_address(network.instance(network.public, web)[1])
    recorder = Recorder(tmp_path / "recording", Redactor())
    live = gathered(group(web), reader=Recorded(inner=MotoReader(), recorder=recorder))
    recorder.close()

    again = gather_exposure(
        [group(web)],
        ReplayReaders(tmp_path / "recording"),
        look=functools.partial(look, collections=replayed(COLLECTIONS)),
    )

    assert 1 == live.of(group(web))["public_ips"]
    assert live == again


def test_what_was_not_recorded_is_unknown(network: Network, tmp_path: Path):
    recorder = Recorder(tmp_path / "recording", Redactor())
    gathered(group("sg-1"), reader=Recorded(inner=MotoReader(), recorder=recorder))
    recorder.close()

    found = gather_exposure([group("sg-2")], ReplayReaders(tmp_path / "recording"), look=LOOK)

    assert {} == found.of(group("sg-2"))
    assert "not recorded: ec2.DescribeNetworkInterfaces" in found.warnings[0]
