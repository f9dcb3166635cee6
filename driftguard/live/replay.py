"""AWS from a folder of recordings: the same questions, no network.

Our own recordings keep each request's scope and parameters and are replayed
exactly. Those of others keep neither; their rules are in ``foreign.py``.
"""

from __future__ import annotations

import json
from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from driftguard.live.encoding import encoded
from driftguard.live.foreign import ForeignReader
from driftguard.live.judging import answer_of, joined, not_recorded, question_of
from driftguard.live.operations import Operation, operation
from driftguard.live.reader import Answer, Pages, Reader
from driftguard.live.recorded import Folder, Manifest, Recorded
from driftguard.live.recording_folder import open_folder
from driftguard.model import GLOBAL_REGION, Scope, Unreadable
from driftguard.redact import shown

_EMPTY: Mapping[str, object] = MappingProxyType({})


class ReplayReaders:
    """Readers of a recording: ours, or one without scopes and parameters.

    ``folder`` is what ``--record`` wrote, or a folder that holds one recording
    somewhere below. Raises LiveError where there is none, or it can't be read.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = open_folder(folder)
        self.manifest: Manifest | None = self._folder.manifest
        """What our recorder said of the whole; None for a recording of another make."""

    @property
    def searches_unmanaged(self) -> bool:
        """Whether the recorded scan looked for unmanaged resources, so that a replay can."""
        return self.manifest is not None and self.manifest.options.get("unmanaged") is True

    def reader(self, scope: Scope) -> Reader | Unreadable:
        """Return the reader of a scope; of a scope nobody recorded it answers "not recorded"."""
        partition = _partition(scope, self.manifest)
        if self.manifest is None:
            return ForeignReader(scope=scope, partition=partition, folder=self._folder)
        return ReplayReader(scope=scope, partition=partition, folder=self._folder)

    def default_account(self) -> str | Unreadable:
        """Return the account whose credentials made the recording, where it says so."""
        asked = operation("sts", "GetCallerIdentity")
        for recorded in self._folder.answers(asked.labels, asked.name):
            account = recorded.data.get("Account")
            if isinstance(account, str) and account:
                return account
        accounts = {scope.account for scope in self.manifest.scopes} if self.manifest else set()
        if len(accounts) == 1:
            return accounts.pop()
        return Unreadable(reason="not recorded: which account the recording is of")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReader:
    """One scope of a recording of ours."""

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
        """Return the answer to the same call: same scope, same parameters."""
        asked, answers = self._recorded(service, operation, region)
        question = question_of(asked, self.scope, self.partition, region)
        wanted = _comparable(params, frozenset())
        for one in answers:
            if one.failure is None and _comparable(one.params, frozenset()) == wanted:
                return answer_of(question, one, absent)
        return _failure(answers) or not_recorded(asked)

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        params: Mapping[str, object] = _EMPTY,
    ) -> Pages:
        """Return the pages of the same call, which differ in where each begins."""
        asked, answers = self._recorded(service, operation, "")
        wanted = _comparable(params, asked.token_parameters)
        same = [
            one
            for one in answers
            if one.failure or _comparable(one.params, asked.token_parameters) == wanted
        ]
        return joined(asked, question_of(asked, self.scope, self.partition), same, key)

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
        """Return the answer to each of the same calls."""
        asked, answers = self._recorded(service, operation, region)
        by_params: dict[str, Recorded] = {}
        for one in answers:
            if one.failure is None:
                by_params.setdefault(_comparable(one.params, frozenset()), one)
        question = question_of(asked, self.scope, self.partition, region)
        other = _failure(answers) or not_recorded(asked)
        found: dict[str, Answer] = {}
        for asker, params in requests.items():
            recorded = by_params.get(_comparable(params, frozenset()))
            found[asker] = other if recorded is None else answer_of(question, recorded, absent)
        return found

    def _recorded(
        self, service: str, name: str, region: str
    ) -> tuple[Operation, Sequence[Recorded]]:
        """Return what this scope recorded of an operation, and what nobody can read."""
        asked = operation(service, name)
        scopes = {self.scope, replace(self.scope, region=region or self.scope.region)}
        answers = self.folder.answers({service}, name)
        return asked, [one for one in answers if one.failure or one.scope in scopes]


def _failure(answers: Sequence[Recorded]) -> Unreadable | None:
    """Return why one of the answers can't be read: it may be the one that is asked for."""
    return next((one.failure for one in answers if one.failure is not None), None)


def _comparable(params: Mapping[str, object], without: frozenset[str]) -> str:
    """Return parameters as text; a digest in the place of a secret equals any other."""
    kept = {name: value for name, value in params.items() if name not in without}
    return json.dumps(shown(encoded(kept)), sort_keys=True)


def _partition(scope: Scope, manifest: Manifest | None) -> str:
    """Return the partition of a scope; a global one's by the other regions of its account.

    https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
    """
    regions = [scope.region]
    if scope.region == GLOBAL_REGION and manifest is not None:
        regions = [one.region for one in manifest.scopes if one.account == scope.account]
    if any(region.startswith("us-gov-") for region in regions):
        return "aws-us-gov"
    return "aws-cn" if any(region.startswith("cn-") for region in regions) else "aws"
