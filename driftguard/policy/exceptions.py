"""Exceptions to the rules: the one matcher for all commands. Pure; the time is handed in.

An exception accepts what some rules find at some addresses until it expires. An
expired one accepts nothing, and says so for as long as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from driftguard.model import Address, ExceptionState, Scope
from driftguard.policy.addresses import Pattern, parts_of

SOON = timedelta(days=14)
"""How long before its end an exception warns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleException:
    """One exception. Its fields are those of ``exception_fields.ExceptionFields``."""

    id: str
    rules: frozenset[str]
    address: Pattern
    account: str = ""
    """Empty: any."""
    region: str = ""
    """Empty: any."""
    reason: str
    ticket: str
    owner: str
    approver: str
    expires: str
    """As it is written in the file."""
    end: datetime | None
    """The last moment at which it counts; None where ``expires`` is no date."""
    line: int = 0
    """Where it stands in the file."""

    def counts(self, now: datetime) -> bool:
        """Tell whether it has not expired; without a readable date it has."""
        return self.end is not None and now <= self.end

    def reaches(self, scope: Scope) -> bool:
        """Tell whether it is for this account and region."""
        return self.account in ("", scope.account) and self.region in ("", scope.region)


class Exceptions:
    """All the exceptions of a file, indexed by rule. Never changes."""

    def __init__(self, exceptions: Iterable[RuleException] = ()) -> None:
        self.all = tuple(exceptions)
        """In the order of the file."""
        self._exact: dict[tuple[str, str], list[RuleException]] = {}
        self._globs: dict[tuple[str, int], list[RuleException]] = {}
        for one in self.all:
            for rule in one.rules:
                self._exact.setdefault((rule, one.address.text), []).append(one)
                if not one.address.exact:
                    self._globs.setdefault((rule, len(one.address.parts)), []).append(one)

    def match(self, rule_id: str, address: Address, scope: Scope, now: datetime) -> str | None:
        """Return the id of the exception that accepts what a rule found, or None.

        Of several the exact ones come first, then the first in the file; an
        expired one never counts.
        """
        text = str(address)
        found = (one for one in self._for(rule_id, text) if one.reaches(scope) and one.counts(now))
        return next((one.id for one in found), None)

    def _for(self, rule_id: str, address: str) -> Iterator[RuleException]:
        yield from self._exact.get((rule_id, address), ())
        if not self._globs:
            return
        parts = parts_of(address) or ()
        for one in self._globs.get((rule_id, len(parts)), ()):
            if one.address.matches(address, parts):
                yield one

    def tally(
        self, now: datetime, used: Mapping[str, int] | None = None
    ) -> tuple[ExceptionState, ...]:
        """Return how each exception stands, in the order of the file; none is left out.

        ``used`` counts what each accepted. Without it nothing was looked at, and
        none is called unused.
        """
        return tuple(_state(one, now, used) for one in self.all)


def _state(one: RuleException, now: datetime, used: Mapping[str, int] | None) -> ExceptionState:
    matched = (used or {}).get(one.id, 0)
    state, note = "active", ""
    if not one.counts(now):
        state, note = "expired", _expired(one)
    elif used is not None and not matched:
        state = "unused"
    elif one.end is not None and one.end - now <= SOON:
        state = "expiring"
        note = (
            f"The exception {one.id} expires on {one.expires}: put right what it accepts, or have "
            "it approved again."
        )
    return ExceptionState(id=one.id, state=state, expires=one.expires, matched=matched, note=note)


def _expired(one: RuleException) -> str:
    why = (
        "has a date that can't be read, which counts as expired"
        if one.end is None
        else f"expired on {one.expires} and no longer counts"
    )
    return (
        f"The exception {one.id} {why}: renew it, or take it out by `driftguard exception prune`."
    )
