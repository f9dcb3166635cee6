from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from driftguard.live.access import AwsOptions
from driftguard.live.bucket import RATES
from driftguard.live.look import look
from driftguard.live.reader import Reader
from driftguard.live.session import AwsReaders
from driftguard.model import Absent, Item, Scope, Unreadable
from tests.live.clocks import FakeClock
from tests.live.stub import (
    ACCOUNT,
    ARN,
    NO_RULES,
    Answer,
    Reply,
    Request,
    Stub,
    ec2_error,
    group_page,
    stubbed,
    xml,
)

pytestmark = pytest.mark.usefixtures("bait")

SCOPE = Scope(account=ACCOUNT, region="eu-west-1")
GROUPS = "ec2.security_groups"


def readers_of(stub: Stub, **options: float) -> AwsReaders:
    quick = {"connect_timeout": 2.0, "read_timeout": 0.5, "max_attempts": 1, **options}
    return AwsReaders(options=AwsOptions(endpoint_url=stub.url, **quick))  # type: ignore[arg-type]


def reader_of(readers: AwsReaders, scope: Scope = SCOPE) -> Reader:
    reader = readers.reader(scope)
    assert not isinstance(reader, Unreadable), reader
    return reader


DENIAL = f"User: {ARN} is not authorized to perform: ec2:DescribeSecurityGroups"

BAD_DAYS: dict[str, tuple[Reply, str, bool]] = {
    "throttled": (ec2_error(503, "RequestLimitExceeded"), "AWS throttled", True),
    "too many requests": (ec2_error(429, "Nameless"), "AWS throttled", True),
    "denied": (ec2_error(403, "UnauthorizedOperation", DENIAL), "grant ec2:DescribeSec", False),
    "denied by a policy": (
        ec2_error(403, "UnauthorizedOperation", f"{DENIAL} with an explicit deny in a policy"),
        "denies ec2:DescribeSecurityGroups in eu-west-1 to the scan explicitly",
        False,
    ),
    "expired": (ec2_error(400, "RequestExpired"), "the AWS credentials have expired", False),
    "region disabled": (ec2_error(401, "AuthFailure"), "the region may be disabled", False),
    "not opted in": (ec2_error(401, "OptInRequired"), "the region may be disabled", False),
    "HTTP 500": (ec2_error(500, "InternalError"), "AWS failed to answer", True),
    "HTTP 500 without words": (Reply(status=500), "AWS failed to answer", True),
    "HTTP 502 of a proxy": (
        Reply(status=502, body=b"<html><body>Bad gateway</body></html>"),
        "AWS failed to answer",
        True,
    ),
    "HTML": (Reply(body=b"<!doctype html><p>Sign in"), "is malformed: it is not XML", True),
    "XHTML": (Reply(body=b"<html><body/></html>"), "it is some other document", True),
    "another answer": (xml("DescribeVpcs"), "it has no SecurityGroups", True),
    "cut off XML": (Reply(body=b"<DescribeSecurityGroupsResponse><sec"), "is malformed", True),
    "garbage": (Reply(body=b"\x00\xff\x1b[31m"), "it is not XML", True),
    "nothing": (Reply(body=b""), "it is not XML", True),
    "closed": (Reply(closes=True), "the connection broke off", True),
    "hanging": (Reply(hangs=True), "did not answer in time", True),
    "unknown code": (ec2_error(400, "InvalidParameterValue"), "AWS refused", False),
    "a hostile code": (ec2_error(400, "\u202ejane bait"), "AWS refused", False),
    "another status": (Reply(status=302), "is malformed", True),
}


@pytest.mark.parametrize("day", BAD_DAYS)
def test_every_failure_is_unreadable_with_its_sentence_and_never_an_empty_list(day: str) -> None:
    reply, sentence, retryable = BAD_DAYS[day]
    with stubbed(DescribeSecurityGroups=reply, DescribeSecurityGroupRules=NO_RULES) as stub:
        view = look({(GROUPS, SCOPE): frozenset({"sg-1"})}, readers_of(stub))

    found = view.find(GROUPS, SCOPE, "sg-1")
    assert isinstance(found, Unreadable)
    assert found == view.listing(GROUPS, SCOPE).failure
    assert sentence in found.reason
    assert retryable == found.retryable
    assert "jane" not in found.reason
    assert found.reason.isprintable()


JSON_BAD_DAYS = {
    "garbage": (b"no JSON", "it is not JSON"),
    "cut off": (b'{"logGroups": [', "it is not JSON"),
    "a list": (b"[]", "it is not a JSON object"),
    "a gateway's words": (b'{"message": "unavailable"}', "it has no logGroups"),
    "nothing": (b"", "it is not JSON"),
    "null": (b'{"logGroups": null}', "it has no logGroups"),
    "too deep": (b"[" * 100_000, "it is not JSON"),
}


