"""Whether the condition of a statement holds for somebody, as far as can be told.

What can't be told may hold: an Allow under it allows, a Deny under it does
not keep anybody out. A stranger is somebody of another account and another
organisation, whom nothing in a policy names.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from driftguard.policy.functions.network import are_the_world, network_of
from driftguard.policy.functions.patterns import covers, is_wild
from driftguard.policy.functions.principals import Somebody
from driftguard.policy.functions.statements import Condition
from driftguard.policy.functions.table import RefusedError


class Holds(enum.Enum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


_OPPOSITE = {Holds.YES: Holds.NO, Holds.NO: Holds.YES, Holds.MAYBE: Holds.MAYBE}
_ANY_VALUE, _ALL_VALUES, _IF_EXISTS = "foranyvalue:", "forallvalues:", "ifexists"
_LIKE = frozenset({"stringlike", "arnlike", "arnequals"})
_POSITIVE = frozenset({*_LIKE, "stringequals", "stringequalsignorecase", "ipaddress", "bool"})
_NEGATIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}

_IDS = frozenset(
    {
        *("aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner"),
        *("aws:sourceorgid", "aws:principalorgid", "aws:principalaccount", "kms:calleraccount"),
        *("s3:dataaccesspointaccount", "aws:ec2instancesourcevpc", "lambda:sourceaccount"),
        *("aws:principalservicename", "aws:principalservicenameslist"),
    }
)
"""Keys whose values somebody else cannot have."""
_PATHS = {
    "aws:principalorgpaths": "/",
    "aws:sourceorgpaths": "/",
    "aws:userid": ":",
}
"""Keys whose first part somebody else cannot have, with what ends that part."""
_ARNS = frozenset(
    {
        *("aws:sourcearn", "aws:principalarn", "aws:sourcevpcarn", "s3:dataaccesspointarn"),
        *("ec2:sourceinstancearn", "lambda:sourcefunctionarn", "aws:sourceinstancearn"),
    }
)
_OURS = re.compile(r"\$\{aws:resource(account|orgid|orgpaths)\}", re.IGNORECASE)
_THEIRS = re.compile(r"\$\{aws:principal(account|orgid|orgpaths)\}", re.IGNORECASE)
_RESOURCE = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"})
_ARN_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """One operator with one key."""

    operator: str
    key: str
    values: tuple[str, ...]
    negative: bool
    lenient: bool
    """Whether it also holds where the request has no such key."""
    strict: bool
    """Whether it fails where the request has no such key, a negative one too."""


def holds_for(condition: Condition, who: Somebody) -> Holds:
    """Tell whether a condition holds for somebody: all of its tests must."""
    answers = {
        _answer(_test(operator, key, values), who)
        for operator, keys in condition.items()
        for key, values in keys.items()
    }
    if Holds.NO in answers:
        return Holds.NO
    return Holds.MAYBE if Holds.MAYBE in answers else Holds.YES


def fixed_values(condition: Condition, keys: frozenset[str]) -> tuple[str, ...]:
    """Return the values to which a condition holds any of some keys, whoever asks."""
    tests = [
        _test(operator, key, values)
        for operator, found in condition.items()
        for key, values in found.items()
        if key in keys
    ]
    kept = [one for one in tests if not (one.negative or one.lenient) and one.operator in _POSITIVE]
    return tuple(value for one in kept for value in one.values)


def _test(operator: str, key: str, values: tuple[str, ...]) -> _Test:
    name = operator.lower()
    lenient = name.startswith(_ALL_VALUES) or name.endswith(_IF_EXISTS)
    name = name.removeprefix(_ANY_VALUE).removeprefix(_ALL_VALUES).removesuffix(_IF_EXISTS)
    return _Test(
        operator=_NEGATIVE.get(name, name),
        key=key.lower(),
        values=values,
        negative=name in _NEGATIVE,
        lenient=lenient,
        strict=operator.lower().startswith(_ANY_VALUE),
    )


def _answer(test: _Test, who: Somebody) -> Holds:
    """Tell of one test; a negative one holds where its opposite does not."""
    if test.operator not in _POSITIVE:
        return Holds.MAYBE
    known = test.key in who.facts
    if not known and (test.strict if test.negative else test.lenient):
        return Holds.MAYBE
    matched = _known(test, who) if known else _unknown(test, who)
    return _OPPOSITE[matched] if test.negative else matched


def _known(test: _Test, who: Somebody) -> Holds:
    fact = who.facts[test.key]
    if any("${" in value for value in test.values):
        return Holds.MAYBE
    fold = test.operator in ("stringequalsignorecase", "bool")
    values = [value.lower() if fold else value for value in test.values]
    if test.operator in _LIKE:
        met = any(covers(value, fact) for value in values)
    else:
        met = (fact.lower() if fold else fact) in values
    return Holds.YES if met else Holds.NO


def _unknown(test: _Test, who: Somebody) -> Holds:
    """Tell of a key that we know nothing of: a stranger has no value that is somebody's own."""
    return Holds.NO if who.stranger and _is_narrow(test) else Holds.MAYBE


def _is_narrow(test: _Test) -> bool:
    """Tell whether a test is met only by those whom its values name."""
    if test.operator == "bool":
        return False
    if test.operator == "ipaddress":
        return test.key == "aws:sourceip" and _are_few(test.values)
    like = test.operator in _LIKE
    return all(_is_own(test.key, value, like=like) for value in test.values)


def _are_few(values: tuple[str, ...]) -> bool:
    try:
        networks = [network_of(value) for value in values]
    except RefusedError:
        return False
    return None not in networks and not are_the_world(values)


def _is_own(key: str, value: str, *, like: bool) -> bool:
    """Tell whether nobody else can have a value of a key."""
    if "${" in value:
        pattern = _THEIRS if key in _RESOURCE else _OURS
        return pattern.fullmatch(value) is not None and (
            key in _RESOURCE or key in _IDS | {*_PATHS}
        )
    if key in _ARNS:
        return not like or _is_own_arn(value)
    if key in _PATHS:
        return not (like and is_wild(value.partition(_PATHS[key])[0]))
    return key in _IDS and not (like and is_wild(value))


def _is_own_arn(pattern: str) -> bool:
    """Tell whether a pattern of ARNs is of one account, or of one bucket by its unique name."""
    parts = pattern.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return not is_wild(pattern)
    account, name = parts[4], parts[5].partition("/")[0]
    if account:
        return not is_wild(account)
    return not is_wild(name)
