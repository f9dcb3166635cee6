"""The token for a host of HCP Terraform or Terraform Enterprise, as Terraform itself finds it.

``TF_TOKEN_app_terraform_io`` (dots are ``_``, dashes ``__``), then ``TFE_TOKEN`` for the
host in ``TFE_HOSTNAME`` or ``TFE_ADDRESS`` (else app.terraform.io), then what
``terraform login`` wrote to ``~/.terraform.d/credentials.tfrc.json``.
https://developer.hashicorp.com/terraform/cli/config/config-file#credentials
https://registry.terraform.io/providers/hashicorp/tfe/latest/docs#authentication
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from driftguard.declared.web.credentials import checked
from driftguard.errors import DeclaredError

_HCP_HOST = "app.terraform.io"
_MAX_FILE = 1024 * 1024


def token_for(host: str, environment: Mapping[str, str], place: str) -> str:
    """Return the token for a host. Raises DeclaredError where nothing holds one."""
    own = variable_of(host)
    token = environment.get(own, "").strip()
    if not token and _tfe_host(environment) == host:
        token = environment.get("TFE_TOKEN", "").strip()
    if not token:
        token = _logged_in(host, environment)
    if not token:
        raise DeclaredError(
            f"{place} can't be read: there is no token for {host}.",
            hint=f"Set {own}, or run: terraform login {host}",
        )
    return checked(token, f"the token for {host}", place)


def variable_of(host: str) -> str:
    """Return the variable that holds a host's token."""
    name = host.partition(":")[0].replace("-", "__").replace(".", "_")
    return f"TF_TOKEN_{name}"


def _tfe_host(environment: Mapping[str, str]) -> str:
    told = environment.get("TFE_HOSTNAME") or environment.get("TFE_ADDRESS") or _HCP_HOST
    return told.lower().partition("://")[2].rstrip("/") if "://" in told else told.lower()


def _logged_in(host: str, environment: Mapping[str, str]) -> str:
    home = environment.get("HOME", "")
    if not home:
        return ""
    try:
        with (Path(home) / ".terraform.d" / "credentials.tfrc.json").open("rb") as file:
            document = json.loads(file.read(_MAX_FILE))
        token = document["credentials"][host]["token"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return ""
    return token.strip() if isinstance(token, str) else ""
