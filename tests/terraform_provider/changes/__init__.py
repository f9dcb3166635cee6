"""What is changed by hand behind Terraform's back, one file per family of services."""

from __future__ import annotations

from tests.terraform_provider.changes import compute, identity, network, services, storage, styles
from tests.terraform_provider.changes.change import Change

FIRST_WAVE: tuple[Change, ...] = (
    *network.CHANGES,
    *compute.CHANGES,
    *identity.CHANGES,
    *storage.CHANGES,
    *services.CHANGES,
)
"""Of the configuration ``first_wave``, in the order in which they are made."""

STYLES: tuple[Change, ...] = styles.CHANGES
"""Of the configuration ``styles``."""
