"""Whatever went wrong between AWS and us, as a reason for people.

Every sentence is ours. What AWS (or whoever sits at the endpoint) wrote may
name persons and hold anything, so of an answer only the error code is kept.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from driftguard.errors import DriftGuardError
from driftguard.live.actions import iam_action
from driftguard.live.causes import RETRYABLE, Cause, cause_of, code_and_status
from driftguard.model import GLOBAL_REGION, Unreadable


class MalformedAnswerError(Exception):
    """AWS's answer is not what its API promises; the message is ours."""


class RoleNotAssumedError(Exception):
    """A step of a role chain failed; ``__cause__`` says how."""

    def __init__(self, arn: str) -> None:
        super().__init__(arn)
        self.arn = arn


class ClosedError(Exception):
    """The look is over, so nothing more is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked of whom, for the sentence that says that there is no answer."""

    service: str
    operation: str
    region: str = ""

    @property
    def asked(self) -> str:
        """The call as people know it: ``ec2:DescribeInstances``."""
        return f"{self.service}:{self.operation}"

    @property
    def where(self) -> str:
        """The region, for the end of a phrase; nothing where it says nothing."""
        return f" in {self.region}" if self.region not in ("", GLOBAL_REGION) else ""


def unreadable(error: BaseException, question: Question) -> Unreadable:
    """Return the reason why there is no answer. Never raises, never quotes."""
    if isinstance(error, RoleNotAssumedError):
        return _role_not_assumed(error, question)
    if isinstance(error, MalformedAnswerError):
        reason = f"the answer of {question.asked}{question.where} is malformed: {error}"
        return Unreadable(reason=reason, retryable=True)
    if isinstance(error, ClosedError):
        reason = f"the scan ended before {question.asked}{question.where} was asked"
        return Unreadable(reason=reason, retryable=True)
    cause = cause_of(error)
    if answered(error, question.operation) is None:
        question = _really_asked(error, question)
    return Unreadable(
        reason=_SENTENCES[cause](error, question) + _code(error), retryable=cause in RETRYABLE
    )


def broken_collection(name: str, error: BaseException | None) -> Unreadable:
    """Return the reason where a collection raised: AWS's answer surprised it, or it is wrong."""
    if isinstance(error, DriftGuardError):
        return Unreadable(reason=printable(str(error)))
    kind = "no listing" if error is None else type(error).__name__
    return Unreadable(reason=f"the answers for {name} could not be understood ({kind}{_at(error)})")


def printable(text: str, *, limit: int = 300) -> str:
    """Return text on one line, without control characters, cut at ``limit`` characters."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return clean if len(clean) <= limit else f"{clean[: limit - 1]}…"


def _at(error: BaseException | None) -> str:
    """Return where in DriftGuard it happened: that helps a report, and quotes nothing."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__ if error else None):
        parts = PurePath(frame.f_code.co_filename).parts
        if "driftguard" in parts:
            place = f" at {parts[-1]}:{line}"
    return place


def answered(error: BaseException, operation: str) -> Mapping[str, object] | None:
    """Return AWS's error answer to the operation; None where the failure is another call's.

    On the way to an answer botocore may have to ask STS or SSO for credentials.
    """
    response = getattr(error, "response", None)
    asked = getattr(error, "operation_name", operation)
    return response if isinstance(response, Mapping) and asked == operation else None


def _really_asked(error: BaseException, question: Question) -> Question:
    operation = getattr(error, "operation_name", question.operation)
    if operation == question.operation:
        return question
    service = "sts" if operation.startswith("AssumeRole") else "sso"
    return replace(question, service=service, operation=operation)


def _role_not_assumed(error: RoleNotAssumedError, question: Question) -> Unreadable:
    inner = error.__cause__ or RuntimeError()
    assume = Question(service="sts", operation="AssumeRole", region=question.region)
    why = unreadable(inner, assume)
    hint = ""
    if cause_of(inner) is Cause.DENIED:
        hint = "; its trust policy must name the caller, and the external id if it asks for one"
    reason = f"the role {printable(error.arn)} can't be assumed: {why.reason}{hint}"
    return Unreadable(reason=reason, retryable=why.retryable)


def _denied(error: BaseException, question: Question) -> str:
    action = iam_action(question.service, question.operation)
    named, explicit = _denial(error)
    # AWS's message may name another action, where the call needs a second one (a key's).
    if named.split(":")[0] in {action.split(":")[0], "kms"} - {""} and ":" in named:
        action = named
    if explicit:
        return f"access denied: a policy denies {action}{question.where} to the scan explicitly"
    return f"access denied: grant {action} to the identity that scans{question.where}"


