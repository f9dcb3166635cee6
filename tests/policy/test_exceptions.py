from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from driftguard.clock import SystemClock
from driftguard.model import Address, Scope
from driftguard.policy.addresses import Pattern
from driftguard.policy.exceptions import SOON, Exceptions, RuleException
from driftguard.policy.expiry import end_of

RULE = "DG-AWS-SG-001"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
SCOPE = Scope(account="111122223333", region="eu-central-1")
WEB = Address(type="aws_security_group", name="web")


def exception(name: str = "A", **changes: object) -> RuleException:
    expires = str(changes.pop("expires", "2026-12-31"))
    address = str(changes.pop("address", "aws_security_group.web"))
    values = {
        "rules": frozenset({RULE}),
        "reason": "a bastion",
        "ticket": "NET-1",
        "owner": "network",
        "approver": "security",
        **changes,
    }
    return RuleException(
        id=name,
        address=Pattern.of(address),
        expires=expires,
        end=end_of(expires),
        **values,  # type: ignore[arg-type]
    )


def matched(*exceptions: RuleException, rule: str = RULE, address: Address = WEB) -> str | None:
    return Exceptions(exceptions).match(rule, address, SCOPE, NOW)


def test_an_exception_accepts_its_rule_at_its_address():
    assert "A" == matched(exception())


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": frozenset({"DG-AWS-SG-002"})},
        {"address": "aws_security_group.web2"},
        {"address": "module.*.aws_security_group.web"},
        {"account": "999999999999"},
        {"region": "us-east-1"},
        {"expires": "2026-06-14"},
        {"expires": "soon"},
    ],
)
def test_an_exception_for_something_else_accepts_nothing(changes: dict[str, object]):
    assert matched(exception(**changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"account": SCOPE.account},
        {"region": SCOPE.region},
        {"account": SCOPE.account, "region": SCOPE.region},
        {"address": "aws_security_group.w*"},
    ],
)
def test_an_exception_may_say_where_it_is_for(changes: dict[str, object]):
    assert "A" == matched(exception(**changes))


def test_an_expired_exception_leaves_it_to_the_next():
    assert "B" == matched(exception("A", expires="2025-01-01"), exception("B"))


def test_a_key_with_a_star_is_matched_as_it_is_written():
    starred = Address(type="aws_security_group", name="web", key="a*b")
    assert "A" == matched(exception(address=str(starred)), address=starred)


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 23, 59, 59, 999999, UTC)),
        ("2026-12-31T18:00:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31T18:00:00+02:00", datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2026-12-31 18:00", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)),
    ],
)
def test_a_date_counts_to_its_end_and_a_time_to_the_second(expires: str, end: datetime):
    assert end == end_of(expires)
    assert exception(expires=expires).counts(end)
    assert not exception(expires=expires).counts(end + timedelta(microseconds=1))


@pytest.mark.parametrize(
    "expires",
    [
        "",
        "never",
        "soon",
        "2026",
        "2026-12",
        "20261231",
        "2026-W01-1",
        "2026-02-30",
        "2025-02-29",
        "31.12.2026",
        "12/31/2026",
        "2026-12-31T25:00",
        "2026-12-31T18:00+99:00",
        "0000-01-01",
        "10000-01-01",
        "2026-12-31 ",
        "\u0662\u0660\u0662\u0666-12-31",
        "2026-12-31\n",
        "+2026-12-31",
    ],
)
def test_a_malformed_date_has_expired_and_says_so(expires: str):
    one = exception(expires=expires)
    assert one.end is None
    assert not one.counts(datetime.min.replace(tzinfo=UTC))
    (state,) = Exceptions([one]).tally(NOW, {})
    assert ("expired", expires) == (state.state, state.expires)
    assert "a date that can't be read, which counts as expired" in state.note


@pytest.mark.parametrize("expires", ["0001-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_time_are_no_trouble(expires: str):
    (state,) = Exceptions([exception(expires=expires)]).tally(NOW)
    assert state.state in ("active", "expired")


def states(*exceptions: RuleException, used: dict[str, int] | None = None) -> list[str]:
    return [one.state for one in Exceptions(exceptions).tally(NOW, used)]


def test_an_exception_that_is_used_is_active():
    (state,) = Exceptions([exception()]).tally(NOW, {"A": 3})
    assert ("A", "active", "2026-12-31", 3, "") == (
        state.id, state.state, state.expires, state.matched, state.note,
    )  # fmt: skip


def test_it_warns_two_weeks_before_its_end():
    end = end_of("2026-12-31")
    assert end is not None
    told = Exceptions([exception()])
    (before,) = told.tally(end - SOON - timedelta(microseconds=1), {"A": 1})
    (after,) = told.tally(end - SOON, {"A": 1})
    assert ("active", "") == (before.state, before.note)
    assert "expiring" == after.state
    assert "The exception A expires on 2026-12-31" in after.note


def test_an_expired_one_says_so_whether_it_would_be_used_or_not():
    (state,) = Exceptions([exception(expires="2026-01-01")]).tally(NOW, {})
    assert "expired" == state.state
    assert "expired on 2026-01-01 and no longer counts" in state.note
    assert "driftguard exception prune" in state.note


def test_one_that_accepts_nothing_is_unused_only_where_somebody_counted():
    assert ["unused"] == states(exception(), used={})
    assert ["active"] == states(exception())


def test_none_is_left_out_of_the_tally_and_the_order_is_that_of_the_file():
    told = (exception("C"), exception("A", expires="2025-01-01"), exception("B"))
    assert ["active", "expired", "unused"] == states(*told, used={"C": 1})


def test_a_thousand_exceptions_and_ten_thousand_findings_take_a_moment():
    many = [
        exception(f"E{number}", address=f'aws_security_group.g{number}["*"]')
        for number in range(1000)
    ]
    exceptions = Exceptions(many)
    address = Address(type="aws_security_group", name="g999", key="a")
    clock = SystemClock()
    began = clock.monotonic()
    for _ in range(100):
        assert "E999" == exceptions.match(RULE, address, SCOPE, NOW)
    assert clock.monotonic() - began < 20  # a pass over all for each takes minutes
