from __future__ import annotations

import pytest
from botocore.session import Session

from driftguard.live.regions import home_region, is_region, partition_of_arn, partition_of_region

PARTITIONS = ("aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_region_that_botocore_knows_is_one_and_in_its_partition(partition: str) -> None:
    session = Session()
    regions = session.get_available_regions("ec2", partition_name=partition)

    assert regions
    assert [] == [one for one in regions if not is_region(one)]
    assert {partition} == {partition_of_region(one) for one in regions}
    assert home_region(partition) in regions


@pytest.mark.parametrize(
    "name", ["", "global", "eu", "eu-west-1.evil.example", "eu-west-1/", "EU-WEST-1", "eu-west-1\n"]
)
def test_what_is_no_region_never_becomes_part_of_a_host(name: str) -> None:
    assert not is_region(name)


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws-cn:iam::1:role/x", "aws-cn"),
        ("arn:aws:sts::1:x", "aws"),
        ("arn:evil:iam::1:role/x", ""),
        ("arn", ""),
        ("", ""),
    ],
)
def test_an_arn_tells_its_partition(arn: str, partition: str) -> None:
    assert partition == partition_of_arn(arn)
