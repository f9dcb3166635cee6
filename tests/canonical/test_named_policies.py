import pytest

from driftguard.canonical.named_policies import NAMED_POLICIES
from driftguard.errors import CanonicalError
from driftguard.model import ChangeKind


def block(name, action="s3:GetObject"):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"name": name, "policy": {"Version": "2012-10-17", "Statement": statement}}


def changes(declared, live):
    before, after = NAMED_POLICIES.canonical(declared), NAMED_POLICIES.canonical(live)
    return [(one.path, one.kind) for one in NAMED_POLICIES.changes("inline_policy", before, after)]


@pytest.mark.parametrize("nothing", [None, [], [{"name": "", "policy": ""}], [{}]])
def test_the_providers_spellings_of_no_policy_are_nothing(nothing):
    assert NAMED_POLICIES.canonical(nothing) is None


def test_order_makes_no_difference():
    one, other = [block("a"), block("b")], [block("b", ["S3:getobject"]), block("a")]
    assert NAMED_POLICIES.canonical(one) == NAMED_POLICIES.canonical(other)


def test_each_policy_is_told_under_its_name():
    declared = [block("a"), block("b"), block("c")]
    live = [block("a"), block("b", "s3:*"), block("d")]
    assert changes(declared, live) == [
        ('inline_policy["b"].policy.Statement', ChangeKind.REMOVED),
        ('inline_policy["b"].policy.Statement', ChangeKind.ADDED),
        ('inline_policy["c"]', ChangeKind.REMOVED),
        ('inline_policy["d"]', ChangeKind.ADDED),
    ]


def test_a_changed_policy_stays_the_same_member():
    (old,) = NAMED_POLICIES.members(NAMED_POLICIES.canonical([block("a")]))
    (new,) = NAMED_POLICIES.members(NAMED_POLICIES.canonical([block("a", "s3:*")]))
    assert old != new
    assert NAMED_POLICIES.identity(old) == NAMED_POLICIES.identity(new)


@pytest.mark.parametrize("broken", ["a", [5], [{"name": "a", "policy": "<"}]])
def test_what_is_no_inline_policy_is_told_as_such(broken):
    with pytest.raises(CanonicalError):
        NAMED_POLICIES.canonical(broken)
