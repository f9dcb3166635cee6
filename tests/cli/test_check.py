"""`driftguard check`: the rules on a plan before its apply, or on a state alone."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run, resource, security_group, state
from tests.report.sarif_schema import assert_valid

SECRET = "cAnary-7Zq!hunter/2"
RULES = """
rules:
  - id: ACME-SG-001
    title: SSH open to the world
    resource: [aws_security_group]
    violation: opens_to_world(r.ingress, 22)
    severity: {base: high}
    why: It is scanned within minutes.
    references: [CIS AWS 5.2]
  - id: ACME-SG-002
    title: A group for everything is gone
    resource: [aws_security_group]
    on_deleted: violation
    severity: {base: medium}
    why: Somebody needs it.
  - id: ACME-S3-001
    title: Nobody may delete
    resource: [aws_s3_bucket_policy]
    violation: r.policy == null
    severity: {base: critical}
    why: We said so.
"""
OPEN = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
SHUT = {**OPEN, "cidr_blocks": ["10.0.0.0/8"]}


def change(actions: list[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    address = {"mode": "managed", "type": "aws_security_group", "name": "web"}
    named = {key: more.pop(key) for key in ("type", "name") if key in more}
    told = {"actions": actions, "before": before, "after": after, **more}
    return {**address, **named, "change": told}


def group(*ingress: Any, **more: Any) -> dict[str, Any]:
    return security_group(ingress=[*ingress], **more)


CREATE_OPEN = change(
    ["create"], None, {"name": "web", "ingress": [OPEN]}, after_unknown={"id": True}
)
OPENS = change(["update"], group(SHUT), group(OPEN))
LEAVES_OPEN = change(["no-op"], group(OPEN), group(OPEN))
SHUTS = change(["update"], group(OPEN), group(SHUT))
CLEAN = change(["update"], group(), group(SHUT))
GONE = change(["delete"], group(), None)
UNKNOWN_RULES = change(["create"], None, {"name": "web"}, after_unknown={"ingress": True})


@pytest.fixture
def check(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Check a plan made of some changes by our own three rules."""
    monkeypatch.chdir(tmp_path)
    Path("rules.yaml").write_text(RULES)
    settings = "version: 1\npolicy:\n  shipped: false\n  rules: [rules.yaml]\n"
    Path("driftguard.yaml").write_text(settings)

    def checked(*changes: Any, arguments: tuple[str, ...] = (), **more: Any) -> Ran:
        head = {"format_version": "1.2", "terraform_version": "1.11.4"}
        plan = {**head, "resource_changes": [*changes], **more}
        Path("plan.json").write_text(json.dumps(plan))
        return run("check", "plan.json", *arguments)

    return checked


def report(ran: Ran) -> Any:
    return json.loads(ran.out)


JSON = ("--format", "json")


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        (CREATE_OPEN, 1),
        (OPENS, 1),
        (change(["delete", "create"], group(SHUT), group(OPEN)), 1),
        (GONE, 1),
        (LEAVES_OPEN, 0),
        (change(["update"], group(OPEN), group(OPEN, tags={"a": "b"})), 0),
        (SHUTS, 0),
        (CLEAN, 0),
        (change(["forget"], group(OPEN), None), 0),
        (UNKNOWN_RULES, 0),
    ],
)
def test_a_plan_fails_for_what_it_makes_worse(check: Callable[..., Ran], planned: Any, code: int):
    assert code == check(planned).code


def test_a_violation_that_the_plan_makes_is_told_with_what_opens_it(check: Callable[..., Ran]):
    found = report(check(CREATE_OPEN, arguments=JSON))
    (finding,) = found["findings"]
    assert ("ACME-SG-001", "high", "introduced", "planned") == tuple(
        finding[key] for key in ("rule", "severity", "verdict", "kind")
    )
    assert ["ingress"] == [one["path"] for one in finding["changes"]]
    assert False is found["compared"]
    assert 1 == found["summary"]["violating"]


def test_an_update_tells_both_sides(check: Callable[..., Ran]):
    (finding,) = report(check(OPENS, arguments=JSON))["findings"]
    assert {"10.0.0.0/8", "0.0.0.0/0"} == {
        side["peer"]
        for one in finding["changes"]
        for side in (one["declared"], one["live"])
        if side
    }


