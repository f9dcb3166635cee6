from moto import mock_aws

from driftguard.model import Unreadable
from tests.moto_reader import MotoReader, client


@mock_aws
def test_reads_a_bulk_call_to_its_end():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    found = MotoReader().pages("ec2", "DescribeVpcs", "Vpcs")
    assert found.failure is None
    assert vpc in [one["VpcId"] for one in found.items]


@mock_aws
def test_plain_strings_come_under_the_empty_key():
    url = client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    assert [{"": url}] == MotoReader().pages("sqs", "ListQueues", "QueueUrls").items


@mock_aws
def test_a_refusal_is_a_value():
    reader = MotoReader(broken={"ec2.DescribeVpcs": "UnauthorizedOperation"})
    assert Unreadable(reason="UnauthorizedOperation") == reader.call("ec2", "DescribeVpcs")
    assert reader.pages("ec2", "DescribeVpcs", "Vpcs").failure == Unreadable(
        reason="UnauthorizedOperation"
    )


@mock_aws
def test_a_code_for_nothing_there_is_none():
    answer = MotoReader().call(
        "s3", "GetBucketPolicy", {"Bucket": "nobodys"}, absent=("NoSuchBucket",)
    )
    assert answer is None
