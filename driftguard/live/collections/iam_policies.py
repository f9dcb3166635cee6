"""Customer-managed IAM policies with their default versions, by ARN.

GetAccountAuthorizationDetails has every document; only GetPolicy has a
policy's description and tags, so it is asked for declared policies alone.
Where the bulk call is refused for good, GetPolicyVersion replaces it for them.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from driftguard.live.iam_words import DETAILS, NO_ENTITY
from driftguard.live.reader import Answer, Listing, Reader, Wanted
from driftguard.model import Item, Unreadable

Raw = Mapping[str, object]

_GOT = ("Path", "Description", "Tags")
_CUSTOMER = {"Scope": "Local"}


class Policies:
    """Policies by ARN; the key ``Document`` holds the default version's document."""

    name = "iam.policies"
    is_global = True
    permissions = (f"iam:{DETAILS}", "iam:GetPolicy")

    def read(self, reader: Reader, wanted: Wanted) -> Listing:
        """One bulk call, and one call for each declared policy."""
        params = {"Filter": ["LocalManagedPolicy"]}
        details = reader.pages("iam", DETAILS, "Policies", params)
        known = {str(one["Arn"]): _with_document(one) for one in details.items}
        failure, refused = details.failure, bool(details.failure and not details.failure.retryable)
        if refused:
            listed = reader.pages("iam", "ListPolicies", "Policies", _CUSTOMER)
            known = {**{str(one["Arn"]): one for one in listed.items}, **known}
            failure = details.failure if listed.failure else None
        ids = wanted.ids & known.keys() if failure is None else wanted.ids
        got = reader.each(
            "iam", "GetPolicy", {arn: {"PolicyArn": arn} for arn in ids}, absent=NO_ENTITY
        )
        known.update(_merged(known, got))
        if refused:
            known.update(_documents(reader, {arn: known[arn] for arn in ids if arn in known}))
        items = {arn: _item(arn, raw, got.get(arn), details.failure) for arn, raw in known.items()}
        absent = frozenset(arn for arn, answer in got.items() if answer is None)
        return Listing(items=items, failure=failure, absent=absent - items.keys())


def _with_document(policy: Raw) -> Raw:
    versions = cast("list[Raw]", policy.get("PolicyVersionList") or ())
    documents = [one.get("Document") for one in versions if one.get("IsDefaultVersion")]
    return {**policy, "Document": documents[0]} if documents else policy


def _merged(known: Mapping[str, Raw], got: Mapping[str, Answer]) -> Iterable[tuple[str, Raw]]:
    for arn, answer in got.items():
        if answer is not None and not isinstance(answer, Unreadable):
            told = cast("Raw", answer["Policy"])
            yield arn, {**known.get(arn, {}), **dict.fromkeys(_GOT), **told}


def _documents(reader: Reader, known: Mapping[str, Raw]) -> Iterable[tuple[str, Raw]]:
    """Ask for the default versions of policies, a call each."""
    requests = {
        arn: {"PolicyArn": arn, "VersionId": raw["DefaultVersionId"]}
        for arn, raw in known.items()
        if "Document" not in raw and raw.get("DefaultVersionId")
    }
    among = max(len(known), len(requests))
    answers = reader.each("iam", "GetPolicyVersion", requests, absent=NO_ENTITY, among=among)
    for arn, answer in answers.items():
        if answer is not None and not isinstance(answer, Unreadable):
            version = cast("Raw", answer["PolicyVersion"])
            yield arn, {**known[arn], "Document": version.get("Document")}


def _item(arn: str, raw: Raw, got: Answer, failure: Unreadable | None) -> Item:
    """Return the item; what it lacks is unread for the reason of the call that has it."""
    lost = Unreadable(reason="it came or went while it was being read", retryable=True)
    one = got if isinstance(got, Unreadable) else lost
    reasons = {**dict.fromkeys(_GOT, one), "Document": failure or lost}
    unread = {key: why for key, why in reasons.items() if key not in raw}
    return Item(id=arn, raw=raw, unread=unread)
