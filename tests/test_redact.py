"""Secrets by path, by value and by shape; and everything that only looks like one."""

from __future__ import annotations

import json
import re
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.model import TOKEN_PATTERN
from driftguard.redact import Redactor, shown

CANARY = "cAnary-7Zq!hunter/2"
KEY = b"k" * 32

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.fixture
def redactor():
    return Redactor(KEY)


def is_token(value):
    return isinstance(value, str) and re.fullmatch(TOKEN_PATTERN, value) is not None


def test_marked_leaves_become_tokens_and_nothing_stays_as_it_is(redactor):
    marked = redactor.mark({"a": [CANARY, 5, True], "b": None, "c": "", "d": [], "e": {}})
    assert all(is_token(leaf) for leaf in marked["a"])
    assert {key: marked[key] for key in "bcde"} == {"b": None, "c": "", "d": [], "e": {}}


@pytest.mark.parametrize(("one", "other"), [(True, "true"), (5, "5"), (5.0, 5), ("x", "x")])
def test_the_same_value_gives_the_same_token_however_it_is_typed(redactor, one, other):
    assert redactor.mark(one) == redactor.mark(other)


def test_different_values_and_different_keys_give_different_tokens(redactor):
    assert redactor.mark("one-secret") != redactor.mark("two-secret")
    assert redactor.mark("one-secret") != Redactor().mark("one-secret")


def test_json_text_is_marked_leaf_by_leaf_and_stays_json_text(redactor):
    marked = redactor.mark(json.dumps({"user": "root", "n": [1, None]}))
    document = json.loads(marked)
    assert is_token(document["user"])
    assert [is_token(document["n"][0]), document["n"][1] is None] == [True, True]
    assert redactor.mark("{}") == "{}"


def test_a_copy_is_replaced_wherever_it_appears(redactor):
    redactor.learn({"password": CANARY})
    copies = {
        "whole": CANARY,
        "inside": f"postgres login is {CANARY}!",
        "deep": [{"x": [CANARY]}],
        CANARY: "as a key",
        "json": json.dumps({"env": [{"name": "X", "value": CANARY}]}),
    }
    assert CANARY not in repr(redactor.value(copies))
    assert CANARY not in redactor.text(f"error near {CANARY}")


@pytest.mark.parametrize(
    "copy",
    [
        "Y0FuYXJ5LTdacSFodW50ZXIvMg==",
        "cAnary-7Zq%21hunter%2F2",
        "  cAnary-7Zq!hunter/2  ",
    ],
)
def test_a_copy_is_found_in_base64_url_encoded_and_untrimmed(redactor, copy):
    redactor.learn(CANARY + "\n")
    redactor.learn(CANARY)
    assert redactor.contains_secret(redactor.value({"x": copy}))
    assert copy.strip("= ") not in redactor.text(f"a {copy} b")


def test_a_copy_escaped_for_json_is_found_in_json_text(redactor):
    secret = 'quo"ted\\<&>secret'
    redactor.learn(secret)
    for text in (json.dumps({"x": secret}), r'{"x":"quo\"ted\\\u003c\u0026\u003esecret"}'):
        assert "secret" not in redactor.text(text).replace("(sensitive", "")


def test_what_was_seen_before_it_was_known_is_replaced_afterwards(redactor):
    assert redactor.value({CANARY: CANARY}) == {CANARY: CANARY}
    redactor.learn(CANARY)
    assert CANARY not in repr(redactor.value({CANARY: CANARY}))


def test_numbers_are_replaced_too(redactor):
    redactor.learn(987654321)
    assert is_token(redactor.value({"pin": 987654321})["pin"])


@pytest.mark.parametrize(
    "ordinary",
    ["true", "1", 5432, "admin", "us-east-1", "eu-west-1a", "123456789012", "10.0.0.0/16", "::/0",
     "arn:aws:iam::123456789012:role/x", "s3:GetObject", "2012-10-17", "lambda.amazonaws.com",
     "sg-0123456789abcdef0", "vpc-12345678"],
)  # fmt: skip
def test_a_marked_ordinary_value_does_not_blacken_the_report(redactor, ordinary):
    assert is_token(redactor.mark(ordinary))
    elsewhere = {"a": ordinary, "b": f"x {ordinary} y"}
    assert elsewhere == redactor.value(elsewhere)


def test_a_plain_word_is_found_whole_but_not_inside_others(redactor):
    redactor.learn("postgres")
    assert is_token(redactor.value("postgres"))
    assert (
        redactor.value("arn:aws:rds:eu-west-1:1:db:postgres-1")
        == "arn:aws:rds:eu-west-1:1:db:postgres-1"
    )