@pytest.mark.parametrize("day", JSON_BAD_DAYS)
def test_json_that_is_no_answer_is_never_an_empty_list(day: str) -> None:
    body, sentence = JSON_BAD_DAYS[day]
    with stubbed(DescribeLogGroups=Reply(body=body)) as stub:
        pages = reader_of(readers_of(stub)).pages("logs", "DescribeLogGroups", "logGroups")

    assert not pages.items
    assert pages.failure is not None
    assert sentence in pages.failure.reason


def test_json_of_another_shape_is_malformed() -> None:
    with stubbed(DescribeLogGroups=Reply(body=b'{"logGroups": {"a": 1}}')) as stub:
        pages = reader_of(readers_of(stub)).pages("logs", "DescribeLogGroups", "logGroups")

    assert pages.failure is not None


@pytest.mark.parametrize(
    "body", [b"", b"<html/>", b"<Error><Code>SlowDown</Code></Error>", b"words"]
)
def test_a_bucket_without_versioning_is_not_one_whose_answer_is_lost(body: bytes) -> None:
    answers: Mapping[str, Answer] = {"GET /bucket?versioning": Reply(body=body)}
    with stubbed(**answers) as stub:
        answer = reader_of(readers_of(stub)).call("s3", "GetBucketVersioning", {"Bucket": "bucket"})

    assert isinstance(answer, Unreadable)


def test_a_bucket_without_versioning_answers_an_empty_document() -> None:
    reply = Reply(body=b'<?xml version="1.0"?>\n<VersioningConfiguration xmlns="urn:s3"/>')
    answers: Mapping[str, Answer] = {"GET /bucket?versioning": reply}
    with stubbed(**answers) as stub:
        answer = reader_of(readers_of(stub)).call("s3", "GetBucketVersioning", {"Bucket": "bucket"})

    assert {} == answer


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid"])
def test_a_dead_endpoint_is_unreadable(url: str) -> None:
    readers = AwsReaders(options=AwsOptions(endpoint_url=url, max_attempts=1))

    found = look({(GROUPS, SCOPE): frozenset()}, readers).find(GROUPS, SCOPE, "sg-1")

    assert isinstance(found, Unreadable)
    assert "the endpoint of sts can't be reached" in found.reason


def test_pages_that_break_off_keep_what_came() -> None:
    def groups(request: Request) -> Reply:
        if "NextToken" in request.fields:
            return ec2_error(503, "RequestLimitExceeded")
        return group_page("sg-1", token="more")

    with stubbed(DescribeSecurityGroups=groups, DescribeSecurityGroupRules=NO_RULES) as stub:
        view = look({(GROUPS, SCOPE): frozenset()}, readers_of(stub))

    assert isinstance(view.find(GROUPS, SCOPE, "sg-1"), Item)
    assert isinstance(view.find(GROUPS, SCOPE, "sg-2"), Unreadable)


def test_all_pages_make_one_list_and_ask_for_big_ones() -> None:
    def groups(request: Request) -> Reply:
        if request.fields.get("NextToken") == "more":
            return group_page("sg-2")
        return group_page("sg-1", token="more")

    with stubbed(DescribeSecurityGroups=groups, DescribeSecurityGroupRules=NO_RULES) as stub:
        view = look({(GROUPS, SCOPE): frozenset()}, readers_of(stub))

    assert ["sg-1", "sg-2"] == list(view.listing(GROUPS, SCOPE).items)
    assert isinstance(view.find(GROUPS, SCOPE, "sg-3"), Absent)
    assert {"1000"} == {
        one.fields["MaxResults"] for one in stub.asked if one.operation.endswith("Groups")
    }


def test_ids_are_asked_for_without_a_page_size() -> None:
    with stubbed(DescribeSecurityGroups=group_page("sg-1")) as stub:
        reader_of(readers_of(stub)).pages(
            "ec2", "DescribeSecurityGroups", "SecurityGroups", {"GroupIds": ["sg-1"]}
        )

    assert "MaxResults" not in stub.asked[-1].fields


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"]])
def test_a_list_that_comes_round_again_is_given_up(tokens: list[str]) -> None:
    def groups(request: Request) -> Reply:
        before = request.fields.get("NextToken", tokens[-1])
        return group_page("sg-1", token=tokens[(tokens.index(before) + 1) % len(tokens)])

    with stubbed(DescribeSecurityGroups=groups) as stub:
        pages = reader_of(readers_of(stub)).pages("ec2", "DescribeSecurityGroups", "SecurityGroups")

    assert pages.failure is not None
    assert "its list does not end" in pages.failure.reason
    assert len(tokens) + 1 == len(pages.items)


