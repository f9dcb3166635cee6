from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from driftguard.clock import SystemClock
from driftguard.live.access import Access, AwsOptions, RoleStep
from driftguard.live.botocore_session import shared_loader
from driftguard.live.look import look
from driftguard.live.session import AwsReaders
from driftguard.model import Absent, Item, Scope, Unreadable
from tests.live.stub import ACCOUNT, Reply, Request, identity, query_error, stubbed, xml

pytestmark = pytest.mark.usefixtures("bait")

SCOPE = Scope(account=ACCOUNT, region="eu-west-1")
GROUPS = "ec2.security_groups"
MOTO = "123456789012"
OTHER = "222222222222"
ROLE = f"arn:aws:iam::{OTHER}:role/reader"


def options_of(url: str, **more: str) -> AwsOptions:
    return AwsOptions(endpoint_url=url, max_attempts=1, **more)  # type: ignore[arg-type]


def reason_of(readers: AwsReaders, scope: Scope = SCOPE) -> str:
    found = readers.reader(scope)
    assert isinstance(found, Unreadable)
    return found.reason


def group_in(account: str, url: str) -> str:
    """Make a group in one of moto's accounts."""
    role = f"arn:aws:iam::{account}:role/maker"
    sts = boto3.client("sts", endpoint_url=url, region_name="eu-west-1")
    keys = sts.assume_role(RoleArn=role, RoleSessionName="maker")["Credentials"]
    client = boto3.client(
        "ec2",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    name = f"group-of-{account}"
    existing = client.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])
    for group in existing["SecurityGroups"]:
        return group["GroupId"]
    return client.create_security_group(GroupName=name, Description="a group")["GroupId"]


def test_each_account_is_read_by_its_own_role_chain(moto_url: str) -> None:
    hop = RoleStep(
        arn="arn:aws:iam::333333333333:role/hop", external_id="secret-word", session_name="hop"
    )
    accesses = [Access(), Access(account=OTHER, roles=(hop, RoleStep(arn=ROLE)))]
    here, there = Scope(account=MOTO, region="eu-west-1"), Scope(account=OTHER, region="eu-west-1")
    group = group_in(OTHER, moto_url)

    view = look(
        {(GROUPS, here): frozenset(), (GROUPS, there): frozenset()},
        AwsReaders(accesses, options_of(moto_url)),
    )

    assert isinstance(view.find(GROUPS, there, group), Item)
    assert isinstance(view.find(GROUPS, here, group), Absent)


def test_regions_are_apart(moto_url: str) -> None:
    group = group_in(OTHER, moto_url)
    scopes = [Scope(account=OTHER, region=region) for region in ("eu-west-1", "eu-west-2")]
    access = Access(account=OTHER, roles=(RoleStep(arn=ROLE),))

    view = look(
        {(GROUPS, scope): frozenset() for scope in scopes},
        AwsReaders([access], options_of(moto_url)),
    )

    found = [view.find(GROUPS, scope, group) for scope in scopes]
    assert [Item, Absent] == [type(one) for one in found]


def test_credentials_of_another_account_read_nothing(moto_url: str) -> None:
    access = Access(account="333333333333", roles=(RoleStep(arn=ROLE),))
    readers = AwsReaders([access], options_of(moto_url))

    reason = reason_of(readers, Scope(account="333333333333", region="eu-west-1"))

    assert f"named for the account 333333333333 are of the account {OTHER}" in reason
    assert isinstance(readers.default_account(), Unreadable)


def test_an_account_that_nobody_named_is_not_looked_for_in_another(moto_url: str) -> None:
    readers = AwsReaders([Access()], options_of(moto_url))

    reason = reason_of(readers, Scope(account=OTHER, region="eu-west-1"))

    assert f"the credentials are of the account {MOTO}, not {OTHER}" in reason


def test_an_account_without_any_access_says_so() -> None:
    readers = AwsReaders([Access(account=OTHER)])

    assert "nothing says how the account 111111111111 is entered" in reason_of(readers)


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        (Scope(account="", region="eu-west-1"), "nothing says which account"),
        (Scope(account=ACCOUNT, region=""), "nothing says which region"),
        (Scope(account=ACCOUNT, region="evil.example/#\n"), "there is no region evil.example/#"),
    ],
)
def test_a_scope_that_is_not_known_is_asked_nothing(scope: Scope, sentence: str) -> None:
    with stubbed() as stub:
        reason = reason_of(AwsReaders(options=options_of(stub.url)), scope)

    assert sentence in reason
    assert reason.isprintable()
    assert not stub.asked


def test_the_default_account_is_that_of_the_unnamed_access(moto_url: str) -> None:
    accesses = [Access(account=OTHER, roles=(RoleStep(arn=ROLE),)), Access()]

    assert MOTO == AwsReaders(accesses, options_of(moto_url)).default_account()
    assert OTHER == AwsReaders(accesses[:1], options_of(moto_url)).default_account()