SHAPES = [
    ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("key ASIAIOSFODNN7EXAMPLE here", "ASIAIOSFODNN7EXAMPLE"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"),
    ('{"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}', "wJalrXUtnFEMI"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----\n", "MIIEabc"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\\nMIIEabc", "MIIEabc"),
    ("t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "dozjgNryP4J3jVmN"),
    ("ghp_" + "a1B2" * 9, "a1B2a1B2"),
    ("github_pat_" + "a1B2" * 9, "a1B2a1B2"),
    ("xoxb-123456789012-abcdefGHIJ", "abcdefGHIJ"),
    ("https://hooks.slack.com/services/T0001/B0001/XXXXabcd", "XXXXabcd"),
    ("sk_live_" + "abcd1234" * 3, "abcd1234"),
    ("postgres://app:hunter2@db.internal:5432/x", "hunter2"),
    ("https://user:p@ss@host/path", "p@ss"),
    ("Server=db;Password=hunter2;", "hunter2"),
    ("export DB_PASSWORD='two words'", "two words"),
    ('"api_key": "k-12345"', "k-12345"),
    ("password: hunter2", "hunter2"),
    ("?X-Amz-Security-Token=FwoGZXIvYXdzEBY", "FwoGZXIvYXdzEBY"),
    ("Authorization: Bearer abcdef0123456789abcdef", "abcdef0123456789abcdef"),
    ('[{"name":"DB_PASSWORD","value":"hunter2"}]', "hunter2"),
]


@pytest.mark.parametrize(("text", "secret"), SHAPES)
def test_a_secret_is_known_by_its_shape(redactor, text, secret):
    redacted = redactor.text(text)
    assert secret not in redacted
    assert redactor.contains_secret(redacted)
    assert redacted == redactor.text(redacted)


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ({"variables": {"DB_PASSWORD": "hunter2"}}, "hunter2"),
        ({"MasterUserPassword": "hunter2"}, "hunter2"),
        ([{"Key": "api-key", "Value": "12345"}], "12345"),
        ({"dbPass": "hunter2"}, "hunter2"),
    ],
)
def test_a_secret_is_known_by_the_name_it_stands_under(redactor, value, secret):
    assert secret not in repr(redactor.value(value))


ORDINARY = [
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf",
    "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    "sg-0123456789abcdef0",
    "vpc-12345678",
    "AIDACKCEVSQ6C2EXAMPLE",
    "AROADBQP57FF2AEXAMPLE",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/queue",
    "0123456789abcdef0123456789abcdef",
    '{"Version":"2012-10-17","Statement":[{"Condition":{"Null":{"aws:TokenIssueTime":"true"}}}]}',
    "token.actions.githubusercontent.com:sub",
    "{{resolve:secretsmanager:x}}",
    "Rotates passwords and tokens every week",
    "https://example.com:8443/a@b",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ me@host",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "secret = true",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_things_are_left_alone(redactor, text):
    assert text == redactor.value(text)
    assert {"x": [text]} == redactor.value({"x": [text]})


@pytest.mark.parametrize(
    "value",
    [
        {"NextToken": "AAAA1234", "ClientToken": "terraform-1", "http_tokens": "required"},
        {"secret": "arn:aws:x:y:z:1:s"},
        {"manage_master_user_password": True, "password": None, "token": ""},
        {"secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:::parameter/x"}]},
    ],
)
def test_names_that_only_look_secret_are_left_alone(redactor, value):
    assert value == redactor.value(value)


def test_a_policy_text_that_holds_no_secret_keeps_its_bytes(redactor):
    text = '{ "Statement": [ {"Action": "secretsmanager:GetSecretValue"} ] , "token" : 5 }'
    assert text == redactor.text(text)


def test_mark_equals_what_value_made_of_the_same_text_before(redactor):
    redactor.learn(CANARY)
    before = redactor.value(f"url/{CANARY}/x")
    assert redactor.mark(before) == redactor.mark(f"url/{CANARY}/x")
    assert redactor.mark(CANARY) == redactor.value(CANARY)


def test_a_token_is_marked_and_learnt_as_itself(redactor):
    token = redactor.mark(CANARY)
    assert token == redactor.mark(token)
    redactor.learn(token)
    assert f"a {token} b" == redactor.text(f"a {token} b")


def test_shown_gives_the_same_bytes_for_every_key():
    seen = {
        json.dumps(shown({"a": [one.mark(CANARY)], f"k {one.mark('another1')}": 1}))
        for one in (Redactor(), Redactor())
    }
    assert {'{"a": ["(sensitive)"], "k (sensitive)": 1}'} == seen


def test_contains_secret_sees_tokens_in_keys_and_values(redactor):
    token = redactor.mark(CANARY)
    assert redactor.contains_secret([{"a": f"x{token}"}])
    assert redactor.contains_secret({token: 1})
    assert not redactor.contains_secret({"a": ["(sensitive)", 5, None]})


@given(JSON, st.text(min_size=6, max_size=30))
def test_any_json_is_redacted_without_a_crash_and_once_is_enough(value, secret):
    redactor = Redactor(KEY)
    redactor.learn(secret)
    once = redactor.value(value)
    assert repr(once) == repr(redactor.value(once))
    marked = redactor.mark(value)
    assert repr(marked) == repr(redactor.mark(marked))
    redactor.contains_secret(once)
    shown(once)


