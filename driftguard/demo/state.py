"""A Terraform state file, written as Terraform writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINEAGE = "5a2f0d0e-6f3b-4c8e-9a51-1d0c7b3e2f60"
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'


@dataclass(kw_only=True)
class State:
    """The resources declared so far; each keeps the attributes it was made with."""

    _resources: list[dict[str, object]] = field(default_factory=list)

    def declare(
        self,
        resource_type: str,
        name: str,
        attributes: Mapping[str, object],
        *,
        module: str = "",
        secret: tuple[str, ...] = (),
    ) -> None:
        """Add one resource instance; ``secret`` names attributes marked as sensitive."""
        marks = [[{"type": "get_attr", "value": one}] for one in secret]
        instance = {
            "schema_version": 1,
            "attributes": dict(attributes),
            "sensitive_attributes": marks,
        }
        resource = {
            "mode": "managed",
            "type": resource_type,
            "name": name,
            "provider": PROVIDER,
            "instances": [instance],
        }
        self._resources.append({**({"module": module} if module else {}), **resource})

    def write(self, path: Path) -> None:
        """Write the file."""
        document = {
            "version": 4,
            "terraform_version": "1.9.8",
            "serial": 7,
            "lineage": LINEAGE,
            "outputs": {},
            "resources": self._resources,
            "check_results": None,
        }
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
