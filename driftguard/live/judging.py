"""What a recorded answer means: an answer, that there is none, or why it is unknown.

The sentences are those of a live look (``failure.py``), so that a replay says
of a refusal what the scan said that recorded it.
"""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Iterable, Mapping
from typing import Any

from driftguard.live.aws_reader import MAY_OMIT_EMPTY
from driftguard.live.failure import MalformedAnswerError, Question, unreadable
from driftguard.live.operations import Operation
from driftguard.live.reader import Answer, Pages
from driftguard.live.recorded import Recorded
from driftguard.live.regions import home_region
from driftguard.model import GLOBAL_REGION, Scope, Unreadable


def not_recorded(asked: Operation) -> Unreadable:
    """Say that a recording does not hold a call."""
    return Unreadable(reason=f"not recorded: {asked.service}.{asked.name}")


def question_of(asked: Operation, scope: Scope, partition: str, region: str = "") -> Question:
    """Return what was asked of whom, as the live reader puts it."""
    region = region or scope.region
    if region == GLOBAL_REGION:
        region = home_region(partition)
    return Question(service=asked.service, operation=asked.name, region=region)


def answer_of(question: Question, recorded: Recorded, absent: Ids[str]) -> Answer:
    """Return what the call answered, None for an error that means "there is none"."""
    if recorded.failure is not None:
        return recorded.failure
    code = recorded.error_code
    if not code:
        return recorded.data
    return None if code in absent else unreadable(_error(question, recorded), question)


def joined(asked: Operation, question: Question, pages: Iterable[Recorded], key: str) -> Pages:
    """Join the lists of pages that follow each other, as far as they were recorded."""
    items: list[Mapping[str, object]] = []
    for page in pages:
        answer = answer_of(question, page, ())
        if not isinstance(answer, Mapping):
            return Pages(items=items, failure=answer)
        found = answer.get(key, [] if (asked.service, asked.name) in MAY_OMIT_EMPTY else None)
        if not isinstance(found, list):
            malformed = MalformedAnswerError(f"it has no {key}")
            return Pages(items=items, failure=unreadable(malformed, question))
        items += [one if isinstance(one, Mapping) else {"": one} for one in found]
        if not asked.continues(answer):
            return Pages(items=items)
    if not items:
        return Pages(items=items, failure=not_recorded(asked))
    reason = f"not recorded: the next page of {asked.service}.{asked.name}"
    return Pages(items=items, failure=Unreadable(reason=reason))


def _error(question: Question, recorded: Recorded) -> Exception:
    """Return the error that botocore would have raised."""
    from botocore.exceptions import ClientError  # noqa: PLC0415  # as boto3: only when asked

    error = {"Code": recorded.error_code, "Message": recorded.error_message}
    metadata = {"HTTPStatusCode": recorded.status_code}
    answer: Any = {"Error": error, "ResponseMetadata": metadata}
    return ClientError(answer, question.operation)
