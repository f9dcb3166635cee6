from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from moto import mock_aws

from driftguard.live.collections.s3_buckets import Buckets
from driftguard.live.reader import Answer, Pages, Wanted
from driftguard.model import Scope, Unreadable
from tests.moto_reader import MotoReader, client

_SCOPE = Scope(account="111122223333", region="global")
_NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(kw_only=True)
class Answers:
    """A reader of canned answers: by operation, then by bucket where they differ."""

    answers: Mapping[str, Answer]
    listed: tuple[Mapping[str, object], ...] = ()
    failure: Unreadable | None = None
    scope: Scope = _SCOPE
    partition: str = "aws"
    params: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...], int | None, str]] = field(default_factory=list)

    def call(self, *_: object, **__: object) -> Answer:
        raise AssertionError

    def pages(
        self, service: str, operation: str, key: str, params: Mapping[str, object] = _NONE
    ) -> Pages:
        return Pages(items=self.listed, failure=self.failure)

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: Collection[str] = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        self.asked.append((operation, tuple(requests), among, region))
        self.params[operation] = list(requests.values())
        return {one: self.answers.get(operation, {}) for one in requests}


def _wanted(*names: str) -> Wanted:
    return Wanted(ids=frozenset(names))


@mock_aws
def test_one_listing_and_one_call_per_part_of_a_declared_bucket():
    s3 = client("s3")
    for number in range(5):
        s3.create_bucket(
            Bucket=f"bucket-{number}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    reader = MotoReader()
    found = Buckets().read(reader, _wanted("bucket-0", "bucket-1"))
    assert len(found.items) == 5
    assert reader.calls.pop("s3.ListBuckets") == 1
    assert set(reader.calls.values()) == {2}
    assert len(reader.calls) == 15


def test_a_bucket_is_asked_in_its_own_region_among_all_that_are_listed():
    reader = Answers(
        answers={},
        listed=(
            {"Name": "a", "BucketRegion": "eu-west-1"},
            {"Name": "b", "BucketRegion": "us-east-1"},
            {"Name": "c", "BucketRegion": "eu-west-1"},
            {"Name": "d"},
        ),
    )
    Buckets().read(reader, _wanted("a", "b", "c"))
    acl = [asked for asked in reader.asked if asked[0] == "GetBucketAcl"]
    assert [
        ("GetBucketAcl", ("a", "c"), 4, "eu-west-1"),
        ("GetBucketAcl", ("b",), 4, "us-east-1"),
    ] == acl


def test_a_part_that_could_not_be_read_is_unread_under_its_key():
    denied = Unreadable(reason="access denied: grant s3:GetBucketPolicy")
    reader = Answers(answers={"GetBucketPolicy": denied}, listed=({"Name": "a"},))
    item = Buckets().read(reader, _wanted("a")).items["a"]
    assert denied == item.unread["Policy"]
    assert "Policy" not in item.raw
    assert "Acl" in item.raw


def test_an_answer_without_its_body_is_unread():
    item = Buckets().read(Answers(answers={}, listed=({"Name": "a"},)), _wanted("a")).items["a"]
    assert {
        "Encryption",
        "ObjectLock",
        "Ownership",
        "Policy",
        "PublicAccessBlock",
        "Replication",
    } == set(item.unread)


def test_a_bucket_deleted_while_it_is_read_is_not_there():
    reader = Answers(answers={"GetBucketVersioning": None}, listed=({"Name": "a"}, {"Name": "b"}))
    found = Buckets().read(reader, _wanted("a"))
    assert (["b"], None) == (list(found.items), found.failure)


def test_a_declared_bucket_that_is_not_listed_and_does_not_exist_is_absent():
    found = Buckets().read(Answers(answers={"HeadBucket": None}), _wanted("gone"))
    assert ({}, None) == (found.items, found.failure)


def test_a_declared_bucket_of_another_account_is_unknown():
    found = Buckets().read(Answers(answers={"HeadBucket": {}}), _wanted("theirs"))
    assert found.items["theirs"].unread["Name"].reason.endswith("another account owns it")


def test_a_declared_bucket_that_may_not_be_asked_for_is_unknown():
    busy = Unreadable(reason="throttled", retryable=True)
    found = Buckets().read(Answers(answers={"HeadBucket": busy}), _wanted("a"))
    assert found.items["a"].unread["Name"].retryable
    assert found.items["a"].unread["Name"].reason.endswith(": throttled")


def test_a_directory_bucket_is_unknown_without_a_call():
    reader = Answers(answers={})
    found = Buckets().read(reader, _wanted("fast--euw1-az1--x-s3"))
    assert ([], 1) == (reader.asked, len(found.items))


def test_a_listing_cut_short_says_nothing_of_the_buckets_not_in_it():
    cut = Unreadable(reason="throttled", retryable=True)
    denied = Unreadable(reason="access denied")
    reader = Answers(answers={"HeadBucket": denied}, listed=({"Name": "a"},), failure=cut)
    found = Buckets().read(reader, _wanted("a", "b"))
    assert (["a"], cut) == (list(found.items), found.failure)


@mock_aws
def test_where_the_list_is_refused_a_declared_bucket_is_read_by_its_name():
    location = {"LocationConstraint": "eu-west-1"}
    for name in ("bucket-0", "bucket-1"):
        client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    reader = MotoReader(broken={"s3.ListBuckets": "AccessDenied"})
    found = Buckets().read(reader, _wanted("bucket-0", "not-there"))
    assert ["bucket-0"] == list(found.items)
    assert "Acl" in found.items["bucket-0"].raw
    assert Unreadable(reason="AccessDenied") == found.failure


def test_a_bucket_read_by_its_name_must_be_the_accounts():
    refused = Unreadable(reason="access denied: grant s3:ListAllMyBuckets")
    reader = Answers(answers={}, failure=refused)
    Buckets().read(reader, _wanted("a"))
    assert ("HeadBucket", ("a",), 2, "") == reader.asked[0]
    assert [{"Bucket": "a", "ExpectedBucketOwner": "111122223333"}] == reader.params["HeadBucket"]
