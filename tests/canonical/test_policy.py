import json
import time
from urllib.parse import quote

import pytest

from driftguard.canonical.freeze import thaw
from driftguard.canonical.policy import POLICY, parse
from driftguard.errors import CanonicalError
from driftguard.model import ChangeKind

TOKEN = "(sensitive 0123456789abcdef01234567)"


def statement(**elements):
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}


def document(*statements, **head):
    return {"Version": "2012-10-17", "Statement": list(statements), **head}


def changes(declared, live):
    before, after = POLICY.canonical(declared), POLICY.canonical(live)
    assert before != after
    return [(one.path, one.kind) for one in POLICY.changes("policy", before, after)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Statement": statement()}, {"Statement": [statement()]}),
        ({"Statement": []}, {"Version": "2008-10-17", "Statement": []}),
        (document(statement()), document(statement(Action=["s3:GetObject"]))),
        (document(statement()), document(statement(Action="S3:getobject"))),
        (document(statement(NotAction="iam:*")), document(statement(NotAction=["IAM:*"]))),
        (document(statement(Action=["a:B", "a:C"])), document(statement(Action=["a:c", "a:b"]))),
        (document(statement(Action=["a:B", "a:b"])), document(statement(Action="a:b"))),
        (document(statement(Resource=["x", "y"])), document(statement(Resource=["y", "x"]))),
        (document(statement(Principal="*")), document(statement(Principal={"AWS": ["*"]}))),
        (
            document(statement(Principal={"AWS": "123456789012"})),
            document(statement(Principal={"AWS": "arn:aws:iam::123456789012:root"})),
        ),
        (
            document(statement(Principal={"AWS": "123456789012"})),
            document(statement(Principal={"AWS": ["arn:aws-us-gov:iam::123456789012:root"]})),
        ),
        (document(statement(Sid="")), document(statement())),
        (document(statement(Condition={})), document(statement())),
        (
            document(statement(Condition={"StringEquals": {"aws:SourceAccount": ["1", "2"]}})),
            document(statement(Condition={"stringequals": {"AWS:sourceaccount": ["2", "1"]}})),
        ),
        (
            document(statement(Condition={"Bool": {"aws:SecureTransport": True}})),
            document(statement(Condition={"Bool": {"aws:SecureTransport": ["True"]}})),
        ),
        (
            document(statement(Condition={"NumericEquals": {"s3:max-keys": 5}})),
            document(statement(Condition={"NumericEquals": {"s3:max-keys": "5"}})),
        ),
        (document(statement(), statement(Sid="b")), document(statement(Sid="b"), statement())),
        (document(statement(), statement()), document(statement())),
        (document(Id=""), document()),
        ({"version": "2012-10-17", "statement": [statement()]}, document(statement())),
        (document(statement(Effect="allow")), document(statement(Effect="Allow"))),
        ("", None),
        ("{}", None),
        ("null", None),
    ],
)
def test_what_means_the_same_is_equal(one, other):
    assert POLICY.canonical(one) == POLICY.canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(), statement(Effect="Deny")),
        (statement(), statement(Action="s3:*")),
        (statement(), statement(Action=["s3:GetObject", "s3:PutObject"])),
        (statement(Resource="arn:aws:s3:::b/K"), statement(Resource="arn:aws:s3:::b/k")),
        (statement(), {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}),
        (statement(Sid="a"), statement(Sid="b")),
        (statement(Principal={"AWS": "*"}), statement(Principal={"Service": "*"})),
        (statement(Principal="*"), statement(NotPrincipal="*")),
        (
            statement(Principal={"AWS": "arn:aws:iam::123456789012:role/app"}),
            statement(Principal={"AWS": "AROAY5Y4D45RPLLU2OO3I"}),
        ),
        (
            statement(Principal={"AWS": "123456789012"}),
            statement(Principal={"AWS": "arn:aws:iam::123456789012:user/root"}),
        ),
        (statement(Condition={"Bool": {"aws:SecureTransport": "true"}}), statement()),
        (
            statement(Condition={"StringEquals": {"aws:PrincipalTag/team": "Blue"}}),
            statement(Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}),
        ),
        (
            statement(Condition={"StringEquals": {"k:k": "v"}}),
            statement(Condition={"StringEqualsIfExists": {"k:k": "v"}}),
        ),
        (statement(), statement(Unheard="of")),
    ],
)
def test_what_means_something_else_differs(one, other):
    assert POLICY.canonical(document(one)) != POLICY.canonical(document(other))


def test_the_version_and_the_id_count():
    assert changes({"Version": "2012-10-17"}, {"Statement": [], "Id": "x"}) == [
        ("policy.Id", ChangeKind.ADDED),
        ("policy.Version", ChangeKind.CHANGED),
    ]


def test_an_unknown_element_of_the_document_counts():
    assert changes(document(), document(Extra=1)) == [("policy.Extra", ChangeKind.ADDED)]


@pytest.mark.parametrize(
    "spelt",
    [
        quote(json.dumps(document(statement()))),
        quote("\n " + json.dumps(document(statement()))),
        f"\n{json.dumps(document(statement()), indent=4)}\n",
    ],
)
def test_text_is_read_url_encoded_or_not(spelt):
    assert POLICY.canonical(document(statement())) == POLICY.canonical(spelt)


