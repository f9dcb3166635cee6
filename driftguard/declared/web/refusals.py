"""The sentence for an answer that is not the state."""

from __future__ import annotations

from driftguard.errors import DeclaredError


def refusal(status: int, place: str, *, with_credentials: bool, grant: str = "") -> DeclaredError:
    """Return what to say of a status; ``grant`` is the right that reading it needs."""
    if status == 401:  # noqa: PLR2004  # https://www.rfc-editor.org/rfc/rfc9110#name-status-codes
        return _unauthorized(place, with_credentials=with_credentials)
    sentence, hint = _SENTENCES.get(status, (f"can't be read: the server answered {status}.", ""))
    if status >= 500 and status not in _SENTENCES:  # noqa: PLR2004  # a server's own failure
        hint = "Try again later."
    if status == 403 and grant:  # noqa: PLR2004
        hint = f"Grant {grant}."
    return DeclaredError(f"{place} {sentence}", hint=hint or "Check the address.")


def _unauthorized(place: str, *, with_credentials: bool) -> DeclaredError:
    if with_credentials:
        return DeclaredError(
            f"{place} can't be read: the server does not accept the credentials (401).",
            hint="Check that they are for this server and have not expired.",
        )
    return DeclaredError(
        f"{place} can't be read: the server asks for credentials (401), and none were given.",
        hint="Set TF_HTTP_USERNAME and TF_HTTP_PASSWORD, or an entry of `state_access.web`.",
    )


_NO_STATE = ("has no state yet.", "Apply its configuration, or leave it out.")
_SENTENCES = {
    204: _NO_STATE,
    403: (
        "may not be read: access denied (403).",
        "Grant reading this state to whom the credentials belong.",
    ),
    404: (
        "does not exist (404).",
        "Check the address; some servers also say so where credentials are missing.",
    ),
    407: ("can't be read: the proxy asks for credentials (407).", "Put them in HTTPS_PROXY."),
    410: ("is gone for good (410).", "Leave it out, or check the address."),
    429: (
        "can't be read now: the server asks to be left alone for a while (429).",
        "Try again later, or with fewer scans at once.",
    ),
    500: ("can't be read now: the server had an error (500).", "Try again later."),
    503: ("can't be read now: the server is not available (503).", "Try again later."),
}
