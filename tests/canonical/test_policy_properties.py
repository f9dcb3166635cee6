import json

from hypothesis import given
from hypothesis import strategies as st

from driftguard.canonical.freeze import thaw
from driftguard.canonical.policy import POLICY
from driftguard.errors import CanonicalError

WORDS = st.text(alphabet="abcXYZ*/-", min_size=1, max_size=6)
ACTIONS = st.builds("{}:{}".format, st.sampled_from(["s3", "ec2", "iam"]), WORDS)
ACCOUNTS = st.from_regex(r"\d{12}", fullmatch=True).map(str)
PRINCIPALS = st.one_of(
    ACCOUNTS, WORDS, st.just("*"), ACCOUNTS.map(lambda number: f"arn:aws:iam::{number}:root")
)


def some(of):
    return st.lists(of, min_size=1, max_size=3)


CONDITIONS = st.dictionaries(
    st.sampled_from(["StringEquals", "Bool", "IpAddress"]),
    st.dictionaries(st.sampled_from(["aws:SourceIp", "s3:prefix"]), some(WORDS), min_size=1),
    min_size=1,
)
STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": some(ACTIONS),
        "Resource": some(WORDS),
    },
    optional={
        "Sid": WORDS,
        "Principal": st.fixed_dictionaries({"AWS": some(PRINCIPALS)}),
        "Condition": CONDITIONS,
    },
)
POLICIES = st.builds(
    lambda statements, head: {"Version": "2012-10-17", **head, "Statement": statements},
    some(STATEMENTS),
    st.fixed_dictionaries({}, optional={"Id": WORDS}),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = ("Version", "Id", "Statement", "Sid", "Effect", "Principal", "Action", "Condition", "bool")
POLICY_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES + tuple(map(str.lower, NAMES))), inner, max_size=4)
    ),
    max_leaves=20,
)


class _Respelling:
    def __init__(self, draw):
        self.draw = draw

    def respelt(self, policy):
        """Return the same policy, spelled another way wherever ``draw`` decides to."""
        statements = [self._statement(one) for one in policy["Statement"]]
        return self._turned({**policy, "Statement": self._listed(statements)})

    def _statement(self, one):
        spelt = dict(one)
        name = "Action" if "Action" in one else "NotAction"
        spelt[name] = self._listed([self._cased(action) for action in one[name]])
        spelt["Resource"] = self._listed(one["Resource"])
        if "Principal" in one:
            who = self._listed([self._account(name) for name in one["Principal"]["AWS"]])
            spelt["Principal"] = "*" if who == "*" and self._flip() else {"AWS": who}
        if "Condition" in one:
            spelt["Condition"] = {
                self._cased(operator): {
                    self._cased(key): self._listed(values) for key, values in keys.items()
                }
                for operator, keys in self._turned(one["Condition"]).items()
            }
        return self._turned(spelt)

    def _flip(self):
        return self.draw(st.booleans())

    def _cased(self, text):
        return text.swapcase() if self._flip() else text

    def _listed(self, values):
        values = self.draw(st.permutations(values + values if self._flip() else values))
        return values[0] if len(values) == 1 and self._flip() else list(values)

    def _turned(self, mapping):
        return dict(self.draw(st.permutations(list(mapping.items()))))

    def _account(self, principal):
        if principal.isdigit() and self._flip():
            return f"arn:aws:iam::{principal}:root"
        return principal


@given(policy=POLICIES, data=st.data())
def test_spelling_and_order_make_no_difference(policy, data):
    respelt = _Respelling(data.draw).respelt(policy)
    assert POLICY.canonical(policy) == POLICY.canonical(json.dumps(respelt))


@given(POLICIES | POLICY_LIKE)
def test_the_canonical_form_of_a_canonical_form_is_itself(policy):
    try:
        canonical = POLICY.canonical(policy)
    except CanonicalError:
        return
    assert canonical == POLICY.canonical(thaw(canonical))


@given(JSON | POLICY_LIKE)
def test_no_json_crashes_it(value):
    for given_as in (value, json.dumps(value), str(value)):
        try:
            hash(POLICY.canonical(given_as))
        except CanonicalError as error:
            assert error.message  # noqa: PT017  # that it may be raised is the point


@given(one=POLICY_LIKE, other=POLICY_LIKE)
def test_unequal_documents_always_have_a_change(one, other):
    try:
        declared, live = POLICY.canonical(one), POLICY.canonical(other)
    except CanonicalError:
        return
    assert declared == live or list(POLICY.changes("policy", declared, live))


def _added_action(one):
    return {**one, "Action": [*one["Action"], "kms:Decrypt"]}


def _widened_resource(one):
    return {**one, "Resource": [*one["Resource"], "arn:aws:s3:::everything"]}


def _turned_effect(one):
    return {**one, "Effect": {"Allow": "Deny", "Deny": "Allow"}[one["Effect"]]}


def _another_condition(one):
    conditions = dict(one.get("Condition", {}))
    if "Bool" in conditions:
        del conditions["Bool"]
    else:
        conditions["Bool"] = {"aws:SecureTransport": "true"}
    return {**one, "Condition": conditions}


def _another_principal(one):
    who = one.get("Principal", {"AWS": []})["AWS"]
    return {**one, "Principal": {"AWS": [*who, "AROAY5Y4D45RPLLU2OO3I"]}}


def _turned_into_not(one):
    rest = {name: inner for name, inner in one.items() if name != "Action"}
    return {**rest, "NotAction": one["Action"]}


MUTATIONS = st.sampled_from(
    [
        _added_action,
        _widened_resource,
        _turned_effect,
        _another_condition,
        _another_principal,
        _turned_into_not,
    ]
)


@given(policy=POLICIES, mutate=MUTATIONS, data=st.data())
def test_a_change_of_meaning_is_always_a_difference(policy, mutate, data):
    statements = policy["Statement"]
    at = data.draw(st.integers(0, len(statements) - 1))
    mutated = mutate(statements[at])
    others = [*statements[:at], *statements[at + 1 :]]
    live = _Respelling(data.draw).respelt({**policy, "Statement": [*others, mutated]})
    # An untouched twin of the statement would make the mutation an addition,
    # and of the mutated one a removal: both are differences too, unless a twin
    # of each was there before.
    forms = {json.dumps(thaw(POLICY.canonical({"Statement": one}))) for one in statements}
    if json.dumps(thaw(POLICY.canonical({"Statement": mutated}))) in forms:
        return
    assert POLICY.canonical(policy) != POLICY.canonical(live)
