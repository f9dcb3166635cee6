"""All of a scan: missing, unknown, owned, adopted, unmanaged, and nothing left out."""

from __future__ import annotations

from driftguard.compare.everything import compare_everything, managed_ids, wanted_parts
from driftguard.compare.search import Search
from driftguard.compare.selection import Selection
from driftguard.model import Declared, DriftKind, Scope, Unreadable
from driftguard.redact import Redactor
from tests.compare.things import ROLE, SCOPE, THING, THINGS, TYPES, Seen, declare, seen

A = declare("aws_thing", "a", id="a", name="a")
ELSEWHERE = Scope(account=SCOPE.account, region="us-east-1")


def drifts(declared: list[Declared], live: Seen, redact: Redactor) -> list[tuple[str, str, str]]:
    """Return (address, kind, path) of every difference."""
    found = compare_everything(TYPES, declared, live, redact)
    return [
        (str(one.declared.address), one.drift.kind.value, path)
        for one in found.resources
        if one.drift is not None
        for path in [change.path for change in one.drift.changes] or [""]
    ]


def test_what_is_as_declared_is_no_drift(redact: Redactor):
    assert [] == drifts([A], seen(a={}), redact)


def test_what_is_gone_is_missing(redact: Redactor):
    assert [("aws_thing.a", DriftKind.MISSING, "")] == drifts([A], seen(b={}), redact)


def test_what_could_not_be_read_is_unknown_and_never_missing(redact: Redactor):
    live = Seen(parts={(THINGS, SCOPE): Unreadable(reason="throttled", retryable=True)})
    [one] = compare_everything(TYPES, [A], live, redact).resources
    assert one.drift is None
    assert one.unknown is not None
    assert ("throttled", True) == (one.unknown.reason, one.unknown.retryable)


def test_a_state_without_the_id_is_unknown(redact: Redactor):
    [one] = compare_everything(TYPES, [declare("aws_thing", "a")], seen(), redact).resources
    assert one.unknown is not None
    assert one.drift is None


def test_a_value_that_has_no_form_makes_the_resource_unknown(redact: Redactor):
    [one] = compare_everything(TYPES, [A], seen(a={"Name": {"odd": 1}}), redact).resources
    assert one.unknown is not None
    assert "name" in one.unknown.reason


def test_unknown_types_are_counted(redact: Redactor):
    declared = [A, declare("random_pet", "p"), declare("random_pet", "q")]
    found = compare_everything(TYPES, declared, seen(a={}), redact)
    assert {"random_pet": 2} == found.unsupported


def test_a_rule_of_its_own_resource_is_no_drift_of_the_thing(redact: Redactor):
    rule = declare("aws_thing_rule", "r", thing="a", rule="ssh")
    assert [] == drifts([A, rule], seen(a={"Rules": ["ssh"]}), redact)


def test_a_rule_that_is_gone_is_drift_of_its_own_resource_alone(redact: Redactor):
    rule = declare("aws_thing_rule", "r", thing="a", rule="ssh")
    found = drifts([A, rule], seen(a={"Rules": []}), redact)
    assert [("aws_thing_rule.r", DriftKind.MISSING, "")] == found


def test_a_rule_nobody_declares_is_drift_of_the_thing(redact: Redactor):
    found = drifts([A], seen(a={"Rules": ["ssh"]}), redact)
    assert [("aws_thing.a", DriftKind.CHANGED, "rules")] == found


def test_a_part_owned_by_a_type_we_do_not_read_is_left_to_it(redact: Redactor):
    website = declare("aws_thing_website", "w", thing="a")
    assert [] == drifts([A, website], seen(a={"Website": "x"}), redact)
    other = declare("aws_thing_website", "w", thing="b")
    assert [("aws_thing.a", "changed", "website")] == drifts(
        [A, other], seen(a={"Website": "x"}), redact
    )


def test_the_claims_of_excluded_resources_still_count(redact: Redactor):
    rule = declare("aws_thing_rule", "r", thing="a", rule="ssh")
    live = seen(a={"Rules": ["ssh"]})
    found = compare_everything(
        TYPES, [A, rule], live, redact, lambda one: one.address.type == "aws_thing"
    )
    assert [None] == [one.drift for one in found.resources]


def test_claims_in_another_region_are_not_about_this_object(redact: Redactor):
    rule = declare("aws_thing_rule", "r", ELSEWHERE, thing="a", rule="ssh")
    live = Seen(
        parts={
            (THINGS, SCOPE): {"a": {"Name": "a", "Rules": ["ssh"]}},
            (THINGS, ELSEWHERE): {"a": {"Rules": ["ssh"]}},
        }
    )
    assert [("aws_thing.a", "changed", "rules")] == drifts([A, rule], live, redact)


def test_a_global_type_is_read_once_for_all_regions():
    roles = [declare("aws_role", "r", id="r"), declare("aws_role", "s", ELSEWHERE, id="s")]
    everywhere = Scope(account=SCOPE.account, region="global")
    assert {("demo.roles", everywhere): frozenset({"r", "s"})} == wanted_parts(TYPES, roles)


def unmanaged(live: Seen, declared: list[Declared], redact: Redactor, **more: bool) -> list[str]:
    search = Search.of({"aws_thing": THING}, [SCOPE], Selection())
    options = {"aws_defaults": False, **more}
    managed = managed_ids(TYPES, declared)
    return [str(one.address) for one in search.found(live, managed, redact, **options)]


def test_what_nobody_declares_is_unmanaged(redact: Redactor):
    assert ['aws_thing.unmanaged["b"]'] == unmanaged(seen(a={}, b={}), [A], redact)


def test_what_another_type_adopts_is_managed(redact: Redactor):
    adopted = declare("aws_default_thing", "d", id="b")
    assert [] == unmanaged(seen(a={}, b={}), [A, adopted], redact)


def test_a_foreign_resource_of_the_same_id_hides_nothing(redact: Redactor):
    namesake = declare("random_pet", "p", id="b")
    assert ['aws_thing.unmanaged["b"]'] == unmanaged(seen(b={}), [namesake], redact)


def test_a_declared_part_does_not_make_its_object_managed(redact: Redactor):
    rule = declare("aws_thing_rule", "r", thing="b", rule="ssh")
    assert ['aws_thing.unmanaged["b"]'] == unmanaged(seen(b={}), [rule], redact)


def test_what_aws_made_itself_is_told_only_when_asked_for(redact: Redactor):
    live = seen(b={"Own": True})
    assert [] == unmanaged(live, [], redact)
    assert ['aws_thing.unmanaged["b"]'] == unmanaged(live, [], redact, aws_defaults=True)


def test_a_scope_that_could_not_be_listed_is_unsearched(redact: Redactor):
    search = Search.of(TYPES, [SCOPE], Selection())
    live = Seen(parts={(THINGS, SCOPE): Unreadable(reason="denied")})
    found = {(one.type, one.reason) for one in search.unsearched(live)}
    assert {("aws_thing", "denied"), ("aws_role", "not looked at")} == found


def test_only_selected_types_are_searched():
    search = Search.of(TYPES, [SCOPE], Selection(include=("aws_role",)))
    assert [ROLE.name] == [one.name for one, _ in search.parts]


def test_a_scope_nobody_knows_is_not_searched():
    assert () == Search.of(TYPES, [Scope(account="", region="eu-west-1")], Selection()).parts
