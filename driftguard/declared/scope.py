"""Which account and region a resource is in, from what its state says. Pure.

For the region, the first of these that says something:

1. the ``region`` attribute (most types since provider 6; a bucket's own before);
2. an ARN of the object itself, in any partition: ``arn``, or an ``id`` that is one
   (IAM's and S3's name no region);
3. an SQS address: ``https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`` and the old
   ``https://REGION.queue.amazonaws.com/…``;
4. ``availability_zone``; a local zone belongs to its parent region
   (``us-west-2-lax-1a`` to ``us-west-2``);
5. the other resources of the same provider configuration in the same state, data
   sources ``aws_region`` first, as long as they agree: a provider configuration
   is one account and, before provider 6, one region;
6. the stack's default; else ``""``, unknown.

For the account: the ARN, the SQS address, ``owner_id`` and ``aws_account_id``,
``account_id`` where it is the owner's (in many types it names the other side of
a sharing), then 5 (``aws_caller_identity`` first) and 6.

A neighbour's word is taken only where all agree: a resource looked for in the
wrong account would seem to be missing.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from driftguard.declared.state import Instance
from driftguard.model import Scope, Stack

_REGION = r"[a-z]{2,5}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2}"
_IS_REGION = re.compile(_REGION)
_ZONE = re.compile(rf"(?P<region>{_REGION})(?:[a-z]|-[a-z0-9-]{{3,40}})")
_ACCOUNT = re.compile(r"[0-9]{12}")
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:(?P<region>[a-z0-9-]*):(?P<account>[0-9a-z]*):.+")
_QUEUE = re.compile(
    rf"https?://(?:sqs\.(?P<region>{_REGION})|(?P<old>{_REGION})\.queue|queue)\.amazonaws\.com(?:\.cn)?"
    r"/(?P<account>[0-9]{12})/[^/]+"
)
_OWN_ADDRESSES = ("arn", "id", "url", "queue_url")
_ACCOUNT_ID_IS_OWN = (
    "aws_s3_account_public_access_block",
    "aws_s3_access_point",
    "aws_s3control_",
    "aws_caller_identity",
)


@dataclass(slots=True)
class _Said:
    """What the resources of one provider configuration say of it."""

    accounts: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)

    def add(self, scope: Scope) -> None:
        self.accounts |= {scope.account} - {""}
        self.regions |= {scope.region} - {""}


class ScopeResolver:
    """Finds the scope of each instance of one state."""

    def __init__(self, stack: Stack, managed: Iterable[Instance], data: Iterable[Instance]) -> None:
        self._stack = stack
        self._resources: defaultdict[str, _Said] = defaultdict(_Said)
        self._data: defaultdict[str, _Said] = defaultdict(_Said)
        for one in managed:
            self._resources[one.provider].add(own_scope(one.address.type, one.attributes))
        for one in data:
            self._data[one.provider].add(_data_scope(one.address.type, one.attributes))

    def scope(self, instance: Instance) -> Scope:
        """Return the scope of one instance; a part that nobody says is ``""``."""
        own = own_scope(instance.address.type, instance.attributes)
        data = self._data.get(instance.provider) or _Said()
        others = self._resources.get(instance.provider) or _Said()
        return Scope(
            account=own.account or _agreed(data.accounts, others.accounts) or self._stack.account,
            region=own.region or _agreed(data.regions, others.regions) or self._stack.region,
        )


def _agreed(*told: set[str]) -> str:
    """Return what the first who say anything agree on, or ``""``."""
    first = next((said for said in told if said), set())
    return next(iter(first)) if len(first) == 1 else ""


def own_scope(type_name: str, attributes: Mapping[str, object]) -> Scope:
    """Return what a resource's own attributes say of where it is, ``""`` for the rest."""
    addresses = tuple(_addresses(attributes))
    region = _matching(_IS_REGION, attributes.get("region"))
    zone = _ZONE.fullmatch(str(attributes.get("availability_zone") or ""))
    return Scope(
        account=_first(scope.account for scope in addresses) or _owner(type_name, attributes),
        region=region
        or _first(scope.region for scope in addresses)
        or (zone["region"] if zone else ""),
    )


def _addresses(attributes: Mapping[str, object]) -> Iterator[Scope]:
    """Yield what the object's ARNs and addresses say, the surest first."""
    for name in _OWN_ADDRESSES:
        value = attributes.get(name)
        if not isinstance(value, str) or ":" not in value:
            continue
        if arn := _ARN.fullmatch(value):
            yield Scope(
                account=_matching(_ACCOUNT, arn["account"]),
                region=_matching(_IS_REGION, arn["region"]),
            )
        elif queue := _QUEUE.fullmatch(value):
            yield Scope(account=queue["account"], region=queue["region"] or queue["old"] or "")


def _owner(type_name: str, attributes: Mapping[str, object]) -> str:
    names: Sequence[str] = ("owner_id", "aws_account_id")
    if type_name.startswith(_ACCOUNT_ID_IS_OWN):
        names = (*names, "account_id")
    return _first(_matching(_ACCOUNT, attributes.get(name)) for name in names)


def _data_scope(type_name: str, attributes: Mapping[str, object]) -> Scope:
    """Return what a data source says of its provider; most look at things of others."""
    if type_name == "aws_caller_identity":
        return Scope(account=_matching(_ACCOUNT, attributes.get("account_id")), region="")
    if type_name == "aws_region":
        names = (attributes.get("region"), attributes.get("name"), attributes.get("id"))
        return Scope(account="", region=_first(_matching(_IS_REGION, name) for name in names))
    return Scope(account="", region="")


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _first(found: Iterable[str]) -> str:
    return next(filter(None, found), "")
