"""AWS from a recording that keeps no parameters: Cloud Custodian's, for one.

Nobody knows what was asked, so only what an answer itself shows is used:

- A bulk list is the first answer, with the next ones as long as each says that
  another page follows. Later ones may be of another time. What the list holds is
  known; what it doesn't hold is unknown, never missing: the list may have been
  filtered, and may be of another account or region.
- An answer about one resource serves where it names that resource, or where no
  other resource could have asked (``whose.py``).
- An answer that there is no such thing says nothing where the recorded run
  deleted such a thing itself: nobody knows which came first.
- The account and the region are unknown, so every scope is served alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from driftguard.live.judging import answer_of, joined, not_recorded, question_of
from driftguard.live.operations import Operation, operation
from driftguard.live.reader import Answer, Pages
from driftguard.live.recorded import Folder, Recorded
from driftguard.live.whose import Relation, Subject, choose
from driftguard.model import Scope, Unreadable

_EMPTY: Mapping[str, object] = MappingProxyType({})
_PERHAPS_FILTERED = Unreadable(
    reason="not recorded: the list may have been filtered, its recording doesn't say"
)
_NOBODYS = "not recorded for it: no answer of {} is about it"
_DELETED = "the recording deletes it: whether {} was answered before or after is unknown"
_TOO_MANY = "the recording has too many answers of {} to tell whose each is"
_MOST_PAIRINGS = 250_000
"""Requests times answers; some seconds' work."""
_VERB = re.compile("^(?:Get|Describe|List|Head)")
_UNCLEAR = "the recording of {} doesn't say which resource it is about"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignReader:
    """A folder of recordings without parameters, asked as if it were one scope."""

    scope: Scope
    partition: str
    folder: Folder

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] = _EMPTY,
        *,
        absent: Ids[str] = (),
        region: str = "",
    ) -> Answer:
        """Return the first answer of an operation; of a per-resource one, the one that names it."""
        asked, answers = self._recorded(service, operation)
        subject = Subject.of(asked, params, required_only=True)
        found = _chosen(subject, answers, alone=False, among=len(answers))
        return found if isinstance(found, Unreadable) else self._answer(asked, found, absent)

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] = _EMPTY,
    ) -> Pages:
        """Return the first list and what follows it; what it doesn't hold stays unknown."""
        asked, answers = self._recorded(service, operation)
        subject = Subject.of(asked, params, required_only=True)
        first = _chosen(subject, answers, alone=False, among=len(answers))
        if isinstance(first, Unreadable):
            return Pages(items=(), failure=first)
        question = question_of(asked, self.scope, self.partition)
        found = joined(asked, question, answers[answers.index(first) :], key)
        if found.failure is not None or subject.identity:
            return found
        return Pages(items=found.items, failure=_PERHAPS_FILTERED)

    def each(
        self,
        service: str,
        operation: str,
        requests: Mapping[str, Mapping[str, object]],
        *,
        absent: Ids[str] = (),
        among: int | None = None,
        region: str = "",
    ) -> Mapping[str, Answer]:
        """Return for each id the first answer that is surely about it."""
        asked, answers = self._recorded(service, operation)
        kin = max(len(requests), among or 0)
        if len(requests) * len(answers) > _MOST_PAIRINGS:
            return dict.fromkeys(requests, Unreadable(reason=_TOO_MANY.format(asked.name)))
        found: dict[str, Answer] = {}
        for one, params in requests.items():
            subject = Subject.of(asked, params, required_only=False)
            chosen = _chosen(subject, answers, alone=kin == 1, among=kin)
            if isinstance(chosen, Recorded):
                found[one] = self._answer(asked, chosen, absent)
            else:
                found[one] = chosen
        return found

    def _answer(self, asked: Operation, chosen: Recorded, absent: Ids[str]) -> Answer:
        question = question_of(asked, self.scope, self.partition)
        answer = answer_of(question, chosen, absent)
        if answer is None and self._deletes(asked):
            return Unreadable(reason=_DELETED.format(f"{asked.service}.{asked.name}"))
        return answer

    def _deletes(self, asked: Operation) -> bool:
        """Tell whether the recorded run deleted what is asked for, or what it is a part of."""
        noun = _VERB.sub("", asked.name)
        deletions = [
            one.removeprefix("Delete")
            for one in self.folder.operations(asked.labels)
            if one.startswith("Delete")
        ]
        return any(
            one
            and noun.startswith(one)
            and any(not a.error_code for a in self.folder.answers(asked.labels, f"Delete{one}"))
            for one in deletions
        )

    def _recorded(self, service: str, name: str) -> tuple[Operation, Sequence[Recorded]]:
        asked = operation(service, name)
        recorded = self.folder.answers(asked.labels, name)
        return asked, [one for one in recorded if one.failure or asked.is_answer(one.data)]


def _chosen(
    subject: Subject, answers: Sequence[Recorded], *, alone: bool, among: int
) -> Recorded | Unreadable:
    asked = subject.operation
    if not answers:
        return not_recorded(asked)
    if not subject.identity:
        return answers[0]
    found = choose(subject, answers, alone=alone, among=among)
    if isinstance(found, Recorded):
        return found
    sentence = _NOBODYS if found is Relation.OTHER else _UNCLEAR
    return Unreadable(reason=sentence.format(f"{asked.service}.{asked.name}"))
