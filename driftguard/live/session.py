"""AWS as a whole: which account is entered by which access, and the reader of a scope."""

from __future__ import annotations

from collections.abc import Sequence

from driftguard.clock import Clock, SystemClock
from driftguard.live.access import Access, AwsOptions
from driftguard.live.account import Entrance, Opened
from driftguard.live.aws_reader import AwsReader
from driftguard.live.bucket import Buckets
from driftguard.live.calls import Calls
from driftguard.live.clients import Listener, Switch
from driftguard.live.failure import printable
from driftguard.live.reader import Reader
from driftguard.live.readers import Recorder
from driftguard.live.regions import is_region, partition_of_region
from driftguard.live.warm import Warm
from driftguard.model import GLOBAL_REGION, NOTHING, Scope, Unreadable

_NOBODY = Scope(account="", region=GLOBAL_REGION)


class AwsReaders:
    """Readers of AWS by botocore. Thread-safe; nothing is asked until a reader is.

    ``accesses`` may name each account once; one without an account serves the
    account that its credentials are of. None at all: the environment's credentials.
    """

    searches_unmanaged = True

    def __init__(
        self,
        accesses: Sequence[Access] = (),
        options: AwsOptions | None = None,
        clock: Clock | None = None,
        recorder: Recorder | None = None,
        warm: Warm | None = None,
    ) -> None:
        self._options = options or AwsOptions()
        self._recorder = recorder
        self.calls = Calls()
        """Every request so far, for metrics."""
        self._switch = Switch()
        buckets = Buckets(clock or SystemClock(), calls_per_second=self._options.calls_per_second)
        self._entrances = [
            Entrance(
                access,
                self._options,
                Listener(access.account, buckets, self.calls, self._switch),
                warm,
            )
            for access in accesses or (Access(),)
        ]

    def reader(self, scope: Scope) -> Reader | Unreadable:
        """Return the reader of one account and region, or why it can't be asked.

        The account is what AWS says it is: credentials of another one read nothing.
        """
        if not scope.account:
            return Unreadable(reason="nothing says which account it is in: give its stack one")
        if scope.region != GLOBAL_REGION and not is_region(scope.region):
            return _no_region(scope)
        opened = self._opened(scope)
        if isinstance(opened, Unreadable):
            return opened
        if scope.region != GLOBAL_REGION and partition_of_region(scope.region) != opened.partition:
            return Unreadable(reason=_other_partition(scope, opened))
        return AwsReader(
            scope=scope,
            partition=opened.partition,
            clients=opened.clients,
            parallel=self._options.parallel,
            max_pages=self._options.max_pages,
            recorder=self._recorder,
        )

    def default_account(self) -> str | Unreadable:
        """Return the account of what does not say its own: that of the unnamed access.

        Where every access names its account there must be one alone: to guess
        would make "missing" of what lies in another account.
        """
        unnamed = [one for one in self._entrances if not one.access.account]
        candidates = unnamed or self._entrances
        if len(candidates) > 1:
            reason = "several accounts are read, and nothing says which is meant: name it"
            return Unreadable(reason=reason)
        opened = candidates[0].opened(_NOBODY)
        if isinstance(opened, Unreadable):
            return opened
        named = candidates[0].access.account
        if named and named != opened.account:
            return _why_not(named, [opened], named=True)
        self._record_account(opened)
        return opened.account

    def close(self) -> None:
        """Ask nothing more, whoever is still at work: the look is over."""
        self._switch.off()

    def _opened(self, scope: Scope) -> Opened | Unreadable:
        named = [one for one in self._entrances if one.access.account == scope.account]
        unnamed = [one for one in self._entrances if not one.access.account]
        found: list[Opened | Unreadable] = [one.opened(scope) for one in named or unnamed]
        for opened in found:
            if isinstance(opened, Opened) and opened.account == scope.account:
                return opened
        return _why_not(scope.account, found, named=bool(named))

    def _record_account(self, opened: Opened) -> None:
        """Record whose credentials they are, for a replay; not the person behind them."""
        if self._recorder is None:
            return
        scope = Scope(account=opened.account, region=opened.home)
        data = {"Account": opened.account}
        self._recorder.answer(scope, "sts", "GetCallerIdentity", NOTHING, 200, data)


def _why_not(account: str, found: Sequence[Opened | Unreadable], *, named: bool) -> Unreadable:
    """Return why none of the entrances leads to the account."""
    for one in found:
        if isinstance(one, Unreadable):
            return one
    asked = printable(account, limit=40)
    others = ", ".join(one.account for one in found if isinstance(one, Opened))
    if not others:
        reason = f"nothing says how the account {asked} is entered: name a profile or role for it"
    elif named:
        reason = (
            f"the credentials named for the account {asked} are of the account {others}: "
            "correct the profile or the role"
        )
    else:
        reason = (
            f"the credentials are of the account {others}, not {asked}: name a profile or role "
            f"for {asked}"
        )
    return Unreadable(reason=reason)


def _no_region(scope: Scope) -> Unreadable:
    if not scope.region:
        return Unreadable(reason="nothing says which region it is in: give its stack a region")
    name = printable(scope.region, limit=40)
    return Unreadable(reason=f"there is no region {name}: correct it")


def _other_partition(scope: Scope, opened: Opened) -> str:
    return (
        f"the account {opened.account} is of the partition {opened.partition}, which has no "
        f"region {scope.region}: correct the region, or name another access"
    )