def test_a_list_that_never_ends_is_given_up() -> None:
    def groups(request: Request) -> Reply:
        return group_page("sg-1", token=request.fields.get("NextToken", "") + "x")

    with stubbed(DescribeSecurityGroups=groups) as stub:
        readers = readers_of(stub, max_pages=5)
        pages = reader_of(readers).pages("ec2", "DescribeSecurityGroups", "SecurityGroups")

    assert pages.failure is not None
    assert {"GetCallerIdentity": 1, "DescribeSecurityGroups": 5} == stub.count()


def test_queues_come_as_objects_and_none_at_all_is_an_answer() -> None:
    def queues(request: Request) -> Reply:
        return Reply(body=json.dumps(urls).encode())

    with stubbed(ListQueues=queues) as stub:
        reader = reader_of(readers_of(stub))
        urls: dict[str, list[str]] = {"QueueUrls": ["https://sqs/1/a"]}
        some = reader.pages("sqs", "ListQueues", "QueueUrls")
        urls = {}
        none = reader.pages("sqs", "ListQueues", "QueueUrls")

    assert [{"": "https://sqs/1/a"}] == some.items
    assert ([], None) == (none.items, none.failure)


def test_absent_codes_mean_that_there_is_none() -> None:
    with stubbed(GetAccountPasswordPolicy=ec2_error(404, "NoSuchEntity")) as stub:
        reader = reader_of(readers_of(stub))
        answer = reader.call("ec2", "DescribeVpcs", absent=("NoSuchEntity",))
        stub.answers["DescribeVpcs"] = ec2_error(400, "NoSuchEntity")
        absent = reader.call("ec2", "DescribeVpcs", absent=("NoSuchEntity",))
        refused = reader.call("ec2", "DescribeVpcs")

    assert isinstance(answer, Unreadable)
    assert absent is None
    assert isinstance(refused, Unreadable)


def test_each_answers_in_the_order_of_the_requests() -> None:
    def attributes(request: Request) -> Reply:
        if request.fields["VpcId"] == "vpc-7":
            return ec2_error(403, "UnauthorizedOperation")
        return xml("DescribeVpcAttribute", f"<vpcId>{request.fields['VpcId']}</vpcId>")

    ids = [f"vpc-{number}" for number in range(30)]
    with stubbed(DescribeVpcAttribute=attributes) as stub:
        answers = reader_of(readers_of(stub)).each(
            "ec2",
            "DescribeVpcAttribute",
            {one: {"VpcId": one, "Attribute": "enableDnsSupport"} for one in ids},
        )

    assert ids == list(answers)
    assert isinstance(answers["vpc-7"], Unreadable)
    assert {"VpcId": "vpc-8"} == answers["vpc-8"]


def test_another_region_is_asked_in_that_region_and_no_other_host() -> None:
    with stubbed(DescribeVpcs=xml("DescribeVpcs", "<vpcSet/>")) as stub:
        reader = reader_of(readers_of(stub))
        answer = reader.call("ec2", "DescribeVpcs", region="ap-south-1")
        nowhere = reader.call("ec2", "DescribeVpcs", region="evil.example/#")

    assert {"Vpcs": []} == answer
    assert "ap-south-1" == stub.asked[-1].region
    assert isinstance(nowhere, Unreadable)


def test_an_operation_or_parameter_that_does_not_exist_is_unreadable() -> None:
    with stubbed() as stub:
        reader = reader_of(readers_of(stub))
        answers = [
            reader.call("ec2", "DescribeNothing"),
            reader.call("nothing", "DescribeVpcs"),
            reader.call("ec2", "DescribeVpcs", {"Nothing": 1}),
        ]

    assert [True, True, True] == [isinstance(one, Unreadable) for one in answers]


def test_account_settings_of_s3_are_asked_at_the_endpoint_itself() -> None:
    path = "GET /v20180820/configuration/publicAccessBlock?"
    body = b"<PublicAccessBlockConfiguration/>"
    answers: Mapping[str, Answer] = {path: Reply(body=body)}
    with stubbed(**answers) as stub:
        answer = reader_of(readers_of(stub)).call(
            "s3control", "GetPublicAccessBlock", {"AccountId": ACCOUNT}
        )

    assert {"PublicAccessBlockConfiguration": {}} == answer


def test_every_attempt_is_counted_with_its_result() -> None:
    replies = iter([ec2_error(503, "RequestLimitExceeded"), xml("DescribeVpcs", "<vpcSet/>")])
    with stubbed(DescribeVpcs=lambda request: next(replies)) as stub:
        readers = readers_of(stub, max_attempts=2)
        reader_of(readers).call("ec2", "DescribeVpcs")

    assert {
        ("sts", "GetCallerIdentity", "ok"): 1,
        ("ec2", "DescribeVpcs", "throttled"): 1,
        ("ec2", "DescribeVpcs", "ok"): 1,
    } == readers.calls.counts()
    assert 3 == readers.calls.total()


