"""Of a recording without parameters only what it surely says is known; the rest is unread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from driftguard.live.replay import ReplayReaders
from driftguard.model import GLOBAL_REGION, Scope, Unreadable
from tests.live.folders import reader, reason, record


def buckets(*names: str) -> dict[str, Mapping[str, object]]:
    return {name: {"Bucket": name} for name in names}


def test_datetimes_are_decoded_and_metadata_dropped(tmp_path: Path) -> None:
    moment = {"__class__": "datetime", "year": 2020, "month": 12, "day": 22, "hour": 2}
    record(tmp_path, "iam.ListUsers_1", {"Users": [{"At": moment}], "ResponseMetadata": {}})

    assert {"Users": [{"At": datetime(2020, 12, 22, 2, tzinfo=UTC)}]} == reader(tmp_path).call(
        "iam", "ListUsers"
    )


def test_a_call_without_recording_is_not_recorded(tmp_path: Path) -> None:
    record(tmp_path, "iam.ListUsers_1", {"Users": []})
    given = reader(tmp_path)

    assert "not recorded: ec2.DescribeVpcs" == reason(given.call("ec2", "DescribeVpcs"))
    assert "not recorded: ec2.DescribeVpcs" == reason(given.pages("ec2", "DescribeVpcs", "Vpcs"))
    assert "not recorded: s3.GetBucketAcl" == reason(
        given.each("s3", "GetBucketAcl", buckets("a"))["a"]
    )


def test_what_a_list_lacks_is_unknown_since_it_may_be_filtered(tmp_path: Path) -> None:
    record(tmp_path, "ec2.DescribeVpcs_1", {"Vpcs": [{"VpcId": "vpc-1"}]})

    pages = reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")

    assert [{"VpcId": "vpc-1"}] == list(pages.items)
    assert "may have been filtered" in reason(pages)


def test_later_lists_are_of_another_time(tmp_path: Path) -> None:
    for number in (1, 2):
        record(tmp_path, f"ec2.DescribeVpcs_{number}", {"Vpcs": [{"VpcId": f"vpc-{number}"}]})

    pages = reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")

    assert [{"VpcId": "vpc-1"}] == list(pages.items)


@pytest.mark.parametrize(
    ("service", "operation", "key", "more"),
    [
        ("ec2", "DescribeVpcs", "Vpcs", {"NextToken": "t"}),
        ("iam", "ListUsers", "Users", {"IsTruncated": True, "Marker": "m"}),
        ("s3", "ListBuckets", "Buckets", {"ContinuationToken": "c"}),
        ("kms", "ListKeys", "Keys", {"Truncated": True, "NextMarker": "m"}),
        ("logs", "DescribeLogGroups", "logGroups", {"nextToken": "n"}),
        ("nobody", "ListThings", "Things", {"NextToken": "n"}),
    ],
)
def test_pages_are_followed_as_long_as_one_says_so(
    tmp_path: Path, service: str, operation: str, key: str, more: dict[str, object]
) -> None:
    for number in (1, 2, 3, 10):
        rest = more if number < 3 else {}
        record(tmp_path, f"{service}.{operation}_{number}", {key: [{"n": number}], **rest})

    pages = reader(tmp_path).pages(service, operation, key)

    assert [{"n": 1}, {"n": 2}, {"n": 3}] == list(pages.items)


def test_an_unrecorded_next_page_is_said(tmp_path: Path) -> None:
    record(tmp_path, "ec2.DescribeVpcs_1", {"Vpcs": [{"VpcId": "v"}], "NextToken": "t"})

    pages = reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")

    assert "not recorded: the next page of ec2.DescribeVpcs" == reason(pages)


def test_plain_strings_come_under_the_empty_key(tmp_path: Path) -> None:
    record(tmp_path, "sqs.ListQueues_1", {"QueueUrls": ["https://q"]})

    assert [{"": "https://q"}] == list(
        reader(tmp_path).pages("sqs", "ListQueues", "QueueUrls").items
    )


@pytest.mark.parametrize(
    ("label", "service", "operation", "key"),
    [
        ("monitoring", "cloudwatch", "DescribeAlarms", "MetricAlarms"),
        ("tagging", "resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList"),
        ("elasticfilesystem", "efs", "DescribeFileSystems", "FileSystems"),
        ("email", "ses", "ListIdentities", "Identities"),
        ("s3-control", "s3control", "ListJobs", "Jobs"),
    ],
)
def test_services_go_by_their_endpoint_prefix(
    tmp_path: Path, label: str, service: str, operation: str, key: str
) -> None:
    record(tmp_path, f"{label}.{operation}_1", {key: [{"n": 1}]})

    assert [{"n": 1}] == list(reader(tmp_path).pages(service, operation, key).items)


def test_a_service_of_the_same_prefix_is_another(tmp_path: Path) -> None:
    prefix = "elasticloadbalancing.DescribeLoadBalancers"
    record(tmp_path, f"{prefix}_1", {"LoadBalancerDescriptions": [{"n": 1}]})
    record(tmp_path, f"{prefix}_2", {"LoadBalancers": [{"n": 2}]})

    pages = reader(tmp_path).pages("elbv2", "DescribeLoadBalancers", "LoadBalancers")

    assert [{"n": 2}] == list(pages.items)


def test_a_refused_list_is_unread(tmp_path: Path) -> None:
    error = {"Error": {"Code": "UnauthorizedOperation", "Message": "secret words"}}
    record(tmp_path, "ec2.DescribeVpcs_1", error, 403)

    assert "ec2:DescribeVpcs" in reason(reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs"))


def test_every_scope_is_served_alike(tmp_path: Path) -> None:
    record(tmp_path, "iam.ListUsers_1", {"Users": []})
    other = Scope(account="", region=GLOBAL_REGION)

    assert {"Users": []} == reader(tmp_path, other).call("iam", "ListUsers")


def test_an_answer_serves_the_resource_it_names(tmp_path: Path) -> None:
    for number, one in enumerate(("i-1", "i-2"), start=1):
        data = {"InstanceId": one, "DisableApiStop": {"Value": one == "i-2"}}
        record(tmp_path, f"ec2.DescribeInstanceAttribute_{number}", data)
    requests = {
        one: {"InstanceId": one, "Attribute": "disableApiStop"} for one in ("i-2", "i-1", "i-3")
    }

    found = reader(tmp_path).each("ec2", "DescribeInstanceAttribute", requests)

    assert {"InstanceId": "i-1", "DisableApiStop": {"Value": False}} == found["i-1"]
    assert {"InstanceId": "i-2", "DisableApiStop": {"Value": True}} == found["i-2"]
    assert "no answer" in reason(found["i-3"])


def test_an_answer_about_another_attribute_does_not_serve(tmp_path: Path) -> None:
    data = {"InstanceId": "i-1", "DisableApiStop": {"Value": True}}
    record(tmp_path, "ec2.DescribeInstanceAttribute_1", data)
    requests = {"i-1": {"InstanceId": "i-1", "Attribute": "userData"}}

    found = reader(tmp_path).each("ec2", "DescribeInstanceAttribute", requests)

    assert "no answer" in reason(found["i-1"])


def test_an_error_body_names_its_bucket(tmp_path: Path) -> None:
    error = {"Error": {"Code": "NoSuchBucketPolicy", "BucketName": "a"}}
    record(tmp_path, "s3.GetBucketPolicy_1", error, 404)
    absent = {"NoSuchBucketPolicy"}

    found = reader(tmp_path).each(
        "s3", "GetBucketPolicy", buckets("a", "b"), absent=absent, among=2
    )

    assert found["a"] is None
    assert "no answer" in reason(found["b"])


def test_an_error_message_names_its_role_as_a_whole_word(tmp_path: Path) -> None:
    error = {"Code": "NoSuchEntity", "Message": "The role with name app-web cannot be found."}
    record(tmp_path, "iam.GetRole_1", {"Error": error}, 404)
    requests = {name: {"RoleName": name} for name in ("app", "app-web")}

    found = reader(tmp_path).each("iam", "GetRole", requests, absent={"NoSuchEntity"})

    assert found["app-web"] is None
    assert isinstance(found["app"], Unreadable)


def test_a_bucket_policy_names_its_bucket_by_its_resources(tmp_path: Path) -> None:
    policy = {"Statement": [{"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}]}
    record(tmp_path, "s3.GetBucketPolicy_1", {"Policy": json.dumps(policy)})

    found = reader(tmp_path).each("s3", "GetBucketPolicy", buckets("a", "b"), among=2)

    assert {"Policy": json.dumps(policy)} == found["b"]
    assert isinstance(found["a"], Unreadable)


def test_a_mere_reference_names_nobody(tmp_path: Path) -> None:
    data = {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}
    record(tmp_path, "s3.GetBucketLogging_1", data)

    found = reader(tmp_path).each("s3", "GetBucketLogging", buckets("logs", "app"), among=2)

    assert "doesn't say which resource" in reason(found["logs"])
    assert "doesn't say which resource" in reason(found["app"])


def test_without_a_name_it_serves_the_only_one_who_could_ask(tmp_path: Path) -> None:
    for number in (1, 2):
        record(tmp_path, f"s3.GetBucketTagging_{number}", {"TagSet": [{"Key": str(number)}]})

    found = reader(tmp_path).each("s3", "GetBucketTagging", buckets("a"), among=1)

    assert {"TagSet": [{"Key": "1"}]} == found["a"]


def test_one_of_several_buckets_is_not_the_only_one_who_could_ask(tmp_path: Path) -> None:
    record(tmp_path, "s3.GetBucketTagging_1", {"TagSet": []})

    found = reader(tmp_path).each("s3", "GetBucketTagging", buckets("a"), among=2)

    assert isinstance(found["a"], Unreadable)


def test_the_only_one_is_not_served_with_what_names_another(tmp_path: Path) -> None:
    record(tmp_path, "iam.GetRole_1", {"Role": {"RoleName": "b", "Arn": "arn:aws:iam::1:r/b"}})

    found = reader(tmp_path).each("iam", "GetRole", {"a": {"RoleName": "a"}})

    assert isinstance(found["a"], Unreadable)


def test_a_later_answer_about_the_same_resource_never_serves(tmp_path: Path) -> None:
    for number in (1, 2):
        attributes = {"QueueArn": "arn:aws:sqs:eu-west-1:1:q", "DelaySeconds": str(number)}
        record(tmp_path, f"sqs.GetQueueAttributes_{number}", {"Attributes": attributes})
    request = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/q", "AttributeNames": ["All"]}

    found = reader(tmp_path).each("sqs", "GetQueueAttributes", {"q": request}, among=3)

    answer = found["q"]
    assert isinstance(answer, Mapping)
    assert {"QueueArn": "arn:aws:sqs:eu-west-1:1:q", "DelaySeconds": "1"} == answer["Attributes"]


def test_a_part_of_the_attributes_does_not_serve_for_all(tmp_path: Path) -> None:
    record(tmp_path, "sqs.GetQueueAttributes_1", {"Attributes": {"Policy": "{}"}})
    request = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/q", "AttributeNames": ["All"]}

    found = reader(tmp_path).each("sqs", "GetQueueAttributes", {"q": request})

    assert isinstance(found["q"], Unreadable)


def test_a_named_answer_after_a_change_is_not_taken_for_the_first(tmp_path: Path) -> None:
    error = {"Error": {"Code": "NoSuchTagSet", "BucketName": "a"}}
    record(tmp_path, "s3.GetBucketTagging_1", {"TagSet": []})
    record(tmp_path, "s3.GetBucketTagging_2", {"TagSet": []})
    record(tmp_path, "s3.GetBucketTagging_3", error, 404)
    absent = {"NoSuchTagSet"}

    two = reader(tmp_path).each("s3", "GetBucketTagging", buckets("a", "b"), absent=absent, among=2)
    three = reader(tmp_path).each(
        "s3", "GetBucketTagging", buckets("a", "b", "c"), absent=absent, among=3
    )

    assert isinstance(two["a"], Unreadable)
    assert three["a"] is None


def test_a_bare_name_and_an_arn_with_a_path_are_the_same(tmp_path: Path) -> None:
    policy = {"Policy": {"Arn": "arn:aws:iam::1:policy/team/p", "PolicyName": "p"}}
    record(tmp_path, "iam.GetPolicy_1", policy)

    found = reader(tmp_path).each(
        "iam",
        "GetPolicy",
        {
            "p": {"PolicyArn": "arn:aws:iam::1:policy/team/p"},
            "q": {"PolicyArn": "arn:aws:iam::1:policy/p"},
        },
    )

    assert policy == found["p"]
    assert isinstance(found["q"], Unreadable)


def test_two_parameters_must_both_be_named(tmp_path: Path) -> None:
    data = {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"}
    record(tmp_path, "iam.GetRolePolicy_1", data)
    requests = {name: {"RoleName": "r", "PolicyName": name} for name in ("p", "q")}

    found = reader(tmp_path).each("iam", "GetRolePolicy", requests)

    assert data == found["p"]
    assert isinstance(found["q"], Unreadable)


def test_a_call_about_one_resource_is_served_by_its_name_alone(tmp_path: Path) -> None:
    record(tmp_path, "iam.GetRole_1", {"Role": {"RoleName": "a"}})
    record(tmp_path, "kms.GetKeyRotationStatus_1", {"KeyRotationEnabled": True})
    given = reader(tmp_path)

    assert {"Role": {"RoleName": "a"}} == given.call("iam", "GetRole", {"RoleName": "a"})
    assert isinstance(given.call("iam", "GetRole", {"RoleName": "b"}), Unreadable)
    assert isinstance(given.call("kms", "GetKeyRotationStatus", {"KeyId": "k"}), Unreadable)


def test_a_call_about_the_account_needs_no_name(tmp_path: Path) -> None:
    block = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
    record(tmp_path, "s3-control.GetPublicAccessBlock_1", block)

    assert block == reader(tmp_path).call(
        "s3control", "GetPublicAccessBlock", {"AccountId": "123456789012"}
    )


def test_a_malformed_file_may_be_anybodys(tmp_path: Path) -> None:
    (tmp_path / "s3.GetBucketAcl_1.json").write_text("{")

    found = reader(tmp_path).each("s3", "GetBucketAcl", buckets("a"))

    assert "malformed" in reason(found["a"])


def test_the_account_of_a_foreign_recording_is_unknown(tmp_path: Path) -> None:
    record(tmp_path, "iam.ListUsers_1", {"Users": []})

    assert isinstance(ReplayReaders(tmp_path).default_account(), Unreadable)


def test_an_absence_after_a_recorded_deletion_is_unknown(tmp_path: Path) -> None:
    error = {"Code": "NoSuchEntity", "Message": "The role with name a cannot be found."}
    record(tmp_path, "iam.GetRole_1", {"Error": error}, 404)
    record(tmp_path, "iam.DeleteRole_1", {"Error": error}, 404)
    asked = {"a": {"RoleName": "a"}}
    absent = {"NoSuchEntity"}

    refused = reader(tmp_path).each("iam", "GetRole", asked, absent=absent)
    record(tmp_path, "iam.DeleteRole_2", {})
    done = reader(tmp_path).each("iam", "GetRole", asked, absent=absent)

    assert refused["a"] is None
    assert "the recording deletes it" in reason(done["a"])
