"""States in S3, over a fake AWS."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from moto import mock_aws

from driftguard.clock import SystemClock
from driftguard.declared.places import PlaceAccess, PlaceOptions, read_places
from driftguard.declared.s3_failures import failure
from driftguard.model import Stack
from driftguard.redact import Redactor


def state(name):
    one = {"mode": "managed", "type": "aws_vpc", "name": name, "provider": "p"}
    one["instances"] = [{"attributes": {"id": f"vpc-{name}"}}]
    return json.dumps({"version": 4, "serial": 1, "resources": [one]}).encode()


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture
def bucket():
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="states")
        s3.put_bucket_versioning(Bucket="states", VersioningConfiguration={"Status": "Enabled"})
        yield s3


def read(*places, options=None):
    stack = Stack(name="s", places=places)
    return read_places([stack], options or PlaceOptions(), Redactor(), SystemClock())


def names(found):
    return [one.address.name for one in found.resources]


def test_an_object_is_read(bucket):
    bucket.put_object(Bucket="states", Key="env/prod?x.tfstate", Body=state("a"))
    found = read("s3://states/env/prod?x.tfstate")
    assert names(found) == ["a"]
    assert found.resources[0].provenance.place == "s3://states/env/prod?x.tfstate"


def test_a_version_is_read(bucket):
    old = bucket.put_object(Bucket="states", Key="a", Body=state("old"))["VersionId"]
    bucket.put_object(Bucket="states", Key="a", Body=state("new"))
    assert names(read("s3://states/a")) == ["new"]
    assert names(read(f"s3://states/a?versionId={old}")) == ["old"]


def test_all_states_below_a_prefix_are_read(bucket):
    for key in ("p/a.tfstate", "p/q/b.tfstate", "p/a.tfstate.backup", "other/c.tfstate", "p/x"):
        bucket.put_object(Bucket="states", Key=key, Body=state(key.replace("/", "-")[:6]))
    assert names(read("s3://states/p/")) == ["p-a.tf", "p-q-b."]
    assert len(names(read("s3://states"))) == 3


def test_a_role_is_assumed_with_its_external_id(bucket):
    bucket.put_object(Bucket="states", Key="a", Body=state("a"))
    access = PlaceAccess(role_arn="arn:aws:iam::123456789012:role/reader", external_id="shop-7")
    assert names(read("s3://states/a", options=PlaceOptions(access_by_stack={"s": access}))) == [
        "a"
    ]


def test_each_trouble_is_a_problem_and_hides_no_other(bucket):
    bucket.put_object(Bucket="states", Key="p/a.tfstate", Body=state("a"))
    bucket.put_object(Bucket="states", Key="p/b.tfstate", Body=b"<html>")
    bucket.put_object(Bucket="states", Key="big", Body=b"x" * 2_000)
    found = read(
        "s3://states/none", "s3://nowhere-at-all/x", "s3://states/empty/", "s3://", "s3://states/big",
        "s3://states/p/", options=PlaceOptions(max_bytes=1_000),
    )  # fmt: skip
    assert names(found) == ["a"]
    for said, problem in zip(
        ["no such object", "no such bucket", "holds no state", "names no bucket", "larger than",
         "p/b.tfstate is a web page"],
        found.problems,
        strict=True,
    ):  # fmt: skip
        assert said in problem


def test_too_many_states_are_probably_the_wrong_prefix(bucket):
    for number in range(3):
        bucket.put_object(Bucket="states", Key=f"{number}.tfstate", Body=state("a"))
    found = read("s3://states/", options=PlaceOptions(max_states=2))
    assert "more than 2 states" in found.problems[0]


def test_an_unknown_profile_is_told():
    options = PlaceOptions(access=PlaceAccess(profile="nobody"))
    assert "profile" in read("s3://states/a", options=options).problems[0]


def test_a_dead_endpoint_is_told():
    options = PlaceOptions(endpoint_url="http://127.0.0.1:9", connect_timeout=0.2)
    found = read("s3://states/a", options=options)
    assert "did not answer" in found.problems[0]


def refused(code, message="", headers=None):
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPHeaders": headers or {}},
    }
    return ClientError(answer, "GetObject")


GET = "s3:GetObject"
IN_PARIS = {"x-amz-bucket-region": "eu-west-3"}


@pytest.mark.parametrize(
    ("error", "action", "said"),
    [
        (refused("AccessDenied", "Access Denied"), GET, "Grant s3:GetObject (and s3:ListBucket"),
        (refused("AccessDenied"), "s3:ListBucket", "Grant s3:ListBucket."),
        (refused("AccessDenied"), "s3:GetObjectVersion", "Grant s3:GetObjectVersion."),
        (refused("AccessDenied"), "sts:AssumeRole", "may not be assumed"),
        (refused("AccessDenied", "to perform: kms:Decrypt"), GET, "Grant kms:Decrypt"),
        (refused("KMS.DisabledException", "key is disabled"), GET, "KMS key is disabled"),
        (
            refused("PermanentRedirect", headers={"x-amz-bucket-region": "eu-west-3"}),
            GET,
            "eu-west-3",
        ),
        (refused("ExpiredToken"), GET, "expired"),
        (refused("NoSuchVersion"), GET, "no such version"),
        (refused("SlowDown"), GET, "slow down"),
        (refused("Odd"), GET, "AWS answered Odd"),
        (exceptions.NoCredentialsError(), GET, "no AWS credentials"),
        (exceptions.ReadTimeoutError(endpoint_url="x"), GET, "did not answer"),
        (exceptions.ParamValidationError(report="x"), GET, "not as AWS allows"),
    ],
)
def test_each_failure_has_its_sentence(error, action, said):
    told = str(failure(error, "s3://b/k", action))
    assert told.startswith("s3://b/k ")
    assert said in told


def test_a_glob_is_read(bucket):
    for key in ("p/a/x.tfstate", "p/b/x.tfstate", "p/b/c/x.tfstate", "p/b/y.tfstate"):
        bucket.put_object(Bucket="states", Key=key, Body=state(key.replace("/", "-")[:6]))
    assert names(read("s3://states/p/*/x.tfstate")) == ["p-a-x.", "p-b-x."]
    assert len(names(read("s3://states/**/x.tfstate"))) == 3
    assert "nothing matches" in read("s3://states/q*").problems[0]