@pytest.mark.parametrize(
    "broken",
    [
        "<html>",
        "[1]",
        "5",
        '"text"',
        5,
        [],
        [document()],
        "[" * 100_000,
        '{"Statement": 5}',
        '{"Statement": [null]}',
        '{"Statement": [[]]}',
        '{"Statement": {"Action": [null]}}',
        '{"Statement": {"Action": {"a": 1}}}',
        '{"Statement": {"Condition": 5}}',
        '{"Statement": {"Condition": {"Bool": 5}}}',
        '{"Statement": {"Condition": {"Bool": {"a": {}}}}}',
        '{"Statement": {"Effect": []}}',
        '{"Version": []}',
        '{"Id": NaN}',
        '{"Statement": [], "Statement": []}',
        '{"Statement": {"Action": "s3:GetObject", "Action": "s3:*"}}',
        json.dumps({"Id": json.loads("[" * 100 + "]" * 100)}),
        {"Statement": {"Action": json.loads("[" * 900 + "]" * 900)}},
    ],
)
def test_what_is_no_policy_is_told_as_such(broken):
    with pytest.raises(CanonicalError):
        POLICY.canonical(broken)


def test_an_error_never_quotes_the_document():
    with pytest.raises(CanonicalError) as caught:
        parse("hunter2 {")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "hiding",
    [
        statement(action="*"),
        statement(ACTION="*"),
        statement(Condition={"Bool": {"a:b": "1"}, "bool": {"a:c": "1"}}),
        statement(Condition={"Bool": {"a:b": "1", "a:B": "2"}}),
    ],
)
def test_an_element_cannot_hide_behind_one_that_differs_in_case(hiding):
    plain = [
        statement(),
        statement(Condition={"Bool": {"a:b": "1"}}),
        statement(Condition={"Bool": {"a:c": "1"}}),
        statement(Condition={"Bool": {"a:b": "2"}}),
    ]
    backwards = dict(reversed(hiding.items()))
    assert POLICY.canonical(document(hiding)) == POLICY.canonical(document(backwards))
    for one in plain:
        assert POLICY.canonical(document(hiding)) != POLICY.canonical(document(one))


def test_the_token_of_a_secret_survives_in_every_place():
    place = {
        "Version": TOKEN,
        "Id": TOKEN,
        "Statement": [
            {
                **dict.fromkeys(("Sid", "Effect", "Principal", "Other"), TOKEN),
                **{name: [TOKEN] for name in ("Action", "NotAction", "Resource", "NotResource")},
                "Condition": {TOKEN: {TOKEN: TOKEN}},
            }
        ],
    }
    text = json.dumps(thaw(POLICY.canonical(place)))
    assert text.count(TOKEN) == json.dumps(place).count(TOKEN)


def test_a_statement_edited_under_its_sid_is_one_change():
    declared = document(statement(Sid="read"), statement(Sid="list", Action="s3:List*"))
    live = document(statement(Sid="list", Action="s3:List*"), statement(Sid="read", Action="*"))
    (change,) = POLICY.changes("policy", POLICY.canonical(declared), POLICY.canonical(live))
    assert change.path == 'policy.Statement["read"]'
    assert change.kind is ChangeKind.CHANGED
    assert change.declared == {**statement(Sid="read", Action=["s3:getobject"]), "Resource": ["*"]}
    assert change.live == {**statement(Sid="read", Action=["*"]), "Resource": ["*"]}


def test_a_statement_without_a_sid_is_lost_and_another_gained():
    assert changes(document(statement()), document(statement(Action="*"))) == [
        ("policy.Statement", ChangeKind.REMOVED),
        ("policy.Statement", ChangeKind.ADDED),
    ]


def test_statements_that_share_a_sid_are_each_told():
    declared = document(statement(Sid="a"), statement(Sid="a", Action="s3:List*"))
    live = document(*(statement(Sid="a", Action=f"ec2:{name}") for name in "xyz"))
    assert sorted(changes(declared, live)) == [
        ('policy.Statement["a"]', ChangeKind.ADDED),
        ('policy.Statement["a"]', ChangeKind.CHANGED),
        ('policy.Statement["a"]', ChangeKind.CHANGED),
    ]


def test_a_policy_gone_or_new_is_one_change_that_shows_it_whole():
    (change,) = POLICY.changes("policy", POLICY.canonical(document(statement())), None)
    assert change.kind is ChangeKind.REMOVED
    assert change.declared == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["*"]}],
    }


def test_a_policy_of_a_megabyte_takes_bounded_time():
    def big(prefix):
        return document(
            *(statement(Resource=f"{prefix}-{n}", Sid=f"{n % 3}") for n in range(13_000))
        )

    declared, live = json.dumps(big("a")), json.dumps(big("b"))
    assert len(declared) > 1_000_000
    started = time.process_time()
    told = changes(declared, live)
    assert len(told) == 13_000
    assert time.process_time() - started < 5
