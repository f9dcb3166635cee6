"""AWS by botocore, behind the ``Reader`` protocol. Whatever fails is a value with its reason."""

from __future__ import annotations

import copy
from collections.abc import Collection as Ids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from driftguard.live.causes import code_and_status
from driftguard.live.clients import Clients
from driftguard.live.failure import MalformedAnswerError, Question, answered, unreadable
from driftguard.live.paging import method_name, paging
from driftguard.live.reader import Answer, Pages
from driftguard.live.readers import Recorder
from driftguard.live.regions import home_region, is_region
from driftguard.live.threads import in_parallel
from driftguard.model import GLOBAL_REGION, NOTHING, Scope

_MAY_OMIT_EMPTY = frozenset({("sqs", "ListQueues")})
"""Lists that AWS leaves out where they are empty; any other that lacks is no answer.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsReader:
    """One account in one region. Thread-safe."""

    scope: Scope
    partition: str
    clients: Clients
    parallel: int
    max_pages: int
    recorder: Recorder | None = field(default=None)

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, object] = NOTHING,
        *,
        absent: Ids[str] = (),
        region: str = "",
    ) -> Answer:
        """Make one call; None where AWS answers with one of the ``absent`` codes."""
        question = self._question(service, operation, region)
        try:
            return self._ask(question, params)
        except Exception as error:  # noqa: BLE001  # every failure is a value, with its reason
            refusal = answered(error, operation)
            if refusal is not None and code_and_status(refusal)[0] in absent:
                return None
            return unreadable(error, question)

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] = NOTHING,
    ) -> Pages:
        """Follow the pages to the end; where they break off, keep what came, with the reason."""
        question = self._question(service, operation, "")
        items: list[Mapping[str, object]] = []
        try:
            for page in self._pages(question, params):
                items.extend(_elements(page, key, (service, operation)))
        except Exception as error:  # noqa: BLE001  # as in call
            return Pages(items=items, failure=unreadable(error, question))
        return Pages(items=items)

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
        """Make one call per id, some at a time; the answers come in the order of the requests."""
        return in_parallel(
            lambda one: self.call(service, operation, requests[one], absent=absent, region=region),
            requests,
            width=self.parallel,
            name="driftguard-call",
        )

    def _question(self, service: str, operation: str, region: str) -> Question:
        region = region or self.scope.region
        if region == GLOBAL_REGION:
            region = home_region(self.partition)
        return Question(service=service, operation=operation, region=region)

    def _pages(
        self, question: Question, params: Mapping[str, object]
    ) -> Iterator[Mapping[str, object]]:
        follow = paging(self._client(question), question.operation)
        request: dict[str, object] | None = follow.first(params)
        seen: set[tuple[str, ...]] = set()
        while request is not None:
            position = follow.position(request)
            if position in seen or len(seen) >= self.max_pages:
                raise MalformedAnswerError(f"its list does not end ({len(seen)} pages)")
            seen.add(position)
            page = self._ask(question, request)
            yield page
            request = follow.following(request, page)

    def _ask(self, question: Question, params: Mapping[str, object]) -> Mapping[str, object]:
        """Make one call; raises whatever botocore raises."""
        client = self._client(question)
        method = getattr(client, method_name(client, question.operation))
        try:
            answer = method(**copy.deepcopy(dict(params)))  # some of botocore's handlers edit it
        except Exception as error:
            refusal = answered(error, question.operation)
            if refusal is not None:
                code, status = code_and_status(refusal)
                # The code alone: the message may name persons, and a recording is handed on.
                self._record(question, params, status, {"Error": {"Code": code}})
            raise
        kept = {key: inner for key, inner in answer.items() if key != "ResponseMetadata"}
        self._record(question, params, code_and_status(answer)[1], kept)
        return kept

    def _client(self, question: Question) -> Any:  # noqa: ANN401  # botocore makes its classes
        if not is_region(question.region):
            raise MalformedAnswerError("there is no such region")
        return self.clients.client(question.service, question.region)

    def _record(
        self,
        question: Question,
        params: Mapping[str, object],
        status: int,
        data: Mapping[str, object],
    ) -> None:
        """Hand an answer on, with the region that gave it where that is not the scope's."""
        if self.recorder is None:
            return
        scope = self.scope
        if scope.region != GLOBAL_REGION or question.region != home_region(self.partition):
            scope = replace(scope, region=question.region)
        self.recorder.answer(scope, question.service, question.operation, params, status, data)


def _elements(
    page: Mapping[str, object], key: str, asked: tuple[str, str]
) -> Iterator[Mapping[str, object]]:
    found = page.get(key)
    if found is None and asked in _MAY_OMIT_EMPTY:
        return
    if not isinstance(found, list):
        raise MalformedAnswerError(f"it has no {key}")
    for element in found:
        if isinstance(element, Mapping):
            yield element
        elif isinstance(element, str):
            yield {"": element}
        else:
            raise MalformedAnswerError(f"something in its {key} is no object")