@pytest.mark.parametrize(("flag", "count"), [((), 0), (("--show-pre-existing",), 1)])
def test_what_was_so_before_is_told_where_it_is_asked_for(
    check: Callable[..., Ran], flag: tuple[str, ...], count: int
):
    ran = check(LEAVES_OPEN, arguments=(*JSON, *flag))
    assert count == len(report(ran)["pre_existing"])
    assert ("show-pre-existing" in ran.err) == (count == 0)
    assert 0 == ran.code


def test_what_is_known_only_after_the_apply_is_no_pass(check: Callable[..., Ran]):
    ran = check(UNKNOWN_RULES, arguments=JSON)
    (waiting,) = report(ran)["undecided"]
    (judgement,) = waiting["judgements"]
    assert ("error", "known only after apply: ingress") == (
        judgement["verdict"],
        judgement["reason"],
    )
    assert 2 == check(UNKNOWN_RULES, arguments=("--strict",)).code
    assert "known only after" in check(UNKNOWN_RULES).out


def test_an_unknown_peer_does_not_hide_the_open_one(check: Callable[..., Ran]):
    peers = {**SHUT, "cidr_blocks": [], "security_groups": [None]}
    after = {"name": "web", "ingress": [peers, OPEN]}
    unknown = {"ingress": [{"security_groups": [True]}, {"cidr_blocks": [False]}]}
    ran = check(change(["create"], None, after, after_unknown=unknown), arguments=JSON)
    assert 1 == ran.code
    assert [] == report(ran)["undecided"]


def test_types_that_are_not_read_are_counted(check: Callable[..., Ran]):
    other = change(["create"], None, {}, type="aws_glue_job")
    ran = check(other, CLEAN, arguments=JSON)
    found = report(ran)
    assert [{"type": "aws_glue_job", "count": 1}] == found["unsupported"]
    counts = found["summary"]
    assert counts["declared"] == counts["checked"] + counts["unreadable"] + counts["unsupported"]
    assert (0, 2) == (ran.code, check(other, arguments=("--strict",)).code)


def test_a_damaged_resource_is_unreadable_and_not_clean(check: Callable[..., Ran]):
    ran = check(change(["create"], None, {"ingress": "all"}), arguments=JSON)
    assert 2 == ran.code
    assert ["aws_security_group.web"] == [one["address"] for one in report(ran)["unreadable"]]


def test_severities_and_selection_are_those_of_a_scan(check: Callable[..., Ran]):
    assert 0 == check(OPENS, arguments=("--fail-on", "critical")).code
    other = {**CLEAN, "name": "db"}
    assert 0 == check(OPENS, other, arguments=("--exclude", "aws_security_group.web")).code
    other = {**CLEAN, "name": "db"}
    assert 0 == check(OPENS, other, arguments=("--exclude", "aws_security_group.web")).code
    assert 1 == check(OPENS, arguments=("--include", "aws_security_*")).code
    ran = check(OPENS, arguments=("--include", "aws_vpc"))
    assert 2 == ran.code
    assert "No resource matches aws_vpc" in ran.out


def test_several_formats_in_one_run_and_the_sarif_keeps_to_its_schema(
    check: Callable[..., Ran], tmp_path: Path
):
    ran = check(OPENS, arguments=("--format", "sarif=plan.sarif", "--format", "table"))
    assert 1 == ran.code
    assert "ACME-SG-001 SSH open to the world" in ran.out
    document = json.loads((tmp_path / "plan.sarif").read_text())
    assert_valid(document)
    (run,) = document["runs"]
    (result,) = run["results"]
    assert "ACME-SG-001" == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "plan.json" == artifact["uri"]


def test_a_baseline_leaves_out_what_it_knows_and_nothing_more(check: Callable[..., Ran]):
    check(OPENS, arguments=("--format", "json=before.json"))
    assert 0 == check(OPENS, arguments=("--baseline", "before.json")).code
    assert 1 == check(OPENS, GONE, arguments=("--baseline", "before.json")).code


def test_no_secret_of_a_plan_is_told(check: Callable[..., Ran]):
    after = {**group(OPEN), "description": f"key {SECRET}", "tags": {"token": SECRET}}
    marks = {"tags": {"token": True}}
    planned = change(["update"], group(), after, after_sensitive=marks)
    for name in ("table", "json", "sarif", "html", "markdown", "junit", "github"):
        ran = check(planned, arguments=("--format", name))
        assert 1 == ran.code
        assert SECRET not in ran.out + ran.err