_ACTION = re.compile(r"not authorized to perform: ([a-z0-9-]{1,40}:[A-Za-z0-9]{1,64})\b")


def _denial(error: BaseException) -> tuple[str, bool]:
    """Return the action that AWS says is lacking, and whether a policy denies it by name."""
    response = getattr(error, "response", None)
    inner = response.get("Error") if isinstance(response, Mapping) else None
    message = str(inner.get("Message", ""))[:4096] if isinstance(inner, Mapping) else ""
    found = _ACTION.search(message)
    return (found[1] if found else ""), "explicit deny" in message


def _not_accepted(error: BaseException, question: Question) -> str:
    if question.service == "sts":
        return "AWS does not accept the credentials: check the keys, and that they are still valid"
    where = question.region if question.where else "the account"
    return (
        f"the credentials are not accepted by {question.service} in {where}: the region may be "
        "disabled for the account (enable it, or leave it out)"
    )


def _credentials(error: BaseException, question: Question) -> str:
    name = type(error).__name__
    return _NO_CREDENTIALS.get(name, f"the AWS credentials could not be had ({name})")


_NO_CREDENTIALS: Mapping[str, str] = MappingProxyType(
    {
        "NoCredentialsError": (
            "no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or name a "
            "profile or role for the account"
        ),
        "ProfileNotFound": (
            "the profile is not in AWS's configuration files: check its name, and AWS_CONFIG_FILE"
        ),
        "PartialCredentialsError": (
            "the AWS credentials are incomplete: a key id needs its secret key"
        ),
        "ConfigParseError": "AWS's configuration file can't be parsed: correct it",
        "CredentialRetrievalError": (
            "the program or service that the profile names gave no AWS credentials: run it by hand"
        ),
        "RefreshWithMFAUnsupportedError": (
            "the profile asks for an MFA code, which a scan can't type: hand it a session's keys"
        ),
    }
)


def _unreachable(error: BaseException, question: Question) -> str:
    endpoint = f"the endpoint of {question.service}{question.where}"
    if type(error).__name__ == "SSLError":
        return f"{endpoint} has no certificate that is trusted here: set AWS_CA_BUNDLE"
    if type(error).__name__ == "ProxyConnectionError":
        return f"{endpoint} can't be reached through the proxy: check HTTPS_PROXY and NO_PROXY"
    return f"{endpoint} can't be reached: check the network, DNS, the region and the endpoint URL"


_Sentence = Callable[[BaseException, Question], str]

_SENTENCES: Mapping[Cause, _Sentence] = MappingProxyType(
    {
        Cause.THROTTLED: lambda error, q: (
            f"AWS throttled {q.asked}{q.where} to the last attempt: scan again later, or with "
            "fewer calls per second"
        ),
        Cause.DENIED: _denied,
        Cause.EXPIRED: lambda error, q: (
            "the AWS credentials have expired: renew them (for SSO: aws sso login), then scan again"
        ),
        Cause.NOT_ACCEPTED: _not_accepted,
        Cause.SIGNATURE: lambda error, q: (
            "AWS does not accept the signature: check the secret key and this machine's clock"
        ),
        Cause.CREDENTIALS: _credentials,
        Cause.TIMEOUT: lambda error, q: f"{q.asked}{q.where} did not answer in time",
        Cause.UNREACHABLE: _unreachable,
        Cause.BROKEN_OFF: lambda error, q: f"the connection broke off during {q.asked}{q.where}",
        Cause.MALFORMED: lambda error, q: f"the answer of {q.asked}{q.where} is malformed",
        Cause.FAILED: lambda error, q: f"AWS failed to answer {q.asked}{q.where}: scan again later",
        Cause.REFUSED: lambda error, q: f"AWS refused {q.asked}{q.where}",
        Cause.NOT_A_REQUEST: lambda error, q: (
            f"{q.asked}{q.where} takes no such parameters: check the ids in state and settings"
        ),
        Cause.UNEXPECTED: lambda error, q: (
            f"{q.asked}{q.where} could not be asked ({type(error).__name__}{_at(error)})"
        ),
    }
)

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def _code(error: BaseException) -> str:
    """Return AWS's error code in brackets; anything that does not look like one is left out."""
    response = getattr(error, "response", None)
    if not isinstance(response, Mapping):
        return ""
    code, status = code_and_status(response)
    if _CODE.fullmatch(code):
        return f" ({code})"
    return f" (HTTP {status})" if status else ""
