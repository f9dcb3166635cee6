from __future__ import annotations

import pytest
from botocore.session import Session

from driftguard.live.paging import method_name, paging

SESSION = Session()


def client(service: str) -> object:
    return SESSION.create_client(service, region_name="eu-west-1")


@pytest.mark.usefixtures("bait")
@pytest.mark.parametrize(
    ("service", "operation", "size"),
    [
        ("ec2", "DescribeSecurityGroups", {"MaxResults": 1000}),
        ("ec2", "DescribeVolumes", {"MaxResults": 500}),
        ("iam", "ListRoles", {"MaxItems": 1000}),
        ("kms", "ListResourceTags", {}),  # its model says 1,000, AWS takes 50
        ("rds", "DescribeDBInstances", {}),
        ("s3", "ListBuckets", {"MaxBuckets": 10_000}),
        ("sqs", "ListQueues", {"MaxResults": 1000}),
    ],
)
def test_pages_are_as_big_as_aws_documents(
    service: str, operation: str, size: dict[str, int]
) -> None:
    assert size == paging(client(service), operation).first({})


@pytest.mark.usefixtures("bait")
def test_a_list_goes_on_while_it_has_a_token() -> None:
    found = paging(client("ec2"), "DescribeSecurityGroups")
    other = paging(client("logs"), "ListTagsForResource")

    assert {"NextToken": "b"} == found.following({}, {"NextToken": "b"})
    assert None is found.following({"NextToken": "b"}, {"NextToken": ""})
    assert None is other.following({}, {"tags": {}})


@pytest.mark.usefixtures("bait")
def test_the_last_page_is_where_aws_says_so_whatever_token_it_holds() -> None:
    found = paging(client("iam"), "ListRoles")

    assert None is found.following({}, {"Marker": "x", "IsTruncated": False})
    assert {"Marker": "x"} == found.following({}, {"Marker": "x", "IsTruncated": True})


@pytest.mark.usefixtures("bait")
def test_an_operation_that_does_not_exist_has_no_method() -> None:
    with pytest.raises(KeyError):
        method_name(client("ec2"), "DescribeNothing")
