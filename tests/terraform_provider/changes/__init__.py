"""What is changed by hand behind Terraform's back, one file per family of services."""

from __future__ import annotations

from tests.terraform_provider.changes import compute, identity, network, services, storage
from tests.terraform_provider.changes.change import Change

CHANGES: tuple[Change, ...] = (
    *network.CHANGES,
    *compute.CHANGES,
    *identity.CHANGES,
    *storage.CHANGES,
    *services.CHANGES,
)
"""In the order in which they are made."""
