"""States in Azure Blob Storage: ``azurerm://ACCOUNT/CONTAINER/KEY``, ``…/PREFIX/``, globs.

A prefix ends with a slash, or is the container alone; all ``*.tfstate`` below it are
read, those of workspaces (``KEYenv:NAME``) too. Credentials, the first that is there:
``AZURE_STORAGE_CONNECTION_STRING`` of this account, ``ARM_ACCESS_KEY`` or
``AZURE_STORAGE_KEY``, ``ARM_SAS_TOKEN`` or ``AZURE_STORAGE_SAS_TOKEN``, else the usual
chain of Azure (environment, workload and managed identity, ``az login``). Needed:
the role Storage Blob Data Reader.
https://developer.hashicorp.com/terraform/language/backend/azurerm
https://learn.microsoft.com/azure/developer/python/sdk/authentication/credential-chains
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from driftguard.declared.azurerm_failures import failure
from driftguard.declared.envelope import too_large
from driftguard.declared.place import Fetched, Found, PlaceOptions, Visit
from driftguard.declared.store import Sink, chosen, missing_extra
from driftguard.declared.wanted import Wanted
from driftguard.errors import DeclaredError, DriftGuardError, Interrupted

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient, ContainerClient

_SCHEME = "azurerm://"
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}", re.ASCII)
"""https://learn.microsoft.com/azure/storage/common/storage-account-overview"""
_CONTAINER = re.compile(r"\$?[a-z0-9-]{3,63}", re.ASCII)
_SUFFIXES = {"china": "core.chinacloudapi.cn", "usgovernment": "core.usgovcloudapi.net"}
_AUTHORITIES = {"china": "login.chinacloudapi.cn", "usgovernment": "login.microsoftonline.us"}
"""Both by ``ARM_ENVIRONMENT``: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure"""
_SCOPE = "https://storage.azure.com/.default"
"""https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory"""


def claims(place: str) -> bool:
    """Tell whether this is an address in Azure Blob Storage."""
    return place.startswith(_SCHEME)


def states(visit: Visit) -> Iterator[Found]:
    """Yield the states at an address; each blob that can't be read is an error of its own."""
    account, container, key = _parsed(visit.place)
    wanted = Wanted(name=key)
    try:
        service = _service(account, os.environ, visit.options)
        _log_in(service)
    except ImportError:
        raise missing_extra(visit.place, "azure") from None
    except Exception as error:  # noqa: BLE001  # a connection string or key that is none
        raise failure(error, visit.place) from None
    with closing(service):
        blobs = service.get_container_client(container)
        for name in [key] if wanted.is_one else _listed(blobs, wanted, visit):
            yield _fetched(blobs, f"{_SCHEME}{account}/{container}/", name, visit)


def _log_in(service: BlobServiceClient) -> None:
    """Ask for a token once: within a request the library would go through its chain four times."""
    # It logs a page of what it tried; our sentence says that nothing worked.
    logging.getLogger("azure.identity").setLevel(logging.ERROR)
    get_token = getattr(service.credential, "get_token", None)
    if get_token is not None:
        get_token(_SCOPE)


def _parsed(place: str) -> tuple[str, str, str]:
    account, _, rest = place.removeprefix(_SCHEME).partition("/")
    container, _, key = rest.partition("/")
    if not (_ACCOUNT.fullmatch(account) and _CONTAINER.fullmatch(container)):
        told = place if "@" not in place and "?" not in place else f"{_SCHEME}…"
        raise DeclaredError(
            f"{told} names no storage account and container.",
            hint="Write azurerm://ACCOUNT/CONTAINER/KEY.",
        )
    return account, container, key


def _service(
    account: str, environment: Mapping[str, str], options: PlaceOptions
) -> BlobServiceClient:
    """Return a client for an account. Raises ImportError without the extra."""
    from azure.storage.blob import BlobServiceClient  # noqa: PLC0415  # an extra, slow to import

    bounds: dict[str, Any] = {
        "connection_timeout": options.connect_timeout,
        "read_timeout": options.read_timeout,
        "retry_total": 3,
        "initial_backoff": 1,  # seconds; the library's own 15 are a batch job's
        "increment_base": 2,
        "logging_enable": False,
    }
    string = environment.get("AZURE_STORAGE_CONNECTION_STRING", "")
    if f"AccountName={account}" in string.split(";"):
        return BlobServiceClient.from_connection_string(string, **bounds)
    suffix = _SUFFIXES.get(environment.get("ARM_ENVIRONMENT", ""), "core.windows.net")
    url = f"https://{account}.blob.{suffix}"
    return BlobServiceClient(url, credential=_credential(account, environment), **bounds)


def _credential(account: str, environment: Mapping[str, str]) -> Any:  # noqa: ANN401  # the library's
    key = environment.get("ARM_ACCESS_KEY") or environment.get("AZURE_STORAGE_KEY")
    if key:
        return {"account_name": account, "account_key": key}
    token = environment.get("ARM_SAS_TOKEN") or environment.get("AZURE_STORAGE_SAS_TOKEN")
    if token:
        from azure.core.credentials import AzureSasCredential  # noqa: PLC0415  # as above

        return AzureSasCredential(token.lstrip("?"))
    from azure.identity import (  # noqa: PLC0415  # as above
        ClientSecretCredential,
        DefaultAzureCredential,
    )

    authority = _AUTHORITIES.get(environment.get("ARM_ENVIRONMENT", ""))
    options = {"authority": authority} if authority else {}
    ids = [environment.get(f"ARM_{one}") for one in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")]
    if all(ids):  # Terraform's names; Azure's own are found by the chain
        tenant, client, secret = (str(one) for one in ids)
        return ClientSecretCredential(tenant, client, secret, **options)
    return DefaultAzureCredential(**options)


def _listed(blobs: ContainerClient, wanted: Wanted, visit: Visit) -> list[str]:
    try:
        names = blobs.list_blob_names(name_starts_with=wanted.prefix or None)
        return chosen(names, wanted, visit)
    except DriftGuardError:
        raise
    except Exception as error:  # noqa: BLE001  # the libraries' families have no common root
        raise failure(error, visit.place) from None


def _fetched(blobs: ContainerClient, before: str, key: str, visit: Visit) -> Found:
    name = f"{before}{key}"
    try:
        # The library asks for the later parts with the first one's etag.
        download = blobs.download_blob(key, decompress=False, max_concurrency=1)
        if download.size > visit.options.max_bytes:
            return too_large(name, visit.options.max_bytes)
        sink = Sink(name, visit)
        for piece in download.chunks():
            sink.write(piece)
        encoding = download.properties.content_settings.content_encoding or ""
        return Fetched(name=name, data=sink.content(encoding))
    except Interrupted:
        raise
    except DeclaredError as error:
        return error
    except Exception as error:  # noqa: BLE001  # as above
        return failure(error, name)
