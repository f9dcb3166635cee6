"""Whose answer is it? For recordings that keep no parameters of their requests.

An answer is about a resource where it shows the resource's own identity: under
a key that belongs to the request's parameter (``RoleName``, ``QueueArn``, an
error's ``BucketName``), near its top. A name that stands elsewhere is a mere
reference: the log bucket of another bucket, a role in somebody's policy.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from driftguard.live.operations import Operation
from driftguard.live.recorded import Recorded

_ENDINGS = ("arn", "name", "identifier", "id", "url")
_ACCOUNT = frozenset({"accountid"})
"""Parameters that say whose account it is, not which resource."""
_SELECTOR = "attribute"
"""The parameter of EC2's Describe…Attribute: which of its attributes was asked for."""


class Relation(enum.Enum):
    """What an answer says of a resource."""

    NAMES = "names it"
    OTHER = "is about something else"
    SILENT = "doesn't say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a request asks about: the parameters that identify a resource, and what else it asks."""

    operation: Operation
    identity: Mapping[str, str]
    selector: str = ""
    """The one attribute that was asked for, if so."""
    everything: bool = False
    """All attributes were asked for; AWS then answers with the resource's ARN, too."""

    @classmethod
    def of(
        cls, operation: Operation, params: Mapping[str, object], *, required_only: bool
    ) -> Subject:
        """Read a request. ``required_only``: an optional parameter narrows, it doesn't identify."""
        texts = {name: value for name, value in params.items() if isinstance(value, str)}
        selector = next((texts[name] for name in texts if name.lower() == _SELECTOR), "")
        identity = {
            name: value
            for name, value in texts.items()
            if name.lower() not in {*_ACCOUNT, _SELECTOR}
            and (name in operation.required or not (required_only or operation.required))
        }
        everything = any(
            isinstance(value, list | tuple) and "All" in value for value in params.values()
        )
        return cls(operation=operation, identity=identity, selector=selector, everything=everything)

    def relation(self, answer: Recorded) -> Relation:
        """Tell whether an answer is about this resource, about another one, or doesn't say."""
        if self.selector and not answer.error_code and not self._selected(answer.data):
            return Relation.OTHER
        found = [self._one(name, value, answer) for name, value in self.identity.items()]
        if Relation.OTHER in found:
            return Relation.OTHER
        if found and Relation.SILENT not in found:
            return Relation.NAMES
        if self.everything and not answer.error_code:
            return Relation.OTHER
        return Relation.SILENT

    def _selected(self, data: Mapping[str, object]) -> bool:
        return any(key.lower().startswith(self.selector.lower()) for key in data)

    def _one(self, parameter: str, value: str, answer: Recorded) -> Relation:
        shown = [
            text
            for wrapper, key, text in _identities(answer.data)
            if self._belongs(_stem(parameter), _stem(wrapper), _stem(key))
        ]
        # Where both sides give an ARN, a name that is equal by chance proves nothing.
        arns = [text for text in shown if text.startswith("arn:") and value.startswith("arn:")]
        if any(_same(value, text) for text in arns or shown):
            return Relation.NAMES
        if _told(value, answer.error_message) or _is_policy_of(value, answer.data):
            return Relation.NAMES
        return Relation.OTHER if shown else Relation.SILENT

    def _belongs(self, parameter: str, wrapper: str, key: str) -> bool:
        """Tell whether a key holds the identity that a parameter asks for."""
        if key:
            return key == parameter or (not parameter and key in self.operation.name.lower())
        return not wrapper or wrapper == parameter or wrapper in self.operation.name.lower()


def choose(
    subject: Subject, answers: Sequence[Recorded], *, alone: bool, among: int
) -> Recorded | Relation:
    """Return the first answer to this request, or why none serves.

    ``alone``: no other resource of the kind exists that could have asked. Only a
    first answer serves: a later one may show the resource after a change. So
    where more answers were recorded than resources exist, and an earlier one
    names nobody, a later one that names this resource isn't surely its first.
    """
    related = [(answer, subject.relation(answer)) for answer in answers]
    candidates = [pair for pair in related if pair[1] is not Relation.OTHER]
    if not candidates:
        return Relation.OTHER
    first, relation = candidates[0]
    if alone or relation is Relation.NAMES:
        return first
    named = next((one for one, how in candidates if how is Relation.NAMES), None)
    if named is None or len(answers) > among:
        return Relation.SILENT
    return named


def _stem(key: str) -> str:
    """``RoleName``, ``RoleArn`` → ``role``; ``Arn`` → the empty string."""
    stem = key.lower()
    ending = next((one for one in _ENDINGS if stem.endswith(one)), "")
    return stem.removesuffix(ending)


def _identities(data: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield (wrapper, key, text) of what stands at the top, one object deep or all over a list."""
    for key, value in data.items():
        if isinstance(value, str):
            yield "", key, value
        elif isinstance(value, Mapping):
            for name, text in value.items():
                if isinstance(text, str):
                    yield key, name, text
        elif isinstance(value, list) and value:
            yield from _shared(key, value)


def _shared(key: str, elements: Sequence[object]) -> Iterator[tuple[str, str, str]]:
    """Yield what all the objects of a list have in common."""
    first = elements[0]
    if not isinstance(first, Mapping):
        return
    for name, text in first.items():
        if isinstance(text, str) and all(
            isinstance(one, Mapping) and one.get(name) == text for one in elements
        ):
            yield key, name, text


def _same(asked: str, shown: str) -> bool:
    if asked == shown:
        return True
    if asked.startswith("arn:") and shown.startswith("arn:"):
        return asked.removesuffix(":*") == shown.removesuffix(":*")
    if "://" in asked and "://" in shown:
        return asked.rsplit("/", 2)[1:] == shown.rsplit("/", 2)[1:]
    return not _names(asked).isdisjoint(_names(shown))


def _names(text: str) -> frozenset[str]:
    """Return the names that an ARN, a URL or a bare name stands for."""
    if "://" in text:
        return frozenset({text.rsplit("/", 1)[-1]})
    if not text.startswith("arn:"):
        return frozenset({text})
    resource = text.split(":", 5)[-1].removesuffix(":*")
    names = {resource, resource.partition("/")[2], resource.partition(":")[2]}
    if ":iam:" in text:  # only IAM has paths before the name
        names.add(resource.rpartition("/")[2])
    return frozenset(names - {""})


def _told(name: str, message: str) -> bool:
    """Tell whether an error's words hold a name as a whole word."""
    if not name or not message:
        return False
    return any(
        re.search(rf"(?<![\w./:-]){re.escape(one)}(?![\w/:-]|\.\w)", message)
        for one in {name, *_names(name)}
    )


def _is_policy_of(name: str, data: Mapping[str, object]) -> bool:
    """Tell whether the answer is a resource's policy whose resources are all this one.

    Amazon S3 takes no other policy on a bucket.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
    """
    arns = list(_policy_resources(data.get("Policy")))
    return bool(arns) and all(_owner(arn) == _owner(name) or _same(name, arn) for arn in arns)


def _policy_resources(text: object) -> Iterator[str]:
    if not isinstance(text, str):
        return
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        return
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    for statement in statements if isinstance(statements, list) else (statements,):
        resources = statement.get("Resource") if isinstance(statement, Mapping) else None
        for resource in resources if isinstance(resources, list) else (resources,):
            if isinstance(resource, str) and resource.startswith("arn:"):
                yield resource


def _owner(text: str) -> str:
    """Return the bucket of an S3 ARN; other text as it is."""
    return text.split(":", 5)[-1].partition("/")[0] if ":s3:::" in text else text
