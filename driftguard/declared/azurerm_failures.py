"""The sentence for an exception of Azure's libraries; nothing of its message is quoted."""

from __future__ import annotations

from driftguard.errors import DeclaredError

_CREDENTIALS = frozenset({"ClientAuthenticationError", "CredentialUnavailableError"})
_BY_CODE = {
    "ContainerNotFound": ("is in a container that does not exist.", "Check the container's name."),
    "BlobNotFound": ("does not exist.", "Check the key."),
    "BlobArchived": ("is archived, so it can't be read.", "Rehydrate the blob first."),
    "ConditionNotMet": ("was changed while it was read.", "Try again."),
}
_DENIED = ("may not be read: access denied (403).", "Grant the role Storage Blob Data Reader.")
_LATER = ("can't be read now: Azure is not available or throttles these requests.", "Try later.")
_BY_STATUS = {
    401: ("can't be read: Azure does not accept the credentials (401).", "Log in again."),
    403: _DENIED,
    404: ("does not exist (404).", "Check the account, the container and the key."),
    409: ("can't be read in the condition that it is in (409).", "Check the blob in the portal."),
    412: _BY_CODE["ConditionNotMet"],
    429: _LATER,
    500: _LATER,
    503: _LATER,
}


def failure(error: Exception, place: str) -> DeclaredError:
    """Return the error to tell."""
    status, code = getattr(error, "status_code", None), getattr(error, "error_code", None)
    found = _BY_CODE.get(str(getattr(code, "value", code))) or _BY_STATUS.get(status or 0)
    if found is not None:
        sentence, hint = found
        return DeclaredError(f"{place} {sentence}", hint=hint)
    name = type(error).__name__
    if name in _CREDENTIALS:
        return DeclaredError(
            f"{place} can't be read: there are no credentials for Azure that work.",
            hint="Run `az login`, or set ARM_ACCESS_KEY or ARM_SAS_TOKEN.",
        )
    if isinstance(error, ValueError):
        return DeclaredError(
            f"{place} can't be read: its account key or connection string is not valid.",
            hint="Check ARM_ACCESS_KEY, or AZURE_STORAGE_CONNECTION_STRING.",
        )
    if status:
        return DeclaredError(
            f"{place} can't be read: Azure answered {status}.", hint="Check the address."
        )
    return DeclaredError(
        f"{place} can't be read: Azure did not answer ({name}).",
        hint="Check the account's name, the network and the proxy.",
    )
