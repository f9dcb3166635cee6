"""What terraform's and tofu's failures mean, each a sentence for people.

Their messages are recognised by their first words, which have been stable since
0.12. Nothing of the output is quoted but the title of an error that we don't
know, redacted and cut short.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from driftguard.errors import TerraformError
from driftguard.terraform.process import Finished, Limits

_DECORATION = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[│╷╵]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_TITLE = re.compile(r"^\s{0,8}Error: (?P<title>[^\n]{1,200})", re.MULTILINE)
_MAX_TITLE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    """What it means where one of the signs stands in the messages."""

    signs: tuple[str, ...]
    sentence: str
    hint: str

    def is_meant_by(self, text: str) -> bool:
        return re.search("|".join(self.signs), text, re.IGNORECASE) is not None


_KNOWN = (
    _Meaning(
        signs=(
            "initialization required",
            'run "?(?:terraform|tofu) init',
            "module not installed",
            "required plugins are not installed",
            "inconsistent dependency lock file",
            "backend configuration changed",
        ),
        sentence="The working directory {folder} is not initialised.",
        hint="Run `{tool} init` there first.",
    ),
    _Meaning(
        signs=("error acquiring the state lock", "state (?:is|already) locked"),
        sentence="The state of {folder} is locked: somebody else is at work on it.",
        hint="Wait until they are done, and try again.",
    ),
    _Meaning(
        signs=(
            "unsupported (?:terraform|opentofu) core version",
            "newer than (?:current|this)",
            "does not support (?:terraform|opentofu) version",
            "state snapshot was created by",
            "unsupported state file format",
            "support for state version",
        ),
        sentence="The installed {tool} is too old for the working directory {folder}.",
        hint="Install the version that its configuration and its state ask for.",
    ),
    _Meaning(
        signs=("required token could not be found", "unauthorized", "(?:terraform|tofu) login"),
        sentence="The backend of {folder} wants a login that is not there.",
        hint="Log in with `{tool} login`, or set TF_TOKEN_… for its host.",
    ),
    _Meaning(
        signs=(
            "no valid credential",
            "expiredtoken",
            "invalidclienttokenid",
            "invalidaccesskeyid",
            "failed to get shared config",
            "failed to refresh cached credentials",
        ),
        sentence="The backend of {folder} found no valid credentials.",
        hint="Check the credentials and the profile of this stack.",
    ),
    _Meaning(
        signs=("access ?denied", "forbidden", "status ?code:? 403"),
        sentence="The backend of {folder} denied access to the state.",
        hint="Grant the reading of the state (for S3: s3:GetObject, s3:ListBucket, kms:Decrypt).",
    ),
    _Meaning(
        signs=("currently selected workspace", "workspace .{0,80}(?:doesn't|does not) exist"),
        sentence="The workspace that is selected in {folder} does not exist.",
        hint="Select one with `{tool} workspace select`.",
    ),
)
"""In this order: the first that fits is told."""


def failure(
    finished: Finished, *, command: str, tool: str, folder: str, limits: Limits
) -> TerraformError:
    """Return the error for a run that did not end well."""
    told = f"`{tool} {command}` in {folder}"
    if finished.timed_out:
        return TerraformError(
            f"{told} did not finish within {limits.timeout:g} s and was stopped.",
            hint="Check that its backend can be reached, or raise the time limit.",
        )
    if finished.too_long:
        return TerraformError(
            f"{told} printed more than {limits.max_output} bytes and was stopped.",
            hint="Raise the limit of the state's size if the state really is that large.",
        )
    text = plain(finished.err)
    for known in _KNOWN:
        if known.is_meant_by(text):
            names = {"folder": folder, "tool": tool}
            return TerraformError(known.sentence.format(**names), hint=known.hint.format(**names))
    how = f"signal {-finished.code}" if finished.code < 0 else f"exit code {finished.code}"
    title = _TITLE.search(text)
    because = f": {_CONTROL.sub(' ', title['title'])[:_MAX_TITLE].strip()}" if title else ""
    return TerraformError(f"{told} failed with {how}{because}.", hint="Run it by hand to see why.")


def redacted(error: TerraformError, redact: Callable[[str], str]) -> TerraformError:
    """Return the same error without the secrets that its message may quote."""
    return TerraformError(redact(error.message), hint=redact(error.hint))


def plain(output: bytes) -> str:
    """Return a message without colours and frames, its lines joined where they were wrapped."""
    return _DECORATION.sub("", output.decode("utf-8", "replace"))