def test_a_rule_that_is_broken_is_told_loudly_and_fails(check: Callable[..., Ran]):
    Path("rules.yaml").write_text(
        RULES.replace("opens_to_world(r.ingress, 22)", "r.ingress.size() > 0 && r.name > 3")
    )
    ran = check(LEAVES_OPEN)
    assert 1 == ran.code
    assert "RULE ERROR" in ran.out


def test_of_a_state_every_violation_counts(check: Callable[..., Ran], run: Run):
    check()
    Path("terraform.tfstate").write_text(state(resource("aws_security_group", "web", group(OPEN))))
    ran = run("check", "terraform.tfstate", *JSON)
    (finding,) = report(ran)["findings"]
    assert (1, "pre_existing", "unchanged") == (ran.code, finding["verdict"], finding["kind"])
    Path("terraform.tfstate").write_text(state(resource("aws_security_group", "web", group(SHUT))))
    assert 0 == run("check", "terraform.tfstate").code


def test_a_folder_of_states_is_checked_as_a_scan_reads_it(check: Callable[..., Ran], run: Run):
    check()
    Path("states").mkdir()
    Path("states/a.tfstate").write_text(state(resource("aws_security_group", "a", group(OPEN))))
    assert 1 == run("check", "states").code


@pytest.mark.parametrize("of", ["plan", "state"])
def test_standard_input_is_a_place_too(
    check: Callable[..., Ran], run: Run, monkeypatch: pytest.MonkeyPatch, of: str
):
    check(OPENS)
    opened = state(resource("aws_security_group", "web", group(OPEN)))
    data = Path("plan.json").read_bytes() if of == "plan" else opened.encode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert 1 == run("check", "-").code


BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "a saved plan": (b"PK\x03\x04" + b"\0" * 50, "terraform show -json PLAN"),
    "cut off": (b'{"format_version": "1.2", "resource_changes": [{"ty', "is cut off"),
    "a later format": (b'{"format_version": "2.0", "resource_changes": []}', "format 2.0"),
    "a list": (b"[]", "not a Terraform state"),
    "another object": (b'{"a": 1}', "not a Terraform state"),
    "a state as shown": (b'{"format_version": "1.0", "values": {}}', "of a state, not of a plan"),
    "changes that are no list": (b'{"format_version":"1.2","resource_changes":{}}', "list"),
    "a key twice": (b'{"format_version":"1.2","format_version":"1.2"}', "ambiguous"),
    "nested too deep": (b'{"format_version":' + b"[" * 100_000, "nested too deep"),
    "text": (b"No changes.", "is not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_plan_gets_one_sentence(
    check: Callable[..., Ran], run: Run, tmp_path: Path, name: str
):
    check()
    data, sentence = BROKEN[name]
    (tmp_path / "plan.json").write_bytes(data)
    ran = run("check", "plan.json")
    assert (2, "") == (ran.code, ran.out)
    assert sentence in ran.err
    assert 1 == len(ran.err.splitlines())


def test_a_place_that_is_not_there_and_no_place_at_all(check: Callable[..., Ran], run: Run):
    check()
    assert 2 == run("check", "nowhere.json").code
    assert 64 == run("check").code
    assert 64 == run("check", "").code


def test_a_plan_of_a_failed_run_is_never_clean(check: Callable[..., Ran]):
    assert 2 == check(CLEAN, errored=True).code
    assert 1 == check(OPENS, errored=True).code


def test_a_rule_that_asks_for_an_account_that_nobody_knows_yet_waits(check: Callable[..., Ran]):
    Path("rules.yaml").write_text(
        RULES.replace("opens_to_world(r.ingress, 22)", "int(ctx.account) == 111122223333")
    )
    ran = check(CREATE_OPEN, arguments=JSON)
    (waiting,) = report(ran)["undecided"]
    assert "known only after apply: account" == waiting["judgements"][0]["reason"]
    assert 0 == ran.code


def test_a_new_rule_of_a_group_is_told_with_what_it_lets_in(check: Callable[..., Ran]):
    name = "aws_vpc_security_group_ingress_rule"
    Path("rules.yaml").write_text(RULES.replace("[aws_security_group]", f"[{name}]", 1))
    after = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"}
    ran = check(change(["create"], None, after, type=name), arguments=JSON)
    (finding,) = report(ran)["findings"]
    assert "cidr_ipv4" in [one["path"] for one in finding["changes"]]
