"""What a bulk call listed, and more about the declared ones: one call per object and detail.

Most services list names only. Each detail hangs under a key of its own in the
item; one that could not be read is unread there, and the rest still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from driftguard.live.reader import Answer, Listing, Reader
from driftguard.model import Item, Unreadable

Raw = Mapping[str, object]

_NOT_ASKED = Unreadable(reason="it was not asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One call per object, and where its answer hangs."""

    key: str
    operation: str
    params: Callable[[str, Raw], Raw]
    """(id, what the bulk call said of it) → the call's parameters."""
    absent: tuple[str, ...] = ()
    """Error codes that mean that the object has no such thing (``key`` is None then)."""
    inside: str = ""
    """The part of the answer to keep; "" for all of it."""
    must: bool = False
    """Whether an answer without ``inside`` is malformed; else it means there is none."""
    proves: bool = False
    """Whether the answer tells that the object itself exists, and ``absent`` that it doesn't."""


def read_in_detail(
    reader: Reader,
    service: str,
    listed: Mapping[str, Raw],
    failure: Unreadable | None,
    wanted: Collection[str],
    details: Collection[Detail],
) -> Listing:
    """Return all that was listed, the wanted ones with their details.

    Where the list is not complete (``failure``), wanted ones that it lacks are
    asked for all the same if a detail proves that they exist.
    """
    answers = _ask(reader, service, listed, failure, wanted, details)
    items = {one: Item(id=one, raw=raw) for one, raw in listed.items()}
    absent = set()
    for one, given in answers.items():
        proofs = [given[detail] for detail in given if detail.proves]
        if None in proofs:
            items.pop(one, None)
            absent.add(one)
        elif one in listed or any(not isinstance(proof, Unreadable) for proof in proofs):
            items[one] = _item(one, listed.get(one, {}), given)
    return Listing(items=items, failure=failure, absent=frozenset(absent))


def _ask(
    reader: Reader,
    service: str,
    listed: Mapping[str, Raw],
    failure: Unreadable | None,
    wanted: Collection[str],
    details: Collection[Detail],
) -> Mapping[str, Mapping[Detail, Answer]]:
    """Return the answers by object; an object that isn't listed is asked for where that helps."""
    blindly = failure is not None and any(detail.proves for detail in details)
    asked = sorted(one for one in wanted if blindly or one in listed)
    # Where nothing was listed, there may be others that an answer could be about.
    among = len({*listed, *asked}) + (failure is not None and not listed)
    found: dict[str, dict[Detail, Answer]] = {one: {} for one in asked}
    for detail in details:
        requests = {one: detail.params(one, listed.get(one, {})) for one in asked}
        given = reader.each(service, detail.operation, requests, absent=detail.absent, among=among)
        for one in asked:
            found[one][detail] = given.get(one, _NOT_ASKED)
    return found


def _item(object_id: str, listed: Raw, given: Mapping[Detail, Answer]) -> Item:
    values = dict(_values(given))
    unread = {key: value for key, value in values.items() if isinstance(value, Unreadable)}
    known = {key: value for key, value in values.items() if key not in unread}
    return Item(id=object_id, raw={**listed, **known}, unread=unread)


def _values(given: Mapping[Detail, Answer]) -> Iterator[tuple[str, object]]:
    for detail, answer in given.items():
        if answer is None or isinstance(answer, Unreadable) or not detail.inside:
            yield detail.key, answer
        elif detail.must and not answer.get(detail.inside):
            reason = f"AWS's answer to {detail.operation} has no {detail.inside}"
            yield detail.key, Unreadable(reason=reason)
        else:
            yield detail.key, answer.get(detail.inside)
