"""What a recorded answer means: an answer, that there is none, or why it is unknown."""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Iterable, Mapping

from driftguard.live.operations import Operation
from driftguard.live.reader import Answer, Pages
from driftguard.live.recorded import Recorded
from driftguard.model import Unreadable

_DENIED = ("AccessDenied", "Unauthorized", "AuthorizationError", "NotAuthorized")
_THROTTLED = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")


def not_recorded(asked: Operation) -> Unreadable:
    """Say that a recording does not hold a call."""
    return Unreadable(reason=f"not recorded: {asked.service}.{asked.name}")


def answer_of(asked: Operation, recorded: Recorded, absent: Ids[str]) -> Answer:
    """Return what the call answered, None for an error that means "there is none"."""
    if recorded.failure is not None:
        return recorded.failure
    code = recorded.error_code
    if not code:
        return recorded.data
    return None if code in absent else _refused(asked, code)


def joined(asked: Operation, pages: Iterable[Recorded], key: str) -> Pages:
    """Join the lists of pages that follow each other, as far as they were recorded."""
    items: list[Mapping[str, object]] = []
    for page in pages:
        answer = answer_of(asked, page, ())
        if not isinstance(answer, Mapping):
            return Pages(items=items, failure=answer or not_recorded(asked))
        found = answer.get(key)
        if not isinstance(found, list | None):
            reason = f"the recording {page.file} is malformed: {key} is not a list"
            return Pages(items=items, failure=Unreadable(reason=reason))
        items += [one if isinstance(one, Mapping) else {"": one} for one in found or ()]
        if not asked.continues(answer):
            return Pages(items=items)
    if not items:
        return Pages(items=items, failure=not_recorded(asked))
    reason = f"not recorded: the next page of {asked.service}.{asked.name}"
    return Pages(items=items, failure=Unreadable(reason=reason))


def _refused(asked: Operation, code: str) -> Unreadable:
    if any(word in code for word in _DENIED):
        return Unreadable(reason=f"access denied: grant {asked.service}:{asked.name}")
    throttled = any(word in code for word in _THROTTLED)
    return Unreadable(
        reason=f"AWS refused {asked.service}.{asked.name}: {code}", retryable=throttled
    )
