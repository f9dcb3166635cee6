"""Changes that somebody could make to a live document, made in its recording.

Nothing here knows a resource type: a mutation is found by the shape of what AWS
answered (a rule, a policy, a tag, a flag, a number, a list).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

Path = tuple[str | int, ...]

WORLD = {
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    "Ipv6Ranges": [],
    "PrefixListIds": [],
    "UserIdGroupPairs": [],
}
ADMIN = {
    "PolicyName": "AdministratorAccess",
    "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
}
EVERYTHING = {"Sid": "Opened", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
GROUP_ATTACHED = "group attached"
_GROUP_LISTS = {
    "SecurityGroups": {"GroupId": "sg-0a0b0c0d0e0f0a0b0", "GroupName": "by-hand"},
    "VpcSecurityGroups": {"VpcSecurityGroupId": "sg-0a0b0c0d0e0f0a0b0", "Status": "active"},
}
_WORDS = (("enabled", "disabled"), ("Enabled", "Disabled"), ("required", "optional"))
_OPPOSITE = {one: other for pair in _WORDS for one, other in (pair, pair[::-1])}
_OPPOSITE |= {"true": "false", "false": "true", "Enabled": "Suspended", "Suspended": "Enabled"}
_RULES = frozenset({"IpPermissions", "IpPermissionsEgress"})


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One change: at ``path`` of a document, ``value`` instead of what is there."""

    what: str
    path: Path
    value: object

    def __str__(self) -> str:
        return f"{self.what} at {'.'.join(map(str, self.path))}"

    def of(self, document: object) -> Any:
        """Return a changed copy of a document."""
        if not self.path:
            return copy.deepcopy(self.value)
        changed = copy.deepcopy(document)
        holder = cast("Any", changed)
        for step in self.path[:-1]:
            holder = holder[step]
        holder[self.path[-1]] = copy.deepcopy(self.value)
        return changed


def mutations(document: object, path: Path = ()) -> Iterator[Mutation]:
    """Yield every change of what stands at or below ``path`` of a document."""
    value = at(document, path)
    if isinstance(value, bool):
        yield Mutation(what="flag flipped", path=path, value=not value)
    elif isinstance(value, int | float):
        yield Mutation(what="number changed", path=path, value=value + 1)
    elif isinstance(value, str):
        yield from _text(value, path)
    elif isinstance(value, list):
        yield from _list(document, value, path)
    elif isinstance(value, Mapping):
        yield from _mapping(document, value, path)


def at(document: object, path: Path) -> object:
    """Return what stands at a path."""
    for step in path:
        document = cast("Any", document)[step]
    return document


def _text(value: str, path: Path) -> Iterator[Mutation]:
    policy = _policy(value)
    if policy is not None:
        for one in _policy_mutations(policy, ()):
            text = json.dumps(one.of(policy))
            yield Mutation(what=f"{one} of the policy", path=path, value=text)
        return
    document = _json_object(value)
    if document is not None:
        for one in mutations(document):
            text = json.dumps(one.of(document))
            yield Mutation(what=f"{one} of the document", path=path, value=text)
        return
    if value in _OPPOSITE:
        yield Mutation(what="flag flipped", path=path, value=_OPPOSITE[value])
        return
    changed = str(int(value) + 1) if value.isascii() and value.isdigit() else f"{value}-changed"
    yield Mutation(what="text changed", path=path, value=changed)


def _policy(value: object) -> dict[str, Any] | None:
    """Return a policy, given as an object or as JSON text; None for anything else."""
    found = _json_object(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) and "Statement" in found else None


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _policy_mutations(policy: dict[str, Any], path: Path) -> Iterator[Mutation]:
    """Widen a policy in the ways that matter, and take each statement away."""
    held = policy["Statement"]
    statements = held if isinstance(held, list) else [held]
    here = (*path, "Statement")
    yield Mutation(what="everything allowed", path=here, value=[*statements, EVERYTHING])
    for number, statement in enumerate(statements):
        rest = [one for other, one in enumerate(statements) if other != number]
        yield Mutation(what=f"statement {number} removed", path=here, value=rest)
        widened = [
            {**statement, key: "*"}
            for key in ("Principal", "Action", "Resource")
            if key in statement and statement[key] not in ("*", {"AWS": "*"})
        ]
        if "Condition" in statement:
            widened.append({key: one for key, one in statement.items() if key != "Condition"})
        for one in widened:
            changed = [one if other == number else same for other, same in enumerate(statements)]
            yield Mutation(what=f"statement {number} widened", path=here, value=changed)


def _list(document: object, value: list[object], path: Path) -> Iterator[Mutation]:
    key = path[-1] if path else ""
    for number in range(len(value)):
        rest = [*value[:number], *value[number + 1 :]]
        yield Mutation(what=f"member {number} removed", path=path, value=rest)
        yield from mutations(document, (*path, number))
    if key in _RULES:
        yield Mutation(what="port opened", path=path, value=[*value, WORLD])
    if key in ("AttachedManagedPolicies", "AttachedPolicies"):
        yield Mutation(what="policy attached", path=path, value=[*value, ADMIN])
    for name, group in _GROUP_LISTS.items():
        if key == name and path[:-1] and all(isinstance(one, Mapping) for one in value):
            yield Mutation(what=GROUP_ATTACHED, path=path, value=[*value, group])
    if is_tags(key):
        tag = {"Key": "by-hand", "Value": "yes"}
        yield Mutation(what="tag added", path=path, value=[*value, tag])


def is_tags(key: object) -> bool:
    """Tell whether a key holds tags as a list of pairs."""
    return key in ("Tags", "TagSet", "TagList")


def _mapping(document: object, value: Mapping[str, object], path: Path) -> Iterator[Mutation]:
    policy = _policy(value)
    if policy is not None:
        yield from _policy_mutations(policy, path)
        return
    for key in value:
        yield from mutations(document, (*path, key))