@given(JSON, st.text(max_size=20), st.text(max_size=20))
def test_the_canary_never_survives(value, before, after):
    redactor = Redactor(KEY)
    redactor.learn({"deep": [{"password": CANARY}]})
    planted = {"v": value, "c": [f"{before}{CANARY}{after}"], f"{before}{CANARY}": CANARY}
    assert CANARY not in repr(redactor.value(planted))


@pytest.mark.parametrize("depth", [50, 400])
def test_deep_nesting_does_not_crash(redactor, depth):
    value: object = CANARY
    for _ in range(depth):
        value = {"x": [value]}
    redactor.learn(value)
    for redacted in (redactor.value(value), redactor.mark(value)):
        assert CANARY not in repr(shown(redacted))


@pytest.mark.parametrize(
    "hostile",
    ["-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "a://", "a://b:", "password=", "password ",
     "eyJ", "ghp_a", "secret\"':", "bearer ", "{[", "[", '\\"token\\":', "AKIA", "::", "x."],
)  # fmt: skip
def test_a_hostile_string_costs_a_bounded_time(redactor, hostile):
    text = hostile * (200_000 // len(hostile))
    before = time.process_time()
    redactor.text(text)
    redactor.mark(text)
    assert time.process_time() - before < 2


def test_a_huge_state_with_a_thousand_secrets_costs_seconds(redactor):
    redactor.learn([f"s3cret-{n}-{n * 7919:x}" for n in range(1_000)])
    resources = [
        {
            "id": f"sg-{n:017x}",
            "arn": f"arn:aws:ec2:eu-west-1:123456789012:security-group/sg-{n:017x}",
            "description": f"group number {n}",
            "tags": {"Name": f"group-{n}", "env": "prod"},
            "ingress": [{"cidr_blocks": ["10.0.0.0/8"], "from_port": 443, "to_port": 443}],
        }
        for n in range(10_000)
    ]
    before = time.process_time()
    redactor.value(resources)
    assert time.process_time() - before < 3


def test_threads_may_learn_and_redact_at_once(redactor):
    found = []

    def work(number):
        for n in range(100):
            secret = f"thread-{number}-secret-{n}"
            redactor.learn(secret)
            found.append(secret in redactor.text(f"x {secret} y"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [False] * 400


def test_a_redactor_does_not_tell_what_it_knows(redactor):
    redactor.learn(CANARY)
    assert CANARY not in repr(redactor)


def test_what_holds_no_secret_is_not_copied(redactor):
    clean = {"a": [{"port": 443, "on": True, "none": None}], "tags": {"team": "core"}, "b": []}
    assert redactor.value(clean) is clean
    assert redactor.value((1, "a")) == [1, "a"]


def test_what_is_given_stays_as_it_was_where_a_secret_is_replaced(redactor):
    redactor.learn(CANARY)
    given_value = {"a": {"b": [CANARY, "x"]}, "c": {"d": "plain"}}
    before = json.dumps(given_value)
    redacted = redactor.value(given_value)
    assert CANARY not in json.dumps(redacted)
    assert before == json.dumps(given_value)
    assert redacted["c"] is given_value["c"]


def test_keys_judged_clean_are_judged_again_once_they_are_known(redactor):
    assert {CANARY: "x"} == redactor.value({CANARY: "x"})
    redactor.learn(CANARY)
    assert all(is_token(key) for key in redactor.value({CANARY: "x"}))


def test_clean_text_is_judged_again_once_it_is_known(redactor):
    assert {"a": CANARY} == redactor.value({"a": CANARY})
    redactor.learn(CANARY)
    assert is_token(redactor.value({"a": CANARY})["a"])


@pytest.mark.parametrize("number", [123456, -12345, 1234567890, 12345.5])
def test_the_shortest_number_that_can_be_a_copy_is_looked_for(redactor, number):
    redactor.learn(number)
    assert is_token(redactor.value({"pin": number, "other": 5})["pin"])


def test_a_secret_name_among_many_is_seen_whatever_was_seen_before(redactor):
    for names in (["a", "b"], ["a", "db_password"], [f"k{n}" for n in range(100)]):
        redacted = redactor.value(dict.fromkeys((*names, "api_key"), "hunter2-9f"))
        assert is_token(redacted["api_key"])


def test_contains_secret_looks_into_everything(redactor):
    token = redactor.mark(CANARY)
    for value in (
        token,
        {token: 1},
        {"a": [[], {"b": (1, {"c": token})}]},
        [frozenset({token})],
        [5, None, "", {"a": {"b": [f"x{token}"]}}],
    ):
        assert redactor.contains_secret(value)
    assert not redactor.contains_secret({"a": ["(sensitive x)", 5], "b": {}})
