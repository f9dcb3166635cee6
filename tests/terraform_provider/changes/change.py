"""One change by hand: what is done behind Terraform's back, and where it should show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.terraform_provider.aws import Aws

MISSING = "(missing)"
UNMANAGED = "(unmanaged)"
ADMIN = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


class Hands:
    """Somebody with a console: AWS, and the ids of what Terraform made."""

    def __init__(self, endpoint: str, state: Path) -> None:
        self._endpoint = endpoint
        self._attributes: Mapping[str, Any] = {
            f"{prefix}{resource['type']}.{resource['name']}{_key(instance)}": instance["attributes"]
            for resource in json.loads(state.read_text())["resources"]
            for prefix in [f"{resource['module']}." if "module" in resource else ""]
            for instance in resource["instances"]
        }

    def aws(self, region: str = "eu-west-1") -> Aws:
        """Return AWS in a region."""
        return Aws(self._endpoint, region)

    def of(self, address: str, attribute: str = "id") -> Any:
        """Return an attribute of what Terraform made."""
        return self._attributes[address][attribute]


def _key(instance: Mapping[str, Any]) -> str:
    return f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. ``attribute`` is the top-level one that shows it, or a word in brackets."""

    address: str
    attribute: str
    what: str
    make: Callable[[Hands], object]

    @property
    def type(self) -> str:
        """The resource type."""
        return next(one for one in self.address.split(".") if one.startswith("aws_"))


def changed(address: str, attribute: str, what: str, make: Callable[[Hands], object]) -> Change:
    """Make a change of one attribute."""
    return Change(address=address, attribute=attribute, what=what, make=make)


def gone(address: str, make: Callable[[Hands], object]) -> Change:
    """Make a deletion."""
    return Change(address=address, attribute=MISSING, what="deleted", make=make)


def made(type_name: str, make: Callable[[Hands], object]) -> Change:
    """Make a creation that nobody declared."""
    address = f"{type_name}.unmanaged"
    return Change(address=address, attribute=UNMANAGED, what="made by hand", make=make)