def test_requests_wait_for_the_bucket() -> None:
    clock = FakeClock()
    with stubbed(DescribeVpcs=xml("DescribeVpcs", "<vpcSet/>")) as stub:
        options = AwsOptions(endpoint_url=stub.url, calls_per_second=1.0)
        reader = reader_of(AwsReaders(options=options, clock=clock))
        for _ in range(4):
            reader.call("ec2", "DescribeVpcs")

    assert [1.0, 1.0, 1.0] == clock.slept


def test_a_throttled_bucket_goes_slower() -> None:
    clock = FakeClock()
    with stubbed(DescribeVpcs=ec2_error(503, "RequestLimitExceeded")) as stub:
        options = AwsOptions(endpoint_url=stub.url, max_attempts=1)
        reader = reader_of(AwsReaders(options=options, clock=clock))
        reader.call("ec2", "DescribeVpcs")
        assert [] == clock.slept
        reader.call("ec2", "DescribeVpcs")

    assert [pytest.approx(2 / RATES["ec2"].per_second)] == clock.slept  # half the rate


def test_what_the_fake_aws_does_not_know_is_unreadable(moto_url: str) -> None:
    readers = AwsReaders(options=AwsOptions(endpoint_url=moto_url, max_attempts=1))
    account = readers.default_account()
    assert isinstance(account, str)
    reader = reader_of(readers, Scope(account=account, region="eu-west-1"))

    trails = reader.pages("cloudtrail", "LookupEvents", "Events")
    things = reader.pages(
        "cloudcontrol", "ListResources", "ResourceDescriptions", {"TypeName": "AWS::SQS::Queue"}
    )

    assert trails.failure is not None
    assert things.failure is not None


def test_groups_of_three_regions_take_two_calls_each(moto_url: str) -> None:
    readers = AwsReaders(options=AwsOptions(endpoint_url=moto_url))
    account = readers.default_account()
    assert isinstance(account, str)
    regions = ("eu-west-1", "eu-west-2", "us-east-1")

    look({(GROUPS, Scope(account=account, region=one)): frozenset() for one in regions}, readers)

    assert {
        ("sts", "GetCallerIdentity", "ok"): 1,
        ("ec2", "DescribeSecurityGroups", "ok"): 3,
        ("ec2", "DescribeSecurityGroupRules", "ok"): 3,
    } == readers.calls.counts()


def test_nothing_is_asked_after_the_end() -> None:
    with stubbed(DescribeVpcs=xml("DescribeVpcs", "<vpcSet/>")) as stub:
        readers = readers_of(stub)
        reader = reader_of(readers)
        readers.close()
        answer = reader.call("ec2", "DescribeVpcs")

    assert isinstance(answer, Unreadable)
    assert "the scan ended before" in answer.reason
    assert {"GetCallerIdentity": 1} == stub.count()


class Kept:
    """A recorder that keeps."""

    def __init__(self) -> None:
        self.answers: list[tuple[Scope, str, str, Mapping[str, object], int, object]] = []

    def answer(
        self,
        scope: Scope,
        service: str,
        operation: str,
        params: Mapping[str, object],
        status_code: int,
        data: Mapping[str, object],
    ) -> None:
        self.answers.append((scope, service, operation, params, status_code, data))


def test_every_page_and_every_error_is_recorded_without_names() -> None:
    def groups(request: Request) -> Reply:
        if "NextToken" in request.fields:
            return ec2_error(403, "UnauthorizedOperation", DENIAL)
        return group_page("sg-1", token="more")

    kept = Kept()
    with stubbed(DescribeSecurityGroups=groups) as stub:
        options = AwsOptions(endpoint_url=stub.url, max_attempts=1)
        readers = AwsReaders(options=options, recorder=kept)
        account = readers.default_account()
        reader_of(readers).pages("ec2", "DescribeSecurityGroups", "SecurityGroups")

    assert ACCOUNT == account
    asked = ("ec2", "DescribeSecurityGroups")
    home = Scope(account=ACCOUNT, region="us-east-1")
    first = {"SecurityGroups": [{"GroupId": "sg-1"}], "NextToken": "more"}
    denied = {"Error": {"Code": "UnauthorizedOperation"}}
    assert [
        (home, "sts", "GetCallerIdentity", {}, 200, {"Account": ACCOUNT}),
        (SCOPE, *asked, {"MaxResults": 1000}, 200, first),
        (SCOPE, *asked, {"MaxResults": 1000, "NextToken": "more"}, 403, denied),
    ] == kept.answers
