"""What a request that got no answer ends in."""

from __future__ import annotations

from driftguard.errors import DeclaredError


class WebError(DeclaredError):
    """A request that got no answer; ``retryable`` where another may get one."""

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable


def out_of_time(place: str) -> WebError:
    """Return the error for a state that takes longer than one may."""
    return WebError(
        f"{place} can't be read: it took longer than a state may take.",
        hint="Check the server and the network in between.",
    )
