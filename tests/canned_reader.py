"""A ``Reader`` that answers from values in AWS's own shape: what moto can't make, and mutations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from driftguard.live.reader import Answer, Pages
from driftguard.model import Scope, Unreadable
from tests.moto_reader import ACCOUNT, REGION


@dataclass(kw_only=True)
class CannedReader:
    """``answers`` maps ``service.Operation`` to its answer.

    A list is what ``pages`` returns; a mapping is what ``call`` returns, or,
    keyed by id or ``id/attribute``, what ``each`` does. What is not there is
    Unreadable, and so is what is an Unreadable itself.
    """

    answers: Mapping[str, Any]
    scope: Scope = field(default_factory=lambda: Scope(account=ACCOUNT, region=REGION))
    partition: str = "aws"
    calls: Counter[str] = field(default_factory=Counter)

    def _answer(self, service: str, operation: str) -> Any:
        called = f"{service}.{operation}"
        self.calls[called] += 1
        return self.answers.get(called, Unreadable(reason=f"{called} is not there"))

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] | None = None,
        *,
        absent: Collection[str] = (),
        region: str = "",
    ) -> Answer:
        """Return the one answer."""
        answer: Answer = self._answer(service, operation)
        return answer

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] | None = None,
    ) -> Pages:
        """Return the list."""
        answer = self._answer(service, operation)
        if isinstance(answer, Unreadable):
            return Pages(items=(), failure=answer)
        return Pages(items=answer)

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: Collection[str] = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        """Return the answer for each id, or for each id and attribute."""
        found = {}
        for one, params in requests.items():
            answer = self._answer(service, operation)
            if not isinstance(answer, Unreadable):
                named = f"{one}/{params.get('Attribute')}"
                answer = answer.get(
                    named, answer.get(one, Unreadable(reason=f"{named} is not there"))
                )
            found[one] = answer
        return found


def changed(value: Any, path: str, new: object) -> Any:
    """Return a copy of a JSON value with another value at a dotted path; numbers index lists."""
    head, _, rest = path.partition(".")
    if isinstance(value, list):
        inner = changed(value[int(head)], rest, new) if rest else new
        return [inner if index == int(head) else one for index, one in enumerate(value)]
    inner = changed(value.get(head, {}), rest, new) if rest else new
    return {**value, head: inner}
