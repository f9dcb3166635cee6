"""What a resource type is to this provider: a schema, and how to create and read one object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tests.terraform_provider.aws import Aws
from tests.terraform_provider.schema import Schema
from tests.terraform_provider.wire import Values


class Resource(Protocol):
    """One Terraform type. ``Values`` have no unknowns: those are null."""

    @property
    def name(self) -> str:
        """Terraform's name of the type."""

    @property
    def schema(self) -> Schema:
        """Its attributes and blocks."""

    def create(self, aws: Aws, wanted: Values) -> str:
        """Make the object and return its Terraform id."""

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Return what AWS has, or None where there is no such object.

        What is left out stays as the state has it.
        """


def table(*resources: Resource) -> Mapping[str, Resource]:
    """Return the resources by name."""
    return {one.name: one for one in resources}
