"""IAM roles, users and groups with their policies, each a collection by name.

GetAccountAuthorizationDetails answers for all of one kind, inline and attached
policies included; of a role it lacks the description and the session duration,
which ListRoles has. The calls are asked kind by kind: the filters don't
overlap, so a kind that nobody declared costs nothing and one that is refused
costs no other.

Where GetAccountAuthorizationDetails is refused for good (many read-only roles
lack it, and recordings of other tools too), the declared objects are asked for
one by one; what that leaves unknown is unread, part by part.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from driftguard.live.iam_words import DETAILS, NO_ENTITY
from driftguard.live.reader import Answer, Listing, Pages, Reader, Wanted
from driftguard.model import Item, Unreadable

ATTACHED = "AttachedManagedPolicies"

_CAME_OR_WENT = Unreadable(reason="it came or went while it was being read", retryable=True)

_INLINE = ("PolicyName", "PolicyDocument")

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """One kind of identity by name, in GetAccountAuthorizationDetails' shape."""

    kind: str
    """``Role``, ``User`` or ``Group``: what IAM's operations and keys are called after."""
    got: tuple[str, ...]
    """The keys that Get<kind> answers in full: left out, they are empty."""
    listed: tuple[str, ...] = ("Path", "Arn")
    """The keys that List<kind>s answers in full."""
    lacking: tuple[str, ...] = ()
    """The keys that GetAccountAuthorizationDetails lacks."""
    is_global: bool = True

    @property
    def name(self) -> str:
        """``iam.roles``, ``iam.users`` or ``iam.groups``."""
        return f"iam.{self.kind.lower()}s"

    @property
    def permissions(self) -> tuple[str, ...]:
        """The actions of the bulk calls; the fallback's are for roles that have no better."""
        lists = (f"iam:List{self.kind}s",) if self.lacking else ()
        return (f"iam:{DETAILS}", *lists)

    @property
    def inline(self) -> str:
        """The key of the inline policies, with their documents."""
        return f"{self.kind}PolicyList"

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One or two bulk calls; calls for declared ones only where these were refused."""
        params = {"Filter": [self.kind]}
        details = reader.pages("iam", DETAILS, f"{self.kind}DetailList", params)
        listed = self._listed(reader, details)
        known = _Known(identities=self, reader=reader)
        known.learn(details.items, self._detailed)
        known.learn(listed.items if listed else (), self.listed)
        every = details.failure is None or (listed is not None and listed.failure is None)
        failure = details.failure or (listed.failure if listed else None)
        if failure is not None and not failure.retryable:
            known.ask(wanted.ids & known.raw.keys() if every else wanted.ids, len(known.raw))
        return known.listing(failure, every=every)

    def _listed(self, reader: Reader, details: Pages) -> Pages | None:
        if not self.lacking and (details.failure is None or details.failure.retryable):
            return None
        return reader.pages("iam", f"List{self.kind}s", f"{self.kind}s")

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a resource type may read."""
        return (*self.got, self.inline, ATTACHED)

    @property
    def _detailed(self) -> tuple[str, ...]:
        return tuple(key for key in self.keys if key not in self.lacking)


@dataclass(slots=True, kw_only=True)
class _Known:
    """What has been learned of each identity, by name: a key that is missing is unknown."""

    identities: Identities
    reader: Reader
    raw: dict[str, dict[str, object]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)

    def learn(self, answers: Iterable[Raw], keys: Iterable[str]) -> None:
        """Add answers that tell all of ``keys``; the last to tell a key is the freshest."""
        for answer in answers:
            name = str(answer[f"{self.identities.kind}Name"])
            self.raw[name] = {**self.raw.get(name, {}), **dict.fromkeys(keys), **answer}

    def ask(self, names: Iterable[str], among: int) -> None:
        """Ask for single identities what no bulk call told."""
        self._ask_itself(names, among)
        self._ask_attached(self._without(ATTACHED, names), among)
        self._ask_inline(self._without(self.identities.inline, names), among)

    def _without(self, key: str, names: Iterable[str]) -> list[str]:
        there = (name for name in names if name not in self.absent)
        return [name for name in there if key not in self.raw.get(name, {})]

    def listing(self, failure: Unreadable | None, *, every: bool) -> Listing:
        """Return the items; what is unknown of one has the reason of the bulk call."""
        why = failure or _CAME_OR_WENT
        items = {}
        for name, raw in self.raw.items():
            unread = {key: why for key in self.identities.keys if key not in raw}
            items[name] = Item(id=name, raw=raw, unread=unread)
        return Listing(
            items=items,
            failure=None if every else why,
            absent=frozenset(self.absent - items.keys()),
        )

    def _ask_itself(self, names: Iterable[str], among: int) -> None:
        kind, keys = self.identities.kind, self.identities.got
        unsure = [name for name in names if not self.raw.get(name, {}).keys() >= set(keys)]
        for name, answer in self._each(f"Get{kind}", unsure, among).items():
            if answer is None:
                self.absent.add(name)
            elif not isinstance(answer, Unreadable):
                self.learn([cast("Raw", answer[kind])], keys)

    def _tell(self, name: str, key: str, value: object) -> None:
        self.raw.setdefault(name, {f"{self.identities.kind}Name": name})[key] = value

    def _ask_attached(self, names: list[str], among: int) -> None:
        operation = f"ListAttached{self.identities.kind}Policies"
        for name, answer in self._each(operation, names, among).items():
            if _whole(answer):
                self._tell(name, ATTACHED, cast("Raw", answer)["AttachedPolicies"])

    def _ask_inline(self, names: list[str], among: int) -> None:
        kind, inline = self.identities.kind, self.identities.inline
        held: dict[str, list[str]] = {}
        for name, answer in self._each(f"List{kind}Policies", names, among).items():
            if _whole(answer):
                held[name] = cast("list[str]", cast("Raw", answer)["PolicyNames"])
        requests = {
            f"{name}:{policy}": {f"{kind}Name": name, "PolicyName": policy}
            for name, policies in held.items()
            for policy in policies
        }
        answers = self.reader.each("iam", f"Get{kind}Policy", requests, absent=NO_ENTITY)
        for name, policies in held.items():
            documents = [answers[f"{name}:{policy}"] for policy in policies]
            if not any(isinstance(document, Unreadable) for document in documents):
                told = [cast("Raw", document) for document in documents if document]
                self._tell(name, inline, [{key: one[key] for key in _INLINE} for one in told])

    def _each(self, operation: str, names: Iterable[str], among: int) -> Mapping[str, Answer]:
        requests = {name: {f"{self.identities.kind}Name": name} for name in names}
        return self.reader.each(
            "iam", operation, requests, absent=NO_ENTITY, among=max(among, len(requests))
        )


def _whole(answer: Answer) -> bool:
    """Tell whether an answer came and was not cut: IAM's quotas keep these to one page."""
    if answer is None or isinstance(answer, Unreadable):
        return False
    return not answer.get("IsTruncated")


_BOTH = ("Path", "Arn", "PermissionsBoundary", "Tags")
_LISTED_ROLE = ("Path", "Arn", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration")

ROLES = Identities(
    kind="Role",
    got=(*_LISTED_ROLE, "PermissionsBoundary", "Tags"),
    listed=_LISTED_ROLE,
    lacking=("Description", "MaxSessionDuration"),
)
USERS = Identities(kind="User", got=_BOTH)
GROUPS = Identities(kind="Group", got=("Path", "Arn"))
