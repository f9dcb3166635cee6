"""What can go wrong, each with a sentence for the person who must recover.

The tree::

    DriftGuardError          one sentence: what, where, what to do next
    ├── UsageError           the command line asks for something that can't be (exit 64)
    ├── SettingsError        a configuration file, flag or variable is wrong
    ├── PolicyError          a rule, an exception or a rule's test is wrong (file and line)
    ├── DeclaredError        a Terraform state could not be found, read or understood
    ├── LiveError            AWS could not be asked at all (no credentials, no region)
    ├── TerraformError       the terraform or tofu binary is missing, failed or timed out
    ├── CanonicalError       a value has no canonical form; its resource becomes Unreadable
    └── Interrupted          a signal asked us to stop (exit 128 + signal number)

``str(error)`` is the whole message: the sentence, then the hint where there is one.
Nothing here may hold a secret: whoever raises has redacted what it quotes.
"""

from __future__ import annotations

from typing import ClassVar


class DriftGuardError(Exception):
    """Something a person has to know about, said in one sentence.

    ``exit_code`` is what the command line returns: 2, "could not tell", unless
    a subclass says otherwise.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(DriftGuardError):
    """The command line can't be carried out as it was written."""

    exit_code = 64


class SettingsError(DriftGuardError):
    """A configuration file, a flag or a variable holds something unusable."""


class PolicyError(DriftGuardError):
    """A rule, an exception or a rule's test holds something unusable; it says file and line."""


class DeclaredError(DriftGuardError):
    """A Terraform state could not be found, read or understood."""


class LiveError(DriftGuardError):
    """AWS could not be asked at all."""


class TerraformError(DriftGuardError):
    """The terraform or tofu binary is missing, failed or ran out of time."""


class CanonicalError(DriftGuardError):
    """A value has no canonical form, so nothing can be said of its resource."""


class Interrupted(DriftGuardError):  # noqa: N818  # a signal, not a mistake
    """A signal asked us to stop before the answer was known."""

    def __init__(self, signal_number: int) -> None:
        super().__init__("Stopped before the scan was finished; nothing was decided.")
        self.exit_code = 128 + signal_number  # type: ignore[misc]  # one class, two signals
