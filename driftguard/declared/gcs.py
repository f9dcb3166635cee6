"""States in Google Cloud Storage: ``gs://BUCKET/OBJECT``, ``gs://BUCKET/PREFIX/``, globs.

A prefix ends with a slash, or is the bucket alone; all ``*.tfstate`` below it are
read, as Terraform's gcs backend names them (``PREFIX/WORKSPACE.tfstate``).
Credentials are Google's Application Default Credentials. Needed:
storage.objects.get, and storage.objects.list for a prefix or a glob.
https://developer.hashicorp.com/terraform/language/backend/gcs
https://docs.cloud.google.com/docs/authentication/application-default-credentials
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from driftguard.declared.envelope import too_large
from driftguard.declared.place import Fetched, Found, Visit
from driftguard.declared.store import Sink, broken_extra, chosen, missing_extra
from driftguard.declared.wanted import Wanted
from driftguard.errors import DeclaredError, DriftGuardError, Interrupted

if TYPE_CHECKING:
    from google.cloud.storage import Blob, Bucket

_SCHEME = "gs://"
_RETRY_SECONDS = 20.0
"""For a call that fails in a way that may pass."""


def claims(place: str) -> bool:
    """Tell whether this is an address in Google Cloud Storage."""
    return place.startswith(_SCHEME)


def states(visit: Visit) -> Iterator[Found]:
    """Yield the states at an address; each object that can't be read is an error of its own."""
    try:
        with _quietly():
            from google.cloud.storage import Client  # noqa: PLC0415  # an extra, slow to import
    except ImportError:
        raise missing_extra(visit.place, "gcs") from None
    except Exception as error:  # noqa: BLE001  # protobuf's, where it is another than was built for
        raise broken_extra(visit.place, "gcs", error) from None

    bucket_name, _, key = visit.place.removeprefix(_SCHEME).partition("/")
    if not bucket_name:
        raise DeclaredError(f"{visit.place} names no bucket.", hint="Write gs://BUCKET/OBJECT.")
    wanted = Wanted(name=key)
    try:
        client = Client(project=None)
    except Exception as error:  # noqa: BLE001  # the library's families have no common root
        raise _failure(error, visit.place) from None
    try:
        bucket = client.bucket(bucket_name)
        for name in [key] if wanted.is_one else _listed(bucket, wanted, visit):
            yield _fetched(bucket, name, visit)
    finally:
        client.close()


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep from the user what the library warns of on import: future Pythons, missing friends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _listed(bucket: Bucket, wanted: Wanted, visit: Visit) -> list[str]:
    try:
        blobs = bucket.list_blobs(
            prefix=wanted.prefix or None,
            fields="items(name),nextPageToken",
            timeout=_timeout(visit),
            retry=_retry(),
        )
        return chosen((blob.name for blob in blobs), wanted, visit)
    except DriftGuardError:
        raise
    except Exception as error:  # noqa: BLE001  # as above
        raise _failure(error, visit.place, "storage.objects.list") from None


def _fetched(bucket: Bucket, key: str, visit: Visit) -> Found:
    name = f"{_SCHEME}{bucket.name}/{key}"
    try:
        blob = bucket.get_blob(key, timeout=_timeout(visit), retry=_retry())
        if blob is None:
            return DeclaredError(
                f"{name} does not exist.", hint="Check the names of the bucket and the object."
            )
        if (blob.size or 0) > visit.options.max_bytes:
            return too_large(name, visit.options.max_bytes)
        return Fetched(name=name, data=_content(blob, name, visit))
    except Interrupted:
        raise
    except DeclaredError as error:
        return error
    except Exception as error:  # noqa: BLE001  # as above
        return _failure(error, name, "storage.objects.get")


def _content(blob: Blob, name: str, visit: Visit) -> bytes:
    """Download one generation as it is stored; what is gzip is unpacked within our bounds."""
    sink = Sink(name, visit)
    blob.download_to_file(
        sink,
        raw_download=True,
        if_generation_match=blob.generation,
        timeout=_timeout(visit),
        retry=_retry(),
    )
    return sink.content(blob.content_encoding or "")


def _timeout(visit: Visit) -> tuple[float, float]:
    return visit.options.connect_timeout, visit.options.read_timeout


def _retry() -> object:
    from google.cloud.storage.retry import DEFAULT_RETRY  # noqa: PLC0415  # slow to import

    return DEFAULT_RETRY.with_timeout(_RETRY_SECONDS)


def _failure(error: Exception, place: str, permission: str = "") -> DeclaredError:
    """Return the sentence for an exception of Google's; nothing of its message is quoted."""
    with _quietly():
        from google.api_core.exceptions import GoogleAPICallError  # noqa: PLC0415  # slow to import
        from google.auth.exceptions import (  # noqa: PLC0415  # slow to import
            DefaultCredentialsError,
            GoogleAuthError,
        )

    if isinstance(error, DefaultCredentialsError):
        return DeclaredError(
            f"{place} can't be read: there are no Google credentials.",
            hint="Run `gcloud auth application-default login`,"
            " or set GOOGLE_APPLICATION_CREDENTIALS.",
        )
    if isinstance(error, GoogleAuthError):
        return DeclaredError(
            f"{place} can't be read: Google does not accept the credentials, or can't be reached.",
            hint="Log in again, or check GOOGLE_APPLICATION_CREDENTIALS and the network.",
        )
    if type(error).__name__ == "DataCorruption":
        return DeclaredError(f"{place} did not arrive as it was stored.", hint="Try again.")
    status = error.code if isinstance(error, GoogleAPICallError) else None
    if status in _BY_STATUS:
        sentence, hint = _BY_STATUS[int(status)]
        return DeclaredError(f"{place} {sentence}", hint=hint.format(permission=permission))
    if status is not None:
        return DeclaredError(
            f"{place} can't be read: Google answered {int(status)}.", hint="Check the address."
        )
    return DeclaredError(
        f"{place} can't be read: Google Cloud Storage did not answer ({type(error).__name__}).",
        hint="Check the network and the proxy.",
    )


_BY_STATUS = {
    401: ("can't be read: Google does not accept the credentials (401).", "Log in again."),
    403: ("may not be read: access denied (403).", "Grant {permission}."),
    404: ("does not exist (404).", "Check the names of the bucket and the object."),
    412: ("was changed while it was read.", "Try again."),
    429: ("can't be read now: Google throttles these requests (429).", "Try again later."),
    500: ("can't be read now: Google had an error (500).", "Try again later."),
    503: ("can't be read now: Google is not available (503).", "Try again later."),
}