def test_the_default_account_is_not_guessed_among_several() -> None:
    readers = AwsReaders([Access(account=OTHER), Access(account=MOTO)])

    assert isinstance(readers.default_account(), Unreadable)


def test_aws_is_asked_once_who_we_are(moto_url: str) -> None:
    readers = AwsReaders(options=options_of(moto_url))
    regions = ("eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "global")
    parts = {(GROUPS, Scope(account=MOTO, region=region)): frozenset[str]() for region in regions}

    look(parts, readers)

    assert 1 == readers.calls.counts()["sts", "GetCallerIdentity", "ok"]


def assumed(seconds: int) -> Reply:
    """Return STS's answer to AssumeRole, with keys good for so long."""
    expires = (SystemClock().now() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    keys = (
        "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>bait</SecretAccessKey>"
        f"<SessionToken>bait</SessionToken><Expiration>{expires}</Expiration>"
    )
    inner = f"<AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult>"
    return xml("AssumeRole", inner)


def test_every_step_of_a_chain_sends_its_own_name_and_external_id() -> None:
    steps = (
        RoleStep(arn="arn:aws:iam::333333333333:role/hop", external_id="first", session_name="one"),
        RoleStep(arn=ROLE),
    )
    with stubbed(AssumeRole=assumed(3600)) as stub:
        readers = AwsReaders([Access(roles=steps)], options_of(stub.url))
        assert not isinstance(readers.reader(SCOPE), Unreadable)

    sent = [one.fields for one in stub.asked if one.operation == "AssumeRole"]
    assert [
        (steps[0].arn, "one", "first"),
        (ROLE, "driftguard", None),
    ] == [(one["RoleArn"], one["RoleSessionName"], one.get("ExternalId")) for one in sent]


def test_a_role_is_assumed_again_before_its_keys_expire() -> None:
    access = Access(roles=(RoleStep(arn=ROLE),))
    with stubbed(AssumeRole=assumed(60), DescribeVpcs=xml("DescribeVpcs", "<vpcSet/>")) as stub:
        reader = AwsReaders([access], options_of(stub.url)).reader(SCOPE)
        assert not isinstance(reader, Unreadable)
        before = stub.count()["AssumeRole"]
        assert {"Vpcs": []} == reader.call("ec2", "DescribeVpcs")

    assert before < stub.count()["AssumeRole"]


def test_a_refused_role_is_named_with_what_to_grant() -> None:
    words = "User: arn:aws:sts::1:assumed-role/x/jane is not authorized to perform: sts:AssumeRole"
    with stubbed(AssumeRole=query_error(403, "AccessDenied", words)) as stub:
        accesses = [Access(account=OTHER, roles=(RoleStep(arn=ROLE),)), Access()]
        readers = AwsReaders(accesses, options_of(stub.url))
        reason = reason_of(readers, Scope(account=OTHER, region="eu-west-1"))
        works = readers.reader(SCOPE)

    assert f"the role {ROLE} can't be assumed: access denied: grant sts:AssumeRole" in reason
    assert "external id" in reason
    assert "jane" not in reason
    assert not isinstance(works, Unreadable)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("ExpiredToken", "the AWS credentials have expired"),
        ("InvalidClientTokenId", "AWS does not accept the credentials"),
        ("SignatureDoesNotMatch", "does not accept the signature"),
    ],
)
def test_bad_credentials_are_told_for_what_they_are(code: str, sentence: str) -> None:
    with stubbed(GetCallerIdentity=query_error(403, code)) as stub:
        reason = reason_of(AwsReaders(options=options_of(stub.url)))

    assert sentence in reason


def test_no_credentials_at_all_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with stubbed() as stub:
        assert "no AWS credentials were found" in reason_of(
            AwsReaders(options=options_of(stub.url))
        )
    assert not stub.asked


PROFILES = """
[profile works]
aws_access_key_id = AKIA
aws_secret_access_key = bait
region = ap-south-1

[profile half]
aws_access_key_id = AKIA

[profile program]
credential_process = /nonexistent/program

[profile code]
role_arn = arn:aws:iam::222222222222:role/reader
source_profile = works
mfa_serial = arn:aws:iam::111111111111:mfa/jane

[profile role]
role_arn = arn:aws:iam::222222222222:role/reader
source_profile = works
"""


