"""What a kind of place is: the interface of ``file.py``, ``s3.py``, ``working_directory.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from driftguard.clock import Clock
from driftguard.errors import DriftGuardError
from driftguard.terraform.process import Limits

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAccess:
    """With what the addresses that begin alike are asked; secrets stay in the environment."""

    address: str
    """How they begin: ``https://gitlab.example/api/v4/``."""
    username: str = ""
    password_variable: str = ""
    """The variable that holds the password of ``username``."""
    token_variable: str = ""
    """The variable that holds a bearer token."""
    header_variables: tuple[tuple[str, str], ...] = ()
    """Names of headers, and the variables that hold their values."""
    ca_file: str = ""
    """Certificates in PEM that are trusted besides the system's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAccess:
    """With whose rights a place is read; empty: those of the environment."""

    profile: str = ""
    """A profile of the AWS configuration files, for ``s3://``."""
    role_arn: str = ""
    """A role to assume for ``s3://``; with ``external_id`` where its trust policy asks for one."""
    external_id: str = ""
    session_name: str = "driftguard"
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    """The credentials handed to terraform, as environment variables, in the place of all
    ambient ones; None: the ambient ones."""
    web: tuple[WebAccess, ...] = ()
    """For places that are read over HTTP; the longest that an address begins with counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOptions:
    """How places are read."""

    max_bytes: int = 256 * MIB
    """Of one state. The largest known to work with Terraform are below 100 MiB."""
    max_states: int = 10_000
    """Below one folder, glob or prefix; more is refused, it is probably the wrong folder."""
    endpoint_url: str = ""
    """Asked in the place of AWS's S3, STS included; empty: AWS, or ``AWS_ENDPOINT_URL``."""
    connect_timeout: float = 5.0
    """Seconds to wait for a connection."""
    read_timeout: float = 60.0
    """Seconds to wait for a server to go on."""
    total_timeout: float = 300.0
    """Seconds for one state of a web server, whatever it does; 256 MiB at 7 Mbit/s."""
    terraform: str = ""
    """The binary for working directories, a name or a path; empty: terraform, else tofu."""
    terraform_limits: Limits = field(default_factory=Limits)
    access: PlaceAccess = PlaceAccess()
    access_by_stack: Mapping[str, PlaceAccess] = field(default_factory=dict)
    """Stack name → its own access, in the place of ``access``."""

    def access_of(self, stack: str) -> PlaceAccess:
        """Return the access for a stack's places."""
        return self.access_by_stack.get(stack, self.access)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One place to read, with all that it takes."""

    place: str
    options: PlaceOptions
    access: PlaceAccess
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The bytes of one state, with the secrets in them; ``name`` says where it lies."""

    name: str
    data: bytes = field(repr=False)
    note: str = ""
    """Something worth a warning, e.g. the workspace that was read."""
    identity: str = field(default="", repr=False)
    """What tells it from others where the name does not tell all; empty: the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something worth a warning that is neither a state nor a failure."""

    text: str


Found: TypeAlias = "Fetched | Remark | DriftGuardError"
"""A state, or why one of several could not be had."""


class Place(Protocol):
    """A kind of place where states lie."""

    def claims(self, place: str) -> bool:
        """Tell whether a place, as the user named it, is of this kind."""

    def states(self, visit: Visit) -> Iterator[Found]:
        """Yield every state that lies there. May raise DriftGuardError for all of them."""
