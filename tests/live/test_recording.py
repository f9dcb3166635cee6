"""What is recorded can be handed on, and replays as it was read."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from driftguard.errors import LiveError
from driftguard.live import recording
from driftguard.live.encoding import decoded, encoded
from driftguard.live.recorded import MANIFEST
from driftguard.live.recording import Recorder
from driftguard.live.replay import ReplayReaders
from driftguard.model import GLOBAL_REGION, Scope, Unreadable
from driftguard.redact import Redactor
from tests.live.folders import SCOPE, reader

CANARY = "canary-5f1e9c3b7a"


def recorder(folder: Path, redactor: Redactor | None = None) -> Recorder:
    return Recorder(folder, redactor or Redactor(), options={"unmanaged": True})


def test_an_answer_replays_for_the_same_parameters_alone(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    for bucket in ("a", "b"):
        params = {"Bucket": bucket}
        made.answer(SCOPE, "s3", "GetBucketAcl", params, 200, {"Owner": {"ID": bucket}})
    made.close()
    given = reader(tmp_path)

    assert {"Owner": {"ID": "b"}} == given.call("s3", "GetBucketAcl", {"Bucket": "b"})
    found = given.each("s3", "GetBucketAcl", {"b": {"Bucket": "b"}, "c": {"Bucket": "c"}})
    assert {"Owner": {"ID": "b"}} == found["b"]
    assert Unreadable(reason="not recorded: s3.GetBucketAcl") == found["c"]


def test_an_answer_replays_in_its_own_scope_alone(tmp_path: Path) -> None:
    recorder(tmp_path).answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": [{"n": 1}]})
    elsewhere = Scope(account=SCOPE.account, region="eu-west-2")

    pages = reader(tmp_path, elsewhere).pages("ec2", "DescribeVpcs", "Vpcs")

    assert Unreadable(reason="not recorded: ec2.DescribeVpcs") == pages.failure


def test_an_answer_of_another_region_s_endpoint_replays(tmp_path: Path) -> None:
    scope = Scope(account=SCOPE.account, region=GLOBAL_REGION)
    recorder(tmp_path).answer(SCOPE, "s3", "GetBucketAcl", {"Bucket": "a"}, 200, {"Grants": []})

    answer = reader(tmp_path, scope).call(
        "s3", "GetBucketAcl", {"Bucket": "a"}, region=SCOPE.region
    )

    assert {"Grants": []} == answer


def test_pages_are_joined_and_the_list_is_whole(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    for number, params in enumerate(({}, {"NextToken": "t", "MaxResults": 5}), start=1):
        more = {"NextToken": "t"} if number == 1 else {}
        data = {"Vpcs": [{"n": number}], **more}
        made.answer(SCOPE, "ec2", "DescribeVpcs", params, 200, data)
    made.answer(SCOPE, "ec2", "DescribeVpcs", {"VpcIds": ["x"]}, 200, {"Vpcs": []})

    pages = reader(tmp_path).pages("ec2", "DescribeVpcs", "Vpcs")

    assert [{"n": 1}, {"n": 2}] == list(pages.items)
    assert pages.failure is None


def test_an_error_replays_as_none_where_it_means_that_there_is_none(tmp_path: Path) -> None:
    error = {"Error": {"Code": "NoSuchBucketPolicy", "Message": "no"}}
    recorder(tmp_path).answer(SCOPE, "s3", "GetBucketPolicy", {"Bucket": "a"}, 404, error)
    given = reader(tmp_path)

    params = {"Bucket": "a"}
    absent = {"NoSuchBucketPolicy"}
    assert given.call("s3", "GetBucketPolicy", params, absent=absent) is None
    assert isinstance(given.call("s3", "GetBucketPolicy", params), Unreadable)


def test_datetimes_bytes_and_strange_keys_keep_their_type() -> None:
    value = {
        "at": datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC),
        "body": b"\x00\xff",
        "list": [1, 2.5, None, True, "é"],
        "__class__": {"__class__": "datetime"},
    }

    assert value == decoded(json.loads(json.dumps(encoded(value))))


def test_the_default_account_is_the_one_of_the_credentials(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    other = Scope(account="210987654321", region="eu-west-1")
    made.answer(other, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})
    made.answer(SCOPE, "sts", "GetCallerIdentity", {}, 200, {"Account": SCOPE.account})
    made.close()

    assert SCOPE.account == ReplayReaders(tmp_path).default_account()


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")],
)
def test_the_partition_is_that_of_the_account_s_regions(
    tmp_path: Path, region: str, partition: str
) -> None:
    made = recorder(tmp_path)
    made.answer(Scope(account="1", region=region), "ec2", "DescribeVpcs", {}, 200, {})
    made.close()

    for one in (region, GLOBAL_REGION):
        assert partition == reader(tmp_path, Scope(account="1", region=one)).partition


def test_it_tells_how_the_scan_was_asked_for(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    made.answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})
    made.close()

    manifest = ReplayReaders(tmp_path).manifest

    assert manifest is not None
    assert manifest.complete
    assert {"unmanaged": True} == manifest.options
    assert (SCOPE,) == manifest.scopes


def test_a_recording_that_was_cut_short_says_so(tmp_path: Path) -> None:
    recorder(tmp_path).answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})

    manifest = ReplayReaders(tmp_path).manifest

    assert manifest is not None
    assert not manifest.complete


def test_folder_and_files_are_their_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "recording"
    recorder(folder).answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})

    assert 0o700 == folder.stat().st_mode & 0o777
    assert {0o600} == {file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert {MANIFEST, "ec2.DescribeVpcs_1.json"} == {file.name for file in folder.iterdir()}


def test_a_folder_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "ec2.DescribeVpcs_1.json").write_text("mine")

    with pytest.raises(LiveError, match="something else than a recording"):
        recorder(tmp_path)

    assert ["ec2.DescribeVpcs_1.json"] == [file.name for file in tmp_path.iterdir()]


def test_an_earlier_recording_is_replaced(tmp_path: Path) -> None:
    recorder(tmp_path).answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})

    recorder(tmp_path)

    assert [MANIFEST] == [file.name for file in tmp_path.iterdir()]


def test_a_place_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LiveError, match="can't be written to"):
        recorder(tmp_path / "file")


def test_a_link_in_the_place_of_a_part_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    made = recorder(tmp_path / "recording")
    (tmp_path / "recording" / ".ec2.DescribeVpcs_1.json.part").symlink_to(victim)

    made.answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})

    assert "untouched" == victim.read_text()


def test_past_its_bound_it_stops_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MAX_TOTAL_BYTES", 500)
    made = recorder(tmp_path)
    for number in range(9):
        made.answer(SCOPE, "ec2", "DescribeVpcs", {"n": number}, 200, {"Vpcs": []})
    made.close()

    assert "lacks some answers" in made.problem
    assert len(list(tmp_path.iterdir())) < 5
    manifest = ReplayReaders(tmp_path).manifest
    assert manifest is not None
    assert not manifest.complete


def test_a_full_disk_is_said_and_the_scan_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = recorder(tmp_path)

    def fail(folder: Path, name: str, text: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording, "_write_whole", fail)
    made.answer(SCOPE, "ec2", "DescribeVpcs", {}, 200, {"Vpcs": []})

    assert "No space left" in made.problem


def test_threads_write_each_answer_once(tmp_path: Path) -> None:
    made = recorder(tmp_path)

    def write(start: int) -> None:
        for number in range(start, start + 20):
            data = {"Vpcs": [{"n": number}]}
            made.answer(SCOPE, "ec2", "DescribeVpcs", {"VpcIds": [str(number)]}, 200, data)

    threads = [threading.Thread(target=write, args=(start,)) for start in range(0, 160, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = reader(tmp_path)

    for number in range(160):
        answer = given.call("ec2", "DescribeVpcs", {"VpcIds": [str(number)]})
        assert {"Vpcs": [{"n": number}]} == answer


def written(folder: Path) -> str:
    return "".join(file.read_text() for file in folder.iterdir())


def test_a_known_secret_is_nowhere(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.learn(CANARY)
    tags = [{"Key": "note", "Value": f"is {CANARY}!"}]
    made = Recorder(tmp_path, redactor, options={"note": CANARY})
    data = {"Vpcs": [{"Tags": tags, "Blob": CANARY.encode()}]}
    made.answer(SCOPE, "ec2", "DescribeVpcs", {"Note": CANARY}, 200, data)
    made.close()

    assert CANARY not in written(tmp_path)
    assert SCOPE.account in written(tmp_path)


def test_what_aws_calls_sensitive_is_replaced_whatever_it_looks_like(tmp_path: Path) -> None:
    environment = {"Environment": {"Variables": {"GREETING": CANARY}}}
    recorder(tmp_path).answer(SCOPE, "lambda", "GetFunctionConfiguration", {}, 200, environment)
    user_data = {"UserData": {"Value": CANARY}, "InstanceId": "i-1"}
    recorder(tmp_path / "two").answer(SCOPE, "ec2", "DescribeInstanceAttribute", {}, 200, user_data)

    assert "(sensitive " in (tmp_path / "lambda.GetFunctionConfiguration_1.json").read_text()
    assert CANARY not in written(tmp_path / "two")
    assert "i-1" in written(tmp_path / "two")


def test_recording_teaches_the_scan_s_own_redactor_nothing(tmp_path: Path) -> None:
    redactor = Redactor()
    environment = {"Environment": {"Variables": {"GREETING": CANARY}}}
    recorder(tmp_path, redactor).answer(
        SCOPE, "lambda", "GetFunctionConfiguration", {}, 200, environment
    )

    assert CANARY == redactor.text(CANARY)


def test_a_parameter_with_a_secret_still_finds_its_answer(tmp_path: Path) -> None:
    one, other = Redactor(), Redactor()
    one.learn(CANARY)
    other.learn(CANARY)
    recorder(tmp_path, one).answer(SCOPE, "iam", "GetRole", {"RoleName": CANARY}, 200, {"Role": {}})

    asked = {"RoleName": other.text(CANARY)}

    assert {"Role": {}} == reader(tmp_path).call("iam", "GetRole", asked)


def test_a_key_that_s3_calls_sensitive_is_a_name_and_stays(tmp_path: Path) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:eu-west-1:1:key/k"}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    encryption = {"ServerSideEncryptionConfiguration": {"Rules": rules}}
    recorder(tmp_path).answer(SCOPE, "s3", "GetBucketEncryption", {}, 200, encryption)

    assert encryption == reader(tmp_path).call("s3", "GetBucketEncryption")
