"""One access, opened when it is first needed: which account it leads to, and its clients."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from driftguard.live.access import Access, AwsOptions
from driftguard.live.clients import Clients, Listener
from driftguard.live.failure import MalformedAnswerError, Question, printable, unreadable
from driftguard.live.regions import partition_of_arn, partition_of_region
from driftguard.live.warm import Warm
from driftguard.model import Scope, Unreadable

_WHO_AM_I = "GetCallerIdentity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An access that works: AWS said whose credentials they are."""

    account: str
    partition: str
    home: str
    clients: Clients


class Entrance:
    """The one way to an account. Thread-safe; AWS is asked once who we are."""

    def __init__(
        self, access: Access, options: AwsOptions, listener: Listener, warm: Warm | None = None
    ) -> None:
        self.access = access
        self._options = options
        self._listener = listener
        self._warm = warm
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._failures: dict[str, Unreadable] = {}

    def opened(self, scope: Scope) -> Opened | Unreadable:
        """Return the account behind it, or why it can't be entered.

        ``scope`` is for whom: its region tells the partition where nothing else does.
        """
        with self._lock:
            partition = partition_of_region(scope.region)
            if self._opened is None and partition not in self._failures:
                self._open(scope, partition)
            return self._opened or self._failures[partition]

    def _open(self, scope: Scope, partition: str) -> None:
        question = Question(service="sts", operation=_WHO_AM_I)
        try:
            self._opened = self._entered(scope)
        except Exception as error:  # noqa: BLE001  # botocore's credential providers raise anything
            why = unreadable(error, question)
            named = printable(self.access.account, limit=40)
            who = f"the account {named}" if named else "AWS"
            reason = f"{who} can't be entered: {why.reason}"
            self._failures[partition] = Unreadable(reason=reason, retryable=why.retryable)

    def _entered(self, scope: Scope) -> Opened:
        # Loads botocore, which takes a third of a second.
        from driftguard.live.botocore_session import open_session  # noqa: PLC0415

        session = open_session(self.access, self._options, scope, self._listener.listen, self._warm)
        clients = Clients(session)
        answer = clients.client("sts", session.home).get_caller_identity()
        account, arn = answer.get("Account"), answer.get("Arn")
        if not isinstance(account, str) or not isinstance(arn, str):
            raise MalformedAnswerError("it names no account")
        self._listener.account = account
        return Opened(
            account=account,
            partition=partition_of_arn(arn) or "aws",
            home=session.home,
            clients=clients,
        )
