from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from driftguard.compare.earlier import Earlier
from driftguard.compare.everything import compare_everything
from driftguard.compare.resource import ResourceComparison
from driftguard.model import Absent, Declared, Item, Scope
from driftguard.redact import Redactor
from tests.compare.things import TYPES, declare

A = declare("aws_thing", "a", id="a", name="declared", rules=["r"])
ITEM = Item(id="a", raw={"Name": "live", "Rules": ["r"]})


@dataclass(frozen=True, kw_only=True)
class Live:
    items: Mapping[str, Item]

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent:
        return self.items.get(object_id) or Absent(id=object_id)


def compared(
    earlier: Earlier, redact: Redactor, item: Item, *declared: Declared
) -> ResourceComparison:
    """Compare with what was found earlier; it is what is found without."""
    earlier.begin(redact, redact.knowledge)
    live = Live(items={"a": item})
    found = compare_everything(TYPES, declared, live, redact, earlier=earlier).resources[0]
    anew = compare_everything(TYPES, declared, live, redact).resources[0]
    assert (anew.drift, anew.unknown, anew.compared) == (found.drift, found.unknown, found.compared)
    return found


def test_what_is_the_same_on_both_sides_is_compared_once(redact: Redactor) -> None:
    earlier = Earlier()
    first = compared(earlier, redact, ITEM, A)
    twin = declare("aws_thing", "a", id="a", name="declared", rules=["r"])
    assert first is compared(earlier, redact, ITEM, twin)
    assert first is compared(earlier, redact, ITEM, A)


def test_a_change_of_either_side_is_compared_anew(redact: Redactor) -> None:
    earlier = Earlier()
    first = compared(earlier, redact, ITEM, A)
    other = Item(id="a", raw={"Name": "declared", "Rules": ["r"]})
    healed = compared(earlier, redact, other, A)
    assert first.drift is not None
    assert healed.drift is None
    edited = declare("aws_thing", "a", id="a", name="edited", rules=["r"])
    assert compared(earlier, redact, other, edited).drift is not None


def test_a_new_owner_of_a_part_is_heard(redact: Redactor) -> None:
    earlier = Earlier()
    item = Item(id="a", raw={"Name": "declared", "Rules": ["r", "s"]})
    rule = declare("aws_thing_rule", "s", thing="a", rule="s")
    assert compared(earlier, redact, item, A).drift is not None
    assert compared(earlier, redact, item, A, rule).drift is None
    assert compared(earlier, redact, item, A).drift is not None


def test_one_who_learnt_a_secret_tells_it_no_more(redact: Redactor) -> None:
    earlier = Earlier()
    item = Item(id="a", raw={"Name": "hunter2hunter2", "Rules": ["r"]})
    assert "hunter2" in repr(compared(earlier, redact, item, A).drift)
    redact.learn("hunter2hunter2")
    assert "hunter2" not in repr(compared(earlier, redact, item, A).drift)
