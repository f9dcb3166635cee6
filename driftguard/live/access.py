"""How an AWS account is reached, as the settings say it. Nothing is opened here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleStep:
    """One role to assume; with ``external_id`` where its trust policy asks for one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    """

    arn: str
    external_id: str = ""
    session_name: str = "driftguard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The way to one account: a profile (or the environment's credentials), then roles in turn.

    ``account`` empty means whichever account the credentials turn out to be of;
    where it is set and AWS says otherwise, the account is unreadable. ``region``
    is where STS is asked and tells the partition of global services; empty: the
    profile's, the environment's, else :attr:`AwsOptions.region`.
    """

    account: str = ""
    profile: str = ""
    roles: tuple[RoleStep, ...] = ()
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsOptions:
    """How AWS is called, whatever the account."""

    endpoint_url: str = ""
    """Asked for every service, STS included, in the place of AWS; empty: AWS, or what
    ``AWS_ENDPOINT_URL`` says."""
    region: str = ""
    """Of STS and of the partition of global services, where the access, its profile and
    the environment name none; empty: that of the scope, else us-east-1."""
    connect_timeout: float = 5.0
    """Seconds to wait for a connection; an endpoint that is there answers in far fewer."""
    read_timeout: float = 30.0
    """Seconds to wait for an answer; the slowest bulk page takes some ten."""
    max_attempts: int = 5
    """Tries per call, the first included; botocore's adaptive mode waits between them."""
    parallel: int = 16
    """Calls at a time, of one collection to one service."""
    calls_per_second: float = 0.0
    """At most this many per account, region and service; 0: what AWS documents."""
    max_pages: int = 10_000
    """Pages of one list, before it counts as endless."""