@pytest.fixture
def profiles(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(PROFILES)


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("nothing", "the profile is not in AWS's configuration files"),
        ("half", "a key id needs its secret key"),
        ("program", "gave no AWS credentials"),
        ("code", "the profile asks for an MFA code"),
    ],
)
def test_a_profile_without_credentials_is_a_sentence(profile: str, sentence: str) -> None:
    with stubbed() as stub:
        accesses = [Access(account=OTHER, profile=profile), Access()]
        readers = AwsReaders(accesses, options_of(stub.url))
        reason = reason_of(readers, Scope(account=OTHER, region="eu-west-1"))
        works = readers.reader(SCOPE)

    assert f"the account {OTHER} can't be entered" in reason
    assert sentence in reason
    assert "jane" not in reason
    assert not isinstance(works, Unreadable)


@pytest.mark.usefixtures("profiles")
def test_a_profile_names_its_region_for_sts() -> None:
    with stubbed() as stub:
        AwsReaders([Access(profile="works")], options_of(stub.url)).reader(SCOPE)

    assert ["ap-south-1"] == [one.region for one in stub.asked]


@pytest.mark.usefixtures("profiles")
def test_a_profile_with_a_role_asks_our_endpoint_for_it() -> None:
    with stubbed(AssumeRole=assumed(3600)) as stub:
        found = AwsReaders([Access(profile="role")], options_of(stub.url)).reader(SCOPE)

    assert not isinstance(found, Unreadable)
    assert 1 == stub.count()["AssumeRole"]


@pytest.mark.usefixtures("profiles")
def test_a_refused_role_of_a_profile_is_not_taken_for_the_call_s_own_answer() -> None:
    with stubbed(AssumeRole=query_error(403, "AccessDenied")) as stub:
        reason = reason_of(AwsReaders([Access(profile="role")], options_of(stub.url)))

    assert "grant sts:AssumeRole" in reason


def test_the_endpoint_of_the_environment_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    with stubbed(DescribeVpcs=xml("DescribeVpcs", "<vpcSet/>")) as stub:
        monkeypatch.setenv("AWS_ENDPOINT_URL", stub.url)
        reader = AwsReaders().reader(SCOPE)
        assert not isinstance(reader, Unreadable)
        assert {"Vpcs": []} == reader.call("ec2", "DescribeVpcs")

    assert {"GetCallerIdentity": 1, "DescribeVpcs": 1} == stub.count()


@pytest.mark.parametrize(
    ("partition", "region", "home"),
    [
        ("aws", "eu-west-1", "us-east-1"),
        ("aws-us-gov", "us-gov-east-1", "us-gov-west-1"),
        ("aws-cn", "cn-northwest-1", "cn-north-1"),
    ],
)
def test_global_services_answer_in_the_partition_s_own_region(
    partition: str, region: str, home: str
) -> None:
    def listed(request: Request) -> Reply:
        return xml("ListRoles", "<ListRolesResult><Roles/></ListRolesResult>")

    with stubbed(GetCallerIdentity=identity(partition=partition), ListRoles=listed) as stub:
        readers = AwsReaders(options=options_of(stub.url, region=region))
        reader = readers.reader(Scope(account=ACCOUNT, region="global"))
        assert not isinstance(reader, Unreadable)
        pages = reader.pages("iam", "ListRoles", "Roles")

    assert partition == reader.partition
    assert pages.failure is None
    assert [region, home] == [one.region for one in stub.asked]


def test_a_role_s_arn_tells_the_partition_before_the_region_does() -> None:
    step = RoleStep(arn="arn:aws-us-gov:iam::111111111111:role/reader")
    answers = {"AssumeRole": assumed(3600), "GetCallerIdentity": identity(partition="aws-us-gov")}
    with stubbed(**answers) as stub:
        readers = AwsReaders([Access(roles=(step,))], options_of(stub.url, region="eu-west-1"))
        readers.reader(Scope(account=ACCOUNT, region="global"))

    assert {"us-gov-west-1"} == {one.region for one in stub.asked}


def test_a_region_of_another_partition_is_unreadable() -> None:
    with stubbed() as stub:
        readers = AwsReaders(options=options_of(stub.url, region="eu-west-1"))
        reason = reason_of(readers, Scope(account=ACCOUNT, region="cn-north-1"))

    assert "the partition aws, which has no region cn-north-1" in reason


@pytest.mark.parametrize("reply", [Reply(body=b"<html/>"), xml("GetCallerIdentity")])
def test_an_endpoint_that_does_not_know_who_we_are_is_unreadable(reply: Reply) -> None:
    with stubbed(GetCallerIdentity=reply) as stub:
        assert "is malformed" in reason_of(AwsReaders(options=options_of(stub.url)))


def test_the_service_models_are_loaded_once_a_process() -> None:
    assert shared_loader() is shared_loader()


def test_botocore_is_loaded_by_the_first_question_and_not_before() -> None:
    program = (
        "import sys; import driftguard.live.look, driftguard.live.session as session; "
        "session.AwsReaders(); assert not {'boto3', 'botocore'} & {*sys.modules}"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False, timeout=30
    )

    assert 0 == done.returncode
